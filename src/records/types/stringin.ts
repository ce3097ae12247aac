import type { Slot } from '../../model/index.ts';
import { shortText } from '../access/text.ts';
import type { Columns } from '../columns.ts';
import { processInput } from '../engine/input.ts';
import { initInput } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { processTextInput, shortRoom, textInput } from '../parts/text-steps.ts';

const steps = textInput(shortRoom);

export const stringin = recordType({
  name: 'stringin',
  kind: 'text',
  access: shortText,
  isPlain: true,
  init: (engine, slot) => initInput(engine, slot, steps),
  process: (engine, slot) => processInput(engine, slot, steps),
});

/** A text input of up to 39 bytes. */
export function processStringin(c: Columns, slot: Slot, flags: number): void {
  processTextInput(c, slot, flags, shortRoom);
}
