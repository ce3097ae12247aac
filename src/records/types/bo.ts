import type { Slot } from '../../model/index.ts';
import { twoStateOutput } from '../access/state.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { type OutputSteps, processOutput } from '../engine/output.ts';
import { defined, evaluated, initOutput, markPosted, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { rawOf } from '../raw.ts';
import { settleState, stateAlarm } from '../settle.ts';

const steps: OutputSteps = {
  type: () => 'USHORT',
  take(engine, slot, value) {
    engine.columns.number[slot] = Number(value) & 0xffff;
    defined(engine, slot);
  },
  convert: () => {},
  evaluate: (engine, slot) => evaluated(engine, slot, stateAlarm),
  value: (c, slot) => c.number[slot] ?? 0,
  raw: (c, slot) => Number(rawOf(c, slot)),
  takeIvov({ columns: c }, slot) {
    c.number[slot] = c.storedNumber(slot, 'IVOV');
  },
  settle(engine, slot) {
    if (engine.columns.number[slot] === 1) fallLater(engine, slot);
    settled(engine, slot, settleState);
  },
};

export const bo = recordType({
  name: 'bo',
  kind: 'state',
  access: twoStateOutput,
  isPlain: true,
  init(engine, slot) {
    initOutput(engine, slot, steps);
    const { columns: c } = engine;
    // A constant DOL is any number; the value is a state.
    if (engine.initial(slot, bo.common.dol, 'USHORT') !== undefined && c.number[slot] !== 0) {
      c.number[slot] = 1;
      markPosted(c, slot);
    }
  },
  process: (engine, slot) => processOutput(engine, slot, steps),
});

/** HIGH: a momentary output goes back to 0 after so many seconds, a later 1 begins anew. */
function fallLater(engine: Engine, slot: Slot): void {
  const { columns: c, timers } = engine;
  const high = c.storedNumber(slot, 'HIGH');
  if (!(high > 0)) return;
  (c.own[slot] as Disposable | undefined)?.[Symbol.dispose]();
  c.own[slot] = timers.after(high * 1000, () => {
    c.own[slot] = undefined;
    if (c.has(slot, Flag.pact)) {
      if (c.number[slot] === 1) fallLater(engine, slot);
      return;
    }
    c.number[slot] = 0;
    engine.process(slot);
  });
}

// hot path
/** A two-state output of which nobody wants more than its alarm and events. */
export function processBo(c: Columns, slot: Slot): void {
  settleState(c, slot);
}
