import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { manyStateOutput } from '../access/state.ts';
import { type Columns, Flag } from '../columns.ts';
import { type OutputSteps, processOutput } from '../engine/output.ts';
import { defined, evaluated, initOutput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { maskFromBits, rawOf } from '../raw.ts';
import { settleState, stateAlarm } from '../settle.ts';

const MOST_STATES = 16;

const steps: OutputSteps = {
  type: () => 'USHORT',
  take(engine, slot, value) {
    engine.columns.number[slot] = Number(value) & 0xffff;
    defined(engine, slot);
  },
  convert(engine, slot) {
    const { columns: c } = engine;
    if (c.has(slot, Flag.udf)) return;
    const isUnknown = c.states[slot]?.defined && (c.number[slot] ?? 0) >= MOST_STATES;
    if (isUnknown) engine.raise(slot, AlarmStatus.soft, Severity.invalid);
  },
  evaluate: (engine, slot) => evaluated(engine, slot, stateAlarm),
  value: (c, slot) => c.number[slot] ?? 0,
  raw: (c, slot) => Number(rawOf(c, slot)),
  takeIvov({ columns: c }, slot) {
    c.number[slot] = c.storedNumber(slot, 'IVOV');
  },
  settle: (engine, slot) => settled(engine, slot, settleState),
};

export const mbbo = recordType({
  name: 'mbbo',
  kind: 'state',
  access: manyStateOutput,
  isPlain: true,
  // Without states mbbo is a plain number (facts/ca.md section 11, SDEF).
  shape: (c, slot) =>
    c.states[slot]?.defined ? undefined : { type: 'USHORT', maxCount: 1, size: 0 },
  init(engine, slot) {
    maskFromBits(engine.columns, slot);
    initOutput(engine, slot, steps);
  },
  process: (engine, slot) => processOutput(engine, slot, steps),
});

// hot path
/** An output of up to sixteen states of which nobody wants more than its alarm and events. */
export function processMbbo(c: Columns, slot: Slot): void {
  settleState(c, slot);
}
