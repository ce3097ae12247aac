import type { Slot } from '../../model/index.ts';
import type { Columns, FieldValue } from '../columns.ts';
import type { PvValue } from '../put.ts';

/** Where a field lies. `write` takes a value that has the field's type; rows only for arrays. */
export interface Access {
  read(c: Columns, slot: Slot): PvValue;
  write(c: Columns, slot: Slot, value: FieldValue): void;
}

/** Access to the fields of a record type that are not plainly stored. */
export type AccessTable = Readonly<Record<string, Access>>;
