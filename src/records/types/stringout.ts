import type { Slot } from '../../model/index.ts';
import { shortText } from '../access/text.ts';
import type { Columns } from '../columns.ts';
import { processOutput } from '../engine/output.ts';
import { initOutput } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { shortRoom, textOutput } from '../parts/text-steps.ts';
import { settleText } from '../settle.ts';

const steps = textOutput(shortRoom);

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
