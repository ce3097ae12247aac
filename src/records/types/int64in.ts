import { AlarmStatus, Quality, Severity, type Slot } from '../../model/index.ts';
import { wideLimits } from '../access/analog.ts';
import { type Pending, raise } from '../alarm.ts';
import { type Columns, Flag } from '../columns.ts';
import { type InputSteps, processInput } from '../engine/input.ts';
import { defined, initInput, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { LARGEST_INT64 } from '../numbers.ts';
import { settleWide } from '../settle-wide.ts';
import { storeWide } from '../wide.ts';

const steps: InputSteps = {
  type: () => 'INT64',
  take(engine, slot, value) {
    storeWide(engine.columns, slot, BigInt(value as bigint));
    defined(engine, slot);
  },
  takeRaw(engine, slot, raw) {
    const whole = typeof raw === 'bigint' ? raw : BigInt(Math.trunc(Number(raw)));
    const isTooLarge = whole > LARGEST_INT64;
    if (isTooLarge) engine.raise(slot, AlarmStatus.hwLimit, Severity.invalid);
    steps.take(engine, slot, isTooLarge ? LARGEST_INT64 : whole);
  },
  keep: defined,
  settle: (engine, slot) => settled(engine, slot, settleWide),
};

export const int64in = recordType({
  name: 'int64in',
  kind: 'wide',
  access: wideLimits,
  isPlain: true,
  init: (engine, slot) => initInput(engine, slot, steps),
  process: (engine, slot) => processInput(engine, slot, steps),
});

const exact = Number.MAX_SAFE_INTEGER;

// hot path
/** A 64-bit integer input: a double, beside the exact value where it is beyond 2^53. */
export function processInt64in(c: Columns, slot: Slot, flags: number): void {
  let alarm = 0;
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    const value = c.image.number(slot);
    if (value > exact || value < -exact) alarm = takeWide(c, slot);
    else if (flags & Flag.wide) storeWide(c, slot, value);
    else c.number[slot] = value;
    c.set(slot, Flag.udf, false);
  } else if (!(flags & Flag.input)) c.set(slot, Flag.udf, false);
  settleWide(c, slot, alarm);
}

/** Takes the exact value; one above 2^63 - 1, which INT64 cannot hold, stays there with an alarm. */
function takeWide(c: Columns, slot: Slot): Pending {
  const whole = BigInt(c.image.value(slot) as bigint);
  storeWide(c, slot, whole > LARGEST_INT64 ? LARGEST_INT64 : whole);
  return whole > LARGEST_INT64 ? raise(0, AlarmStatus.hwLimit, Severity.invalid) : 0;
}
