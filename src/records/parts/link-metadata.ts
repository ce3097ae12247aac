import type { Slot } from '../../model/index.ts';
import type { Columns } from '../columns.ts';
import type { Metadata } from '../metadata.ts';

/** What a field that a link fills tells: what the field tells that the link leads to. */
export function linkMetadata(c: Columns, slot: Slot, at: number): Partial<Metadata> {
  const { units, precision, display, alarm } = c.links[slot]?.[at]?.metadata() ?? {};
  return {
    units: units ?? '',
    precision: precision ?? c.storedNumber(slot, 'PREC'),
    display: display ?? { low: 0, high: 0 },
    ...(alarm === undefined ? {} : { alarm }),
  };
}
