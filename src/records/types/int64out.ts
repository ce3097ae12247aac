import type { Slot } from '../../model/index.ts';
import { wideLimits } from '../access/analog.ts';
import type { Columns } from '../columns.ts';
import { type OutputSteps, processOutput } from '../engine/output.ts';
import { defined, evaluated, initOutput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { settleWide, wideAlarm } from '../settle-wide.ts';
import { clamped } from '../store-value.ts';
import { readWide, storeWide } from '../wide.ts';

const steps: OutputSteps = {
  type: () => 'INT64',
  take(engine, slot, value) {
    storeWide(engine.columns, slot, value as bigint);
    defined(engine, slot);
  },
  convert({ columns: c }, slot) {
    const value = readWide(c, slot);
    const limited = clamped(c, slot, value);
    if (limited !== value) storeWide(c, slot, limited);
  },
  evaluate: (engine, slot) => evaluated(engine, slot, wideAlarm),
  value: readWide,
  takeIvov({ columns: c }, slot) {
    storeWide(c, slot, (c.stored(slot, 'IVOV') as bigint | undefined) ?? 0);
  },
  settle: (engine, slot) => settled(engine, slot, settleWide),
};

export const int64out = recordType({
  name: 'int64out',
  kind: 'wide',
  access: wideLimits,
  isPlain: true,
  init: (engine, slot) => initOutput(engine, slot, steps),
  process: (engine, slot) => processOutput(engine, slot, steps),
});

// hot path
/** A 64-bit integer output of which nobody wants more than its alarm and events. */
export function processInt64out(c: Columns, slot: Slot): void {
  settleWide(c, slot);
}
