import { row } from '../access/array.ts';
import { capacity, elementType, emptyRow, rowShape, takeRow } from '../array.ts';
import { type OutputSteps, processOutput } from '../engine/output.ts';
import { defined, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { settleArray } from '../settle.ts';

const CLOSED_LOOP = 1;

const steps: OutputSteps = {
  type: elementType,
  most: capacity,
  take: ({ columns }, slot, value) => takeRow(columns, slot, value),
  convert: defined,
  evaluate: () => {},
  takeIvov: () => {},
  value: (c, slot) => c.array[slot] ?? [],
  settle: (engine, slot) => settled(engine, slot, settleArray),
};

/** A row of numbers or texts that is written. */
export const aao = recordType({
  name: 'aao',
  kind: 'array',
  access: row,
  shape: rowShape,
  init(engine, slot) {
    const { columns: c } = engine;
    engine.simulation.init(slot);
    c.array[slot] ??= emptyRow(elementType(c, slot), 0);
    // Unlike other outputs, a constant DOL counts in closed loop only.
    if (c.storedNumber(slot, 'OMSL') !== CLOSED_LOOP) return;
    const value = engine.initial(slot, aao.common.dol, elementType(c, slot), capacity(c, slot));
    if (value === undefined) return;
    takeRow(c, slot, value);
    defined(engine, slot);
  },
  process: (engine, slot) => processOutput(engine, slot, steps),
});
