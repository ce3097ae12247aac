import type { Slot } from '../../model/index.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import type { Columns } from '../columns.ts';

/** Ends the processing of a record whose VAL says nothing: it is posted when the alarm changes. */
export function settlePlain(c: Columns, slot: Slot, pending: Pending): void {
  const mask = settleAlarm(c, slot, pending);
  if (mask) c.post(slot, mask);
}
