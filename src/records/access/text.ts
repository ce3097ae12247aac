import type { RecordTypeName } from '../record-type.ts';
import { utf8Length } from '../text.ts';
import type { Access, AccessTable } from './access.ts';
import { derived } from './cells.ts';

/** Fields of stringin, stringout, lsi and lso. */
export function textAccess(record: RecordTypeName): AccessTable {
  return record.startsWith('string') ? short : long;
}

const value: Access = {
  read: (c, slot) => c.text[slot] ?? '',
  write: (c, slot, text) => {
    c.text[slot] = String(text);
  },
};

/** After processing, the old value is the value. */
const old = derived(value.read);

/** Length with the NUL; 0 while there was never a value. */
const length = derived((c, slot) => {
  const text = c.text[slot];
  return text === undefined ? 0 : utf8Length(text) + 1;
});

const short: AccessTable = { VAL: value, OVAL: old };
const long: AccessTable = { ...short, LEN: length, OLEN: length };
