import type { Slot } from '../../model/index.ts';
import type { Columns, FieldValue } from '../columns.ts';
import type { PvValue } from '../put.ts';
import type { RecordTypeName, ValueKind } from '../record-type.ts';
import { analogAccess } from './analog.ts';
import { arrayAccess } from './array.ts';
import { commonAccess } from './common.ts';
import { stateAccess } from './state.ts';
import { textAccess } from './text.ts';

/** Where a field lies. `write` takes a value that has the field's type; rows only for arrays. */
export interface Access {
  read(c: Columns, slot: Slot): PvValue;
  write(c: Columns, slot: Slot, value: FieldValue): void;
}

/** Access to the fields of a record type that are not plainly stored. */
export type AccessTable = Readonly<Record<string, Access>>;

const kinds: Readonly<Record<ValueKind, (record: RecordTypeName) => AccessTable>> = {
  analog: analogAccess,
  integer: analogAccess,
  wide: analogAccess,
  state: stateAccess,
  text: textAccess,
  array: arrayAccess,
};

/** Where the field of a record type lies; undefined for one that is stored as it is. */
export function specialAccess(
  kind: ValueKind,
  record: RecordTypeName,
  field: string,
): Access | undefined {
  return kinds[kind](record)[field] ?? commonAccess(record)[field];
}
