import type { InputSteps } from '../engine/input.ts';
import { defined, settled } from '../engine/steps.ts';
import { settleState } from '../settle.ts';

/** The steps of an input of states: bi and mbbi differ in what raw values are which state. */
export function stateInput(takeRaw: InputSteps['takeRaw']): InputSteps {
  return {
    type: () => 'USHORT',
    rawType: 'ULONG',
    take(engine, slot, value) {
      engine.columns.number[slot] = Number(value) & 0xffff;
      defined(engine, slot);
    },
    takeRaw(engine, slot, raw) {
      takeRaw(engine, slot, raw);
      defined(engine, slot);
    },
    keep: defined,
    settle: (engine, slot) => settled(engine, slot, settleState),
  };
}
