import { row } from '../access/array.ts';
import { capacity, elementType, emptyRow, rowShape, takeRow } from '../array.ts';
import { type InputSteps, processInput } from '../engine/input.ts';
import { defined, initInput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { settleArray } from '../settle.ts';

const steps: InputSteps = {
  type: elementType,
  most: capacity,
  take(engine, slot, value) {
    takeRow(engine.columns, slot, value);
    defined(engine, slot);
  },
  takeRaw: (engine, slot, value) => steps.take(engine, slot, value),
  keep: () => {},
  settle(engine, slot) {
    defined(engine, slot);
    settled(engine, slot, settleArray);
  },
};

/** A row of numbers or texts that is read. */
export const aai = recordType({
  name: 'aai',
  kind: 'array',
  access: row,
  shape: rowShape,
  init(engine, slot) {
    const { columns: c } = engine;
    // Unlike a waveform, an aai of one element has it from the beginning.
    c.array[slot] ??= emptyRow(elementType(c, slot), capacity(c, slot) === 1 ? 1 : 0);
    initInput(engine, slot, steps);
  },
  process: (engine, slot) => processInput(engine, slot, steps),
});
