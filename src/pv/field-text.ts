import { elementText } from '../records/index.ts';
import type { ReadableField } from './types.ts';

/** An element of a field's value as text: what DBR_STRING carries (facts/ca.md section 5.1). */
export function fieldText(field: ReadableField, element: number | bigint | string): string {
  return elementText(field, element);
}
