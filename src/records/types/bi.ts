import { Quality, type Slot } from '../../model/index.ts';
import { twoStateInput } from '../access/state.ts';
import { type Columns, Flag } from '../columns.ts';
import { processInput } from '../engine/input.ts';
import { initInput } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { stateInput } from '../parts/state-steps.ts';
import { storeRaw } from '../raw.ts';
import { settleState } from '../settle.ts';

const steps = stateInput(({ columns: c }, slot, raw) => {
  c.number[slot] = storeRaw(c, slot, raw) === 0 ? 0 : 1;
});

export const bi = recordType({
  name: 'bi',
  kind: 'state',
  access: twoStateInput,
  isPlain: true,
  init: (engine, slot) => initInput(engine, slot, steps),
  process: (engine, slot) => processInput(engine, slot, steps),
});

// hot path
/** A two-state input. */
export function processBi(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.number[slot] = c.image.number(slot) === 0 ? 0 : 1;
    c.set(slot, Flag.udf, false);
  } else if (!(flags & Flag.input)) c.set(slot, Flag.udf, false);
  settleState(c, slot);
}
