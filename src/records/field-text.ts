import type { Columns } from './columns.ts';
import type { FieldType } from './field-type.ts';
import { formatDouble, formatFloat } from './format.ts';
import { metadataOf } from './metadata.ts';
import type { RecordField } from './record-field.ts';
import type { RecordTypeName } from './record-type.ts';
import { recordTypes } from './registry.ts';

/** What turning an element of a field into text needs to know of the field. */
export interface TextSource {
  readonly recordType: string;
  /** Field name. */
  readonly field: string;
  readonly type: FieldType;
  metadata(): { readonly precision: number; readonly labels: readonly string[] };
}

/** An element of a field's value as text: what DBR_STRING carries (facts/ca.md section 5.1). */
export function elementText(source: TextSource, element: number | bigint | string): string {
  if (typeof element !== 'number') return String(element);
  switch (source.type) {
    case 'DOUBLE':
      return formatDouble(element, precisionOf(source));
    case 'FLOAT':
      return formatFloat(element, precisionOf(source));
    case 'MENU':
      return source.metadata().labels[element] ?? String(element);
    case 'DEVICE':
      return source.metadata().labels[element] ?? '';
    case 'ENUM':
      return stateText(source, element);
    case 'INT64':
    case 'UINT64':
      return Number.isInteger(element) ? String(BigInt(element)) : String(element);
    default:
      return String(element);
  }
}

/** As `elementText`, of a field of a record. */
export function fieldText(c: Columns, field: RecordField, element: number | bigint | string) {
  const source = {
    recordType: field.record.name,
    field: field.definition.name,
    type: field.type,
    metadata: () => metadataOf(c, field),
  };
  return elementText(source, element);
}

/** Record types that say how many digits their doubles have; the others' have six. */
function precisionOf(source: TextSource): number {
  const type = recordTypes[source.recordType as RecordTypeName];
  // Of a bo only HIGH has digits of its own.
  const isHigh = source.recordType === 'bo' && source.field === 'HIGH';
  const hasPrecision = type?.fields.has('PREC') || isHigh;
  return hasPrecision ? source.metadata().precision : 6;
}

/** A state that has no name is empty; one that cannot be is said to be illegal. */
function stateText(source: TextSource, state: number): string {
  const isMany = source.recordType.startsWith('mbb');
  const illegal = isMany ? 'Illegal Value' : 'Illegal_Value';
  if (source.field !== 'VAL') return illegal;
  return state > (isMany ? 15 : 1) ? illegal : (source.metadata().labels[state] ?? '');
}
