import { Quality, type Slot } from '../../model/index.ts';
import { longText } from '../access/text.ts';
import { type Columns, Flag } from '../columns.ts';
import { type InputSteps, processInput } from '../engine/input.ts';
import { defined, initInput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { boundSize, longShape, sizeOfText } from '../long-text.ts';
import { settleTextInput } from '../settle.ts';
import { cutText } from '../text.ts';

const steps: InputSteps = {
  type: () => 'STRING',
  isLongText: true,
  take(engine, slot, value) {
    const { columns: c } = engine;
    c.text[slot] = cutText(String(value), sizeOfText(c, slot) - 1);
    defined(engine, slot);
  },
  takeRaw: (engine, slot, raw) => steps.take(engine, slot, raw),
  keep: () => {},
  settle: (engine, slot) => settled(engine, slot, settleTextInput),
};

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
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.text[slot] = cutText(String(c.image.value(slot)), sizeOfText(c, slot) - 1);
    c.set(slot, Flag.udf, false);
  }
  settleTextInput(c, slot);
}
