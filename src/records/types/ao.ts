import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { analogOutput } from '../access/analog.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { type OutputSteps, processOutput } from '../engine/output.ts';
import { evaluated, initOutput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { saturated32 } from '../numbers.ts';
import { rawOf } from '../raw.ts';
import { breakTableOf, updateLinear } from '../scale.ts';
import { numberAlarm, settleNumber } from '../settle.ts';
import { clamped } from '../store-value.ts';

/** Value of OIF. */
const INCREMENTAL = 1;

const steps: OutputSteps = {
  type: () => 'DOUBLE',
  beforeDol(c, slot) {
    // In closed loop what clients put to VAL does not count.
    c.number[slot] = c.storedNumber(slot, 'PVAL', c.number[slot]);
  },
  take({ columns: c }, slot, value) {
    const isStep = c.storedNumber(slot, 'OIF') === INCREMENTAL;
    c.number[slot] = Number(value) + (isStep ? (c.number[slot] ?? 0) : 0);
    c.set(slot, Flag.udf, Number.isNaN(c.number[slot]));
  },
  convert(engine, slot) {
    convert(engine.columns, slot);
    if (engine.columns.has(slot, Flag.table)) byTable(engine, slot);
  },
  evaluate: (engine, slot) => evaluated(engine, slot, numberAlarm),
  value: (c, slot) => outputOf(c, slot),
  raw: (c, slot) => saturated32(Number(rawOf(c, slot))),
  takeIvov({ columns: c }, slot) {
    c.number[slot] = c.storedNumber(slot, 'IVOV');
  },
  settle: (engine, slot) => settled(engine, slot, settleNumber),
};

export const ao = recordType({
  name: 'ao',
  kind: 'analog',
  access: analogOutput,
  isPlain: true,
  init(engine, slot) {
    updateLinear(engine.columns, slot);
    initOutput(engine, slot, steps);
    const { dol } = ao.common;
    const { columns: c } = engine;
    if (!engine.isConstant(slot, dol)) c.store(slot, 'PVAL', c.number[slot]);
    if (c.storedNumber(slot, 'OROC') !== 0) c.store(slot, 'OVAL', c.number[slot]);
  },
  process: (engine, slot) => processOutput(engine, slot, steps),
  changed: ({ columns }, slot, field) => {
    if (field === 'OROC')
      columns.store(slot, 'OVAL', columns.stored(slot, 'OVAL') ?? columns.number[slot]);
    if (field === 'LINR' || field === 'EGUF' || field === 'EGUL') updateLinear(columns, slot);
  },
});

/** OVAL: VAL, or on the way to it by OROC. */
function outputOf(c: Columns, slot: Slot): number {
  return c.storedNumber(slot, 'OVAL', c.number[slot]);
}

/** Limits VAL by DRVH and DRVL, and moves OVAL towards it by at most OROC. */
function convert(c: Columns, slot: Slot): void {
  const value = Number(clamped(c, slot, c.number[slot] ?? 0));
  c.number[slot] = value;
  if (!c.has(slot, Flag.setpoint)) c.set(slot, Flag.udf, Number.isNaN(value));
  const rate = c.storedNumber(slot, 'OROC');
  const before = c.storedNumber(slot, 'OVAL', c.storedNumber(slot, 'PVAL', value));
  c.store(slot, 'PVAL', value);
  if (rate === 0) c.store(slot, 'OVAL', undefined);
  else c.store(slot, 'OVAL', before + Math.min(Math.max(value - before, -rate), rate));
}

/** Keeps the raw value that a breakpoint table gives, since one that it does not cover changes nothing. */
function byTable(engine: Engine, slot: Slot): void {
  const { columns: c } = engine;
  if (breakTableOf(c, slot)?.coversEngineering(outputOf(c, slot))) {
    c.store(slot, 'RVAL', Number(rawOf(c, slot)));
  } else engine.raise(slot, AlarmStatus.soft, Severity.major);
}

// hot path
/** An analog output of which nobody wants more than its alarm and events. */
export function processAo(c: Columns, slot: Slot, flags: number): void {
  if (!(flags & Flag.setpoint)) c.set(slot, Flag.udf, Number.isNaN(c.number[slot]!));
  settleNumber(c, slot);
}
