import type { Slot } from '../model/index.ts';
import type { BreakTable } from './break-table.ts';
import { type Columns, Flag } from './columns.ts';
import { menus } from './menus.ts';

/** Values of LINR; SLOPE and LINEAR both apply ESLO and EOFF, those behind name breakpoint tables. */
const Linr = { none: 0, slope: 1, linear: 2 } as const;

/**
 * Gain and offset of an ai or ao from ROFF, ASLO, AOFF and, with LINR, ESLO and EOFF:
 * ((raw + ROFF) × ASLO + AOFF) × ESLO + EOFF. An ASLO of 0 counts as 1.
 */
export function updateScale(c: Columns, slot: Slot): void {
  const linr = c.storedNumber(slot, 'LINR');
  const isLinear = linr === Linr.slope || linr === Linr.linear;
  c.set(slot, Flag.table, linr > Linr.linear);
  const aslo = c.storedNumber(slot, 'ASLO', 1) || 1;
  const aoff = c.storedNumber(slot, 'AOFF');
  const eslo = isLinear ? c.storedNumber(slot, 'ESLO', 1) : 1;
  const eoff = isLinear ? c.storedNumber(slot, 'EOFF') : 0;
  c.gain[slot] = aslo * eslo;
  c.offset[slot] = (c.storedNumber(slot, 'ROFF') * aslo + aoff) * eslo + eoff;
}

/**
 * LINR LINEAR: makes ESLO and EOFF of EGUF and EGUL, the values at the ends of the plant's integer.
 * Where there is no plant EGUL is the offset, unless there is one or a slope, as in EPICS.
 */
export function updateLinear(c: Columns, slot: Slot): void {
  const linr = c.storedNumber(slot, 'LINR');
  const egul = c.storedNumber(slot, 'EGUL');
  const span = c.storedNumber(slot, 'EGUF') - egul;
  const datatype = c.datatype[slot];
  if (linr === Linr.linear && datatype?.kind === 'int' && span !== 0) {
    const { bits, signed } = datatype;
    const eslo = span / (2 ** bits - 1);
    c.store(slot, 'ESLO', eslo);
    c.store(slot, 'EOFF', egul + (signed ? 2 ** (bits - 1) * eslo : 0));
  } else if (linr !== Linr.slope && egul !== 0 && isUnscaled(c, slot)) {
    c.store(slot, 'EOFF', egul);
  }
  updateScale(c, slot);
}

/** The breakpoint table that LINR names, if a database has brought it. */
export function breakTableOf(c: Columns, slot: Slot): BreakTable | undefined {
  return c.breakTables.get(breakTableName(c, slot));
}

export function breakTableName(c: Columns, slot: Slot): string {
  return menus['menuConvert']?.[c.storedNumber(slot, 'LINR')] ?? '';
}

function isUnscaled(c: Columns, slot: Slot): boolean {
  return c.storedNumber(slot, 'ESLO', 1) === 1 && c.storedNumber(slot, 'EOFF') === 0;
}
