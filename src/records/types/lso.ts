import type { Slot } from '../../model/index.ts';
import { longText } from '../access/text.ts';
import type { Columns } from '../columns.ts';
import { type OutputSteps, processOutput } from '../engine/output.ts';
import { defined, evaluated, initOutput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { boundSize, longShape, sizeOfText } from '../long-text.ts';
import { settleText, sourceAlarm } from '../settle.ts';
import { cutText } from '../text.ts';

const steps: OutputSteps = {
  type: () => 'STRING',
  isLongText: true,
  take(engine, slot, value) {
    const { columns: c } = engine;
    c.text[slot] = cutText(String(value), sizeOfText(c, slot) - 1);
    defined(engine, slot);
  },
  convert: () => {},
  evaluate: (engine, slot) => evaluated(engine, slot, sourceAlarm),
  value: (c, slot) => c.text[slot] ?? '',
  takeIvov({ columns: c }, slot) {
    c.text[slot] = String(c.stored(slot, 'IVOV') ?? '');
  },
  settle: (engine, slot) => settled(engine, slot, settleText),
};

export const lso = recordType({
  name: 'lso',
  kind: 'text',
  access: longText,
  isPlain: true,
  shape: longShape,
  init(engine, slot) {
    boundSize(engine.columns, slot);
    initOutput(engine, slot, steps);
  },
  process: (engine, slot) => processOutput(engine, slot, steps),
});

/** A text output of which nobody wants more than its alarm and events. */
export function processLso(c: Columns, slot: Slot): void {
  settleText(c, slot);
}
