import { Quality, type Slot } from '../../model/index.ts';
import { shortText } from '../access/text.ts';
import { type Columns, Flag } from '../columns.ts';
import { type InputSteps, processInput } from '../engine/input.ts';
import { defined, initInput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { settleTextInput } from '../settle.ts';
import { cutText } from '../text.ts';

/** Bytes of VAL without its NUL. */
const SIZE = 39;

const steps: InputSteps = {
  type: () => 'STRING',
  take(engine, slot, value) {
    engine.columns.text[slot] = cutText(String(value), SIZE);
    defined(engine, slot);
  },
  takeRaw: (engine, slot, raw) => steps.take(engine, slot, raw),
  keep: () => {},
  settle: (engine, slot) => settled(engine, slot, settleTextInput),
};

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
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.text[slot] = cutText(String(c.image.value(slot)), SIZE);
    c.set(slot, Flag.udf, false);
  }
  settleTextInput(c, slot);
}
