import type { Slot } from '../../model/index.ts';
import { column, derived } from '../access/cells.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import { type Columns, Flag } from '../columns.ts';
import { changeMask } from '../deadband.ts';
import { settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { noLimits } from '../parts/no-limits.ts';

/** A flag between a server and its clients, who ask with WFLG; it does nothing by itself. */
export const permissive = recordType({
  name: 'permissive',
  kind: 'plain',
  access: {
    VAL: column((c) => c.number),
    OVAL: column((c) => c.mlst),
    OFLG: derived((c, slot) => c.storedNumber(slot, 'WFLG')),
  },
  process(engine, slot) {
    engine.columns.set(slot, Flag.udf, false);
    engine.stamp(slot);
    settled(engine, slot, settle);
    return 'done';
  },
  metadata: noLimits,
});

/** As base: an event when VAL changes, not when only the alarm does. */
function settle(c: Columns, slot: Slot, pending: Pending): void {
  const alarm = settleAlarm(c, slot, pending);
  const change = changeMask(c, slot);
  if (change) c.post(slot, alarm | change);
}
