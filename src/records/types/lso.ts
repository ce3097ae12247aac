import type { Slot } from '../../model/index.ts';
import { longText } from '../access/text.ts';
import type { Columns } from '../columns.ts';
import { processOutput } from '../engine/output.ts';
import { initOutput } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { boundSize, longRoom, longShape } from '../long-text.ts';
import { textOutput } from '../parts/text-steps.ts';
import { settleText } from '../settle.ts';

const steps = textOutput(longRoom, { isLongText: true });

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
