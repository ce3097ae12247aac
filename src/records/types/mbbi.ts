import { Quality, type Slot } from '../../model/index.ts';
import { manyStateInput } from '../access/state.ts';
import { type Columns, Flag } from '../columns.ts';
import { processInput } from '../engine/input.ts';
import { initInput } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { stateInput } from '../parts/state-steps.ts';
import { maskFromBits, storeRaw } from '../raw.ts';
import { settleState } from '../settle.ts';
import { stateOf } from '../states.ts';

const steps = stateInput(({ columns: c }, slot, raw) => {
  const states = c.states[slot];
  const shifted = storeRaw(c, slot, raw) >>> c.storedNumber(slot, 'SHFT');
  if (states) c.number[slot] = stateOf(states, shifted);
});

export const mbbi = recordType({
  name: 'mbbi',
  kind: 'state',
  access: manyStateInput,
  isPlain: true,
  init(engine, slot) {
    maskFromBits(engine.columns, slot);
    initInput(engine, slot, steps);
  },
  process: (engine, slot) => processInput(engine, slot, steps),
});

// hot path
/** An input of up to sixteen states, found by raw value. */
export function processMbbi(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.number[slot] = stateOf(c.states[slot]!, c.image.number(slot));
    c.set(slot, Flag.udf, false);
  } else if (!(flags & Flag.input)) c.set(slot, Flag.udf, false);
  settleState(c, slot);
}
