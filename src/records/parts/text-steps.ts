import { Quality, type Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import type { InputSteps } from '../engine/input.ts';
import type { OutputSteps } from '../engine/output.ts';
import { defined, evaluated, settled } from '../engine/steps.ts';
import { settleText, settleTextInput, sourceAlarm } from '../settle.ts';
import { cutText } from '../text.ts';

/** Bytes that VAL has room for, without its NUL. */
export type TextRoom = (c: Columns, slot: Slot) => number;

/** Bytes of VAL of stringin and stringout, without its NUL. */
export const shortRoom: TextRoom = () => 39;

/** The steps of a text input; `isLongText` where links may bring more than EPICS' strings. */
export function textInput(room: TextRoom, long: Pick<InputSteps, 'isLongText'> = {}): InputSteps {
  const take: InputSteps['take'] = (engine, slot, value) => {
    const { columns: c } = engine;
    c.text[slot] = cutText(String(value), room(c, slot));
    defined(engine, slot);
  };
  return {
    type: () => 'STRING',
    ...long,
    take,
    takeRaw: take,
    keep: () => {},
    settle: (engine, slot) => settled(engine, slot, settleTextInput),
  };
}

/** The steps of a text output. */
export function textOutput(
  room: TextRoom,
  long: Pick<OutputSteps, 'isLongText'> = {},
): OutputSteps {
  return {
    type: () => 'STRING',
    ...long,
    take(engine, slot, value) {
      const { columns: c } = engine;
      c.text[slot] = cutText(String(value), room(c, slot));
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
}

/** A text input of which nobody wants more than what the plant says, its alarm and events. */
export function processTextInput(c: Columns, slot: Slot, flags: number, room: TextRoom): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.text[slot] = cutText(String(c.image.value(slot)), room(c, slot));
    c.set(slot, Flag.udf, false);
  }
  settleTextInput(c, slot);
}
