import type { PvField } from '../pv/index.ts';
import { Base } from './dbr.ts';

const encoder = new TextEncoder();

/** Writes at most `capacity` bytes of UTF-8, whole characters only; the rest is left as it is. */
export function writeText(bytes: Uint8Array, at: number, capacity: number, text: string): void {
  encoder.encodeInto(text, bytes.subarray(at, at + capacity));
}

/** One element of a field as DBR_STRING text (facts/ca.md section 5.1). */
export function textOf(field: PvField, element: number | bigint | string): string {
  if (typeof element === 'string') return element;
  if (typeof element === 'bigint') return element.toString();
  switch (field.type) {
    case 'DOUBLE':
    case 'FLOAT':
      return element.toFixed(field.metadata().precision);
    case 'ENUM':
      return field.metadata().labels[element] ?? illegalValue(field.recordType);
    case 'MENU':
      return field.metadata().labels[element] ?? String(element);
    case 'DEVICE':
      return field.metadata().labels[element] ?? '';
    default:
      return String(element);
  }
}

/** The number a text reads as for a numeric type; undefined when it is none (section 6.1). */
export function numberOf(text: string, base: Base): number | undefined {
  const trimmed = text.trimStart();
  if (trimmed === '') return 0;
  const number =
    base === Base.double || base === Base.float
      ? Number.parseFloat(trimmed)
      : Number.parseInt(trimmed, 10);
  return Number.isNaN(number) ? undefined : number;
}

/** What bi and bo say of a state they do not have, and what mbbi and mbbo say. */
function illegalValue(recordType: string): string {
  return recordType.startsWith('mbb') ? 'Illegal Value' : 'Illegal_Value';
}
