import type { Slot } from '../../model/index.ts';
import type { Access } from '../access/access.ts';
import { limits } from '../access/analog.ts';
import { type Columns, Flag } from '../columns.ts';
import { type OutputSteps, processOutput } from '../engine/output.ts';
import { isDue } from '../engine/output-option.ts';
import { defined, evaluated, initOutput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { numberAlarm, settleNumber } from '../settle.ts';
import { clamped } from '../store-value.ts';

/** A field that tells that the next value goes out whatever OOPT says. */
const FRESH = 'OUTPVT';

const steps: OutputSteps = {
  type: () => 'LONG',
  take(engine, slot, value) {
    engine.columns.number[slot] = Number(value) | 0;
    defined(engine, slot);
  },
  convert({ columns: c }, slot) {
    c.number[slot] = Number(clamped(c, slot, c.number[slot] ?? 0));
  },
  evaluate: (engine, slot) => evaluated(engine, slot, numberAlarm),
  isDue({ columns: c }, slot) {
    const value = c.number[slot] ?? 0;
    const before = c.storedNumber(slot, 'PVAL');
    const isFirst = c.storedNumber(slot, FRESH, 1) === 1;
    c.store(slot, 'PVAL', value);
    c.store(slot, FRESH, 0);
    return isDue(c.storedNumber(slot, 'OOPT'), value, before, isFirst);
  },
  value: (c, slot) => c.number[slot] ?? 0,
  takeIvov({ columns: c }, slot) {
    c.number[slot] = c.storedNumber(slot, 'IVOV');
  },
  settle: (engine, slot) => settled(engine, slot, settleNumber),
};

/** VAL of the last processing, which the loop of plain records does not store. */
const previous: Access = {
  read(c, slot) {
    const kept = c.has(slot, Flag.ruled) ? c.stored(slot, 'PVAL') : undefined;
    return kept ?? (c.has(slot, Flag.udf) ? 0 : (c.number[slot] ?? 0));
  },
  write: (c, slot, value) => c.store(slot, 'PVAL', value),
};

export const longout = recordType({
  name: 'longout',
  kind: 'integer',
  access: { ...limits, PVAL: previous },
  isPlain: true,
  init(engine, slot) {
    initOutput(engine, slot, steps);
    const { columns: c } = engine;
    if (c.storedNumber(slot, 'OOPT') !== 0) c.store(slot, 'PVAL', c.number[slot]);
  },
  process: (engine, slot) => processOutput(engine, slot, steps),
  changed({ columns: c }, slot, field) {
    // OOCH: another OUT gets the value even if it is the old one.
    if (field === 'OUT' && c.storedNumber(slot, 'OOCH', 1) === 1) c.store(slot, FRESH, 1);
  },
});

// hot path
/** A 32-bit integer output of which nobody wants more than its alarm and events. */
export function processLongout(c: Columns, slot: Slot): void {
  settleNumber(c, slot);
}
