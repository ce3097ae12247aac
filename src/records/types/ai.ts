import { AlarmStatus, Quality, Severity, type Slot } from '../../model/index.ts';
import { analogInput } from '../access/analog.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { type InputSteps, processInput } from '../engine/input.ts';
import { initInput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { toInt32 } from '../numbers.ts';
import { breakTableName, breakTableOf, updateLinear } from '../scale.ts';
import { settleNumber } from '../settle.ts';

const steps: InputSteps = {
  type: () => 'DOUBLE',
  rawType: 'LONG',
  take({ columns: c }, slot, value) {
    set(c, slot, Number(value));
  },
  takeRaw(engine, slot, raw) {
    const { columns: c } = engine;
    if (!c.has(slot, Flag.mapped)) c.store(slot, 'RVAL', toInt32(Number(raw)));
    const scaled = Number(raw) * (c.gain[slot] ?? 1) + (c.offset[slot] ?? 0);
    set(c, slot, c.has(slot, Flag.table) ? byTable(engine, slot, scaled) : scaled);
  },
  keep: ({ columns: c }, slot) => c.set(slot, Flag.udf, Number.isNaN(c.number[slot])),
  settle: (engine, slot) => settled(engine, slot, settleNumber),
};

export const ai = recordType({
  name: 'ai',
  kind: 'analog',
  access: analogInput,
  isPlain: true,
  init(engine, slot) {
    updateLinear(engine.columns, slot);
    initInput(engine, slot, steps);
  },
  process: (engine, slot) => processInput(engine, slot, steps),
  changed: ({ columns }, slot, field) => {
    if (field === 'LINR' || field === 'EGUF' || field === 'EGUL') updateLinear(columns, slot);
  },
});

/** By the breakpoint table that LINR names; what it does not cover is SOFT/MAJOR, as in EPICS. */
function byTable(engine: Engine, slot: Slot, raw: number): number {
  const table = breakTableOf(engine.columns, slot);
  if (!table?.coversRaw(raw)) {
    const name = breakTableName(engine.columns, slot);
    const text = table ? `beyond breaktable ${name}` : `no breaktable ${name}`;
    engine.raise(slot, AlarmStatus.soft, Severity.major, text);
  }
  return table?.engineering(raw) ?? raw;
}

/** Makes a value VAL, smoothed by SMOO with the one before unless there was none. */
function set(c: Columns, slot: Slot, value: number): void {
  const smoo = c.storedNumber(slot, 'SMOO');
  const before = c.number[slot] ?? 0;
  const isSmoothed = smoo !== 0 && !c.has(slot, Flag.udf) && Number.isFinite(before);
  const now = isSmoothed ? value * (1 - smoo) + before * smoo : value;
  c.number[slot] = now;
  c.set(slot, Flag.udf, Number.isNaN(now));
}

// hot path
/** An analog input: raw counts become engineering units, limits are watched. */
export function processAi(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    const value = c.image.number(slot) * c.gain[slot]! + c.offset[slot]!;
    c.number[slot] = value;
    c.set(slot, Flag.udf, Number.isNaN(value));
  } else if (!(flags & Flag.input)) c.set(slot, Flag.udf, Number.isNaN(c.number[slot]!));
  settleNumber(c, slot);
}
