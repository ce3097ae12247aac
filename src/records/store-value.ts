import { type Row, storeRow } from './array.ts';
import { type Columns, type FieldValue, Flag } from './columns.ts';
import type { RecordField } from './record-field.ts';

/** Puts a converted value in VAL: clamped to DRVL … DRVH, and no longer undefined. */
export function storeValue(c: Columns, field: RecordField, value: FieldValue | Row): void {
  const { slot, definition, record } = field;
  if (typeof value === 'object') storeRow(c, slot, value);
  else
    definition.access.write(c, slot, record.fields.has('DRVH') ? clamped(c, slot, value) : value);
  // Of NaN, too, as in EPICS: processing looks at what the value is, but for a plant's setpoint.
  c.set(slot, Flag.udf, c.has(slot, Flag.setpoint) && Number.isNaN(c.number[slot]));
}

/** A number within DRVL … DRVH, when that is a range. */
export function clamped<T extends FieldValue>(c: Columns, slot: number, value: T): T | number {
  const high = c.drvh[slot] ?? 0;
  const low = c.drvl[slot] ?? 0;
  if (!(high > low)) return value;
  if (Number(value) > high) return high;
  return Number(value) < low ? low : value;
}
