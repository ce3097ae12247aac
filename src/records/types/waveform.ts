import { Quality, type Slot } from '../../model/index.ts';
import { row } from '../access/array.ts';
import { capacity, elementType, rowShape, scaledRow, storeRow, takeRow } from '../array.ts';
import { type Columns, Flag } from '../columns.ts';
import { type InputSteps, processInput } from '../engine/input.ts';
import { type OutputSteps, processOutput } from '../engine/output.ts';
import { defined, evaluated, initInput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { settleArray, sourceAlarm } from '../settle.ts';

const steps: InputSteps = {
  type: elementType,
  most: capacity,
  take(engine, slot, value) {
    takeRow(engine.columns, slot, value);
    defined(engine, slot);
  },
  takeRaw({ columns: c }, slot, raw) {
    takeRow(c, slot, ArrayBuffer.isView(raw) ? scaledRow(c, slot, raw) : raw);
  },
  keep: () => {},
  settle(engine, slot) {
    defined(engine, slot);
    settled(engine, slot, settleArray);
  },
};

/** A waveform whose rows go to the plant, which EPICS has other device supports for. */
const setpoint: OutputSteps = {
  type: elementType,
  most: capacity,
  take: ({ columns: c }, slot, value) => takeRow(c, slot, value),
  convert: () => {},
  evaluate: (engine, slot) => evaluated(engine, slot, sourceAlarm),
  value: (c, slot) => c.array[slot] ?? [],
  takeIvov: () => {},
  settle: (engine, slot) => settled(engine, slot, settleArray),
};

export const waveform = recordType({
  name: 'waveform',
  kind: 'array',
  access: row,
  isPlain: true,
  shape: rowShape,
  init: (engine, slot) => initInput(engine, slot, steps),
  process: (engine, slot) =>
    engine.columns.has(slot, Flag.setpoint)
      ? processOutput(engine, slot, setpoint)
      : processInput(engine, slot, steps),
});

/** A row of numbers or texts, in or out. */
export function processWaveform(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    const sent = c.image.value(slot);
    if (typeof sent === 'object') storeRow(c, slot, scaledRow(c, slot, sent));
    c.set(slot, Flag.udf, false);
  } else if (!(flags & (Flag.input | Flag.setpoint))) c.set(slot, Flag.udf, false);
  settleArray(c, slot);
}
