import { asRow, convertRow, type ElementType } from '../array.ts';
import type { Columns } from '../columns.ts';
import { fieldText } from '../field-text.ts';
import type { FieldType } from '../field-type.ts';
import { castNumber } from '../numbers.ts';
import { parseDouble, parseNumber } from '../parse.ts';
import type { PvValue } from '../put.ts';
import type { RecordField } from '../record-field.ts';
import type { Given } from './link.ts';

/** A value as a number: of a row its first, of a text what it begins with; null when it has none. */
export function asNumber(value: PvValue | undefined): number | null {
  const scalar = typeof value === 'object' ? value[0] : value;
  if (typeof scalar !== 'string') return scalar === undefined ? null : Number(scalar);
  if (scalar === '') return 0;
  const number = parseDouble(scalar);
  return typeof number === 'number' ? number : null;
}

/** A field's value as a scalar of a type, or as a row of it; null when it cannot be one. */
export function fieldAs(
  c: Columns,
  field: RecordField,
  value: PvValue,
  type: FieldType,
  most: number,
): Given<PvValue> {
  const text = (element: number | bigint | string) => fieldText(c, field, element);
  return valueAs(value, type, most, text);
}

/** A value as a scalar of a type, or as a row of it; `text` says how elements are written. */
export function valueAs(
  value: PvValue,
  type: FieldType,
  most: number,
  text: (element: number | bigint | string) => string,
): Given<PvValue> {
  if (most > 1) return rowAs(value, type, most, text);
  const scalar = typeof value === 'object' ? value[0] : value;
  if (scalar === undefined) return null;
  if (type === 'STRING') return text(scalar);
  const numeric = type === 'ENUM' || type === 'MENU' || type === 'DEVICE' ? 'USHORT' : type;
  if (typeof scalar !== 'string') return castNumber(numeric, scalar);
  const parsed = parseNumber(numeric, scalar);
  return typeof parsed === 'object' ? null : parsed;
}

function rowAs(
  value: PvValue,
  type: FieldType,
  most: number,
  text: (element: number | bigint | string) => string,
): Given<PvValue> {
  const row = asRow(value);
  const converted =
    type === 'STRING'
      ? convertRow('STRING', Array.from(row, text), most)
      : convertRow(type as ElementType, row, most);
  return 'error' in converted ? null : converted.row;
}
