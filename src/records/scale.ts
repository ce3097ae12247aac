import type { Slot } from '../model/index.ts';
import type { Columns } from './columns.ts';

/** LINR: SLOPE and LINEAR both apply ESLO and EOFF. */
const noConversion = 0;

/**
 * Gain and offset of an ai or ao from ROFF, ASLO, AOFF and, with LINR, ESLO and EOFF:
 * ((raw + ROFF) × ASLO + AOFF) × ESLO + EOFF. An ASLO of 0 counts as 1.
 */
export function updateScale(c: Columns, slot: Slot): void {
  const isLinear = c.storedNumber(slot, 'LINR') !== noConversion;
  const aslo = c.storedNumber(slot, 'ASLO', 1) || 1;
  const aoff = c.storedNumber(slot, 'AOFF');
  const eslo = isLinear ? c.storedNumber(slot, 'ESLO', 1) : 1;
  const eoff = isLinear ? c.storedNumber(slot, 'EOFF') : 0;
  c.gain[slot] = aslo * eslo;
  c.offset[slot] = (c.storedNumber(slot, 'ROFF') * aslo + aoff) * eslo + eoff;
}
