import type { Slot } from '../../model/index.ts';
import type { LinkRule } from '../algorithms/link-selection.ts';
import type { Columns } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';

/** SELN of fanout, dfanout and seq before anything sets it. */
const FIRST = 1;

export function selectedNumber(c: Columns, slot: Slot): number {
  return c.storedNumber(slot, 'SELN', FIRST);
}

/** What a constant SELL, the link at `sell`, says. */
export function initSelection(engine: Engine, slot: Slot, sell: number): void {
  const number = engine.initial(slot, sell, 'USHORT');
  if (number !== undefined) storeNumber(engine.columns, slot, Number(number));
}

/** Takes SELN from SELL; one that fails leaves it as it is. */
export function readSelection(engine: Engine, slot: Slot, sell: number): void {
  const number = engine.value(slot, sell, 'USHORT');
  if (typeof number === 'number') storeNumber(engine.columns, slot, number);
}

/** SELM, SELN, OFFS and SHFT. */
export function linkRule(c: Columns, slot: Slot): LinkRule {
  return {
    choice: c.storedNumber(slot, 'SELM'),
    number: selectedNumber(c, slot),
    offset: c.storedNumber(slot, 'OFFS'),
    shift: c.storedNumber(slot, 'SHFT', -1),
  };
}

function storeNumber(c: Columns, slot: Slot, number: number): void {
  c.store(slot, 'SELN', number === FIRST ? undefined : number);
}
