import { row } from '../access/array.ts';
import { capacity, elementType } from '../array.ts';
import { type InputSteps, processInput } from '../engine/input.ts';
import { defined, initInput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { rowShape } from '../parts/row-shape.ts';
import { initRow, takeRow } from '../parts/row-value.ts';
import { settleRow } from '../parts/settle-row.ts';

const steps: InputSteps = {
  type: elementType,
  most: capacity,
  take: ({ columns }, slot, value) => takeRow(columns, slot, value),
  takeRaw: ({ columns }, slot, value) => takeRow(columns, slot, value),
  keep: () => {},
  settle(engine, slot) {
    defined(engine, slot);
    settled(engine, slot, settleRow);
  },
};

/** A row of numbers or texts that is read. */
export const aai = recordType({
  name: 'aai',
  kind: 'array',
  access: row,
  shape: rowShape,
  init(engine, slot) {
    initRow(engine.columns, slot);
    initInput(engine, slot, steps);
  },
  process: (engine, slot) => processInput(engine, slot, steps),
});
