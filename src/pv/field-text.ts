import { formatDouble, formatFloat } from '../records/index.ts';
import type { ReadableField } from './types.ts';

/** Record types that say how many digits their doubles have; the others' have six. */
const withPrecision = new Set(['ai', 'ao', 'waveform', 'bo']);

/** An element of a field's value as text: what DBR_STRING carries (facts/ca.md section 5.1). */
export function fieldText(field: ReadableField, element: number | bigint | string): string {
  if (typeof element !== 'number') return String(element);
  switch (field.type) {
    case 'DOUBLE':
      return formatDouble(element, precisionOf(field));
    case 'FLOAT':
      return formatFloat(element, precisionOf(field));
    case 'MENU':
      return field.metadata().labels[element] ?? String(element);
    case 'DEVICE':
      return field.metadata().labels[element] ?? '';
    case 'ENUM':
      return stateText(field, element);
    default:
      return String(element);
  }
}

function precisionOf(field: ReadableField): number {
  return withPrecision.has(field.recordType) ? field.metadata().precision : 6;
}

/** A state that has no name is empty; one that cannot be is said to be illegal. */
function stateText(field: ReadableField, state: number): string {
  const isMany = field.recordType.startsWith('mbb');
  const illegal = isMany ? 'Illegal Value' : 'Illegal_Value';
  if (field.field !== 'VAL') return illegal;
  return state > (isMany ? 15 : 1) ? illegal : (field.metadata().labels[state] ?? '');
}
