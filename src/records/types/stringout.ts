import type { Slot } from '../../model/index.ts';
import { shortText } from '../access/text.ts';
import type { Columns } from '../columns.ts';
import { type OutputSteps, processOutput } from '../engine/output.ts';
import { defined, evaluated, initOutput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { settleText, sourceAlarm } from '../settle.ts';
import { cutText } from '../text.ts';

/** Bytes of VAL without its NUL. */
const SIZE = 39;

const steps: OutputSteps = {
  type: () => 'STRING',
  take(engine, slot, value) {
    engine.columns.text[slot] = cutText(String(value), SIZE);
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

export const stringout = recordType({
  name: 'stringout',
  kind: 'text',
  access: shortText,
  isPlain: true,
  init: (engine, slot) => initOutput(engine, slot, steps),
  process: (engine, slot) => processOutput(engine, slot, steps),
});

/** A text output of which nobody wants more than its alarm and events. */
export function processStringout(c: Columns, slot: Slot): void {
  settleText(c, slot);
}
