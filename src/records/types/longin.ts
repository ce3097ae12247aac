import { Quality, type Slot } from '../../model/index.ts';
import { limits } from '../access/analog.ts';
import { type Columns, Flag } from '../columns.ts';
import { type InputSteps, processInput } from '../engine/input.ts';
import { defined, initInput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

const steps: InputSteps = {
  type: () => 'LONG',
  take(engine, slot, value) {
    // A C cast, as device support does: 32 bits are kept.
    engine.columns.number[slot] = Number(value) | 0;
    defined(engine, slot);
  },
  takeRaw: (engine, slot, raw) => steps.take(engine, slot, raw),
  keep: defined,
  settle: (engine, slot) => settled(engine, slot, settleNumber),
};

export const longin = recordType({
  name: 'longin',
  kind: 'integer',
  access: limits,
  isPlain: true,
  init: (engine, slot) => initInput(engine, slot, steps),
  process: (engine, slot) => processInput(engine, slot, steps),
});

// hot path
/** A 32-bit integer input. */
export function processLongin(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.number[slot] = c.image.number(slot) | 0;
    c.set(slot, Flag.udf, false);
  } else if (!(flags & Flag.input)) c.set(slot, Flag.udf, false);
  settleNumber(c, slot);
}
