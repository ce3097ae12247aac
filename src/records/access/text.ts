import { utf8Length } from '../text.ts';
import type { Access, AccessTable } from './access.ts';
import { derived } from './cells.ts';

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

/** stringin, stringout and other texts of a fixed size. */
export const shortText: AccessTable = { VAL: value, OVAL: old };
/** lsi, lso and other texts of SIZV bytes. */
export const longText: AccessTable = { ...shortText, LEN: length, OLEN: length };
