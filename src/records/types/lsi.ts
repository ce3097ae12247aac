import type { Slot } from '../../model/index.ts';
import { longText } from '../access/text.ts';
import type { Columns } from '../columns.ts';
import { processInput } from '../engine/input.ts';
import { initInput } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { boundSize, longRoom, longShape } from '../long-text.ts';
import { processTextInput, textInput } from '../parts/text-steps.ts';

const steps = textInput(longRoom, { isLongText: true });

export const lsi = recordType({
  name: 'lsi',
  kind: 'text',
  access: longText,
  isPlain: true,
  shape: longShape,
  init(engine, slot) {
    boundSize(engine.columns, slot);
    initInput(engine, slot, steps);
  },
  process: (engine, slot) => processInput(engine, slot, steps),
});

/** A text input of up to SIZV - 1 bytes. */
export function processLsi(c: Columns, slot: Slot, flags: number): void {
  processTextInput(c, slot, flags, longRoom);
}
