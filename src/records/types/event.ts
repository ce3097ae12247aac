import type { Slot } from '../../model/index.ts';
import { shortText } from '../access/text.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import type { Columns } from '../columns.ts';
import { type InputSteps, processInput } from '../engine/input.ts';
import { defined, initInput, settled } from '../engine/steps.ts';
import { EventMask } from '../event.ts';
import { recordType } from '../field-table.ts';
import { cutText } from '../text.ts';

const MOST_BYTES = 39;

const steps: InputSteps = {
  type: () => 'STRING',
  take(engine, slot, value) {
    engine.columns.text[slot] = cutText(String(value), MOST_BYTES);
    defined(engine, slot);
  },
  takeRaw: (engine, slot, value) => steps.take(engine, slot, value),
  keep: () => {},
  settle(engine, slot) {
    engine.events.post(engine.columns.text[slot] ?? '');
    settled(engine, slot, settle);
  },
};

/** Posts the event that VAL names: records with SCAN Event and that EVNT process. */
export const event = recordType({
  name: 'event',
  kind: 'text',
  access: shortText,
  init: (engine, slot) => initInput(engine, slot, steps),
  process: (engine, slot) => processInput(engine, slot, steps),
});

/** VAL is posted each time, though not for archives. */
function settle(c: Columns, slot: Slot, pending: Pending): void {
  c.post(slot, settleAlarm(c, slot, pending) | EventMask.value);
}
