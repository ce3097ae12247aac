import type { Slot } from '../../model/index.ts';
import { shortText } from '../access/text.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import { type Columns, Flag } from '../columns.ts';
import { settled } from '../engine/steps.ts';
import { EventMask } from '../event.ts';
import { recordType } from '../field-table.ts';

/** A text of at most nineteen bytes that says in which state something is; it does nothing itself. */
export const state = recordType({
  name: 'state',
  kind: 'text',
  access: shortText,
  process(engine, slot) {
    engine.columns.set(slot, Flag.udf, false);
    engine.stamp(slot);
    settled(engine, slot, settle);
    return 'done';
  },
});

/** As base: an event when VAL changes, not when only the alarm does. */
function settle(c: Columns, slot: Slot, pending: Pending): void {
  const alarm = settleAlarm(c, slot, pending);
  const text = c.text[slot] ?? '';
  if ((c.postedText[slot] ?? '') === text) return;
  c.postedText[slot] = text;
  c.post(slot, alarm | EventMask.value | EventMask.log);
}
