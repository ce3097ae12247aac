import type { Retained } from '../registration.ts';
import type { Group, Member } from './plan.ts';

/** Some mappers take so many bytes of a message, topic and all, and no more. */
const LONGEST = 12_000;

/** Units, limits and names of what a group measures, retained beside it. */
export function metaOf({ topic, members, policy }: Group): Retained {
  const { period, heartbeat, mode } = policy;
  const about = { properties: { period, heartbeat, mode } };
  const whole = JSON.stringify({ ...entriesOf(members, entryOf), ...about });
  if (whole.length <= LONGEST) return { topic: `${topic}/meta`, payload: whole };
  const units = JSON.stringify({ ...entriesOf(members.filter(hasUnit), unitOf), ...about });
  const payload = units.length <= LONGEST ? units : JSON.stringify(about);
  return { topic: `${topic}/meta`, payload };
}

function entriesOf(members: readonly Member[], of: (member: Member) => unknown) {
  return Object.fromEntries(
    members.map((each) => [
      each.group === '' ? each.member : `${each.group}.${each.member}`,
      of(each),
    ]),
  );
}

function entryOf({ field, pv }: Member) {
  const { units, display, precision, labels } = field.metadata();
  return {
    ...(units !== '' && { unit: units }),
    ...(display.high > display.low && { min: display.low, max: display.high }),
    ...(precision > 0 && { precision }),
    ...(labels.length > 0 && { states: labels }),
    // Digits are lost beyond 2^53: numbers are doubles in thin-edge.
    ...(field.isColumn ? {} : { exactTo: Number.MAX_SAFE_INTEGER }),
    pv,
  };
}

function hasUnit({ field }: Member): boolean {
  return field.metadata().units !== '';
}

function unitOf({ field }: Member) {
  return { unit: field.metadata().units };
}
