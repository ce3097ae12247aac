import type { Slot } from '../../model/index.ts';
import { capacity, elementType } from '../array.ts';
import type { Columns } from '../columns.ts';
import type { FieldShape } from '../record-type.ts';

/** VAL of a row: elements of FTVL, at most NELM. */
export function rowShape(c: Columns, slot: Slot): FieldShape {
  const type = elementType(c, slot);
  return { type, maxCount: capacity(c, slot), size: type === 'STRING' ? 40 : 0 };
}
