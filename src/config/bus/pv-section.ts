import { z } from 'zod';
import { namePattern } from '../../model/index.ts';
import { section } from '../issue-text.ts';
import { seconds, word } from '../scalars.ts';
import type { Surroundings } from '../surroundings.ts';
import { pattern } from '../value-rule.ts';

/** Levels of a topic, without wildcards. */
export const topicPrefix = z
  .string()
  .regex(/^[^+#/$\0][^+#/\0]*(\/[^+#/\0]+)*$/, 'must be levels of a topic, such as epics/bl07');

const rule = section({
  match: pattern,
  period: seconds(0, 86_400).exactOptional(),
  deadband: z.number().min(0).exactOptional(),
  percent: z.number().min(0).max(100).exactOptional(),
  text: z.boolean().exactOptional(),
});

const set = section({
  allow: z.array(pattern).min(1),
  user: word.default('mqtt'),
  host: word.default('mqtt'),
  timeout: seconds(0.1, 3600).default(5),
  maxAge: seconds(0.1, 86_400).default(10),
  maxPending: z.int().min(1).max(10_000).default(64),
});

const homeAssistant = section({
  prefix: topicPrefix.default('homeassistant'),
  include: z.array(pattern).default([]),
});

/** The `pv` profile of the bus: plain topics for each PV. */
export const pvSection = section({
  prefix: topicPrefix.exactOptional(),
  names: z.enum(['split', 'whole']).default('split'),
  payload: z.enum(['json', 'raw']).default('json'),
  arrays: z.enum(['json', 'base64']).default('json'),
  include: z.array(pattern).default(['*']),
  // What the bus tells of itself would change with each message.
  exclude: z.array(pattern).default(['*:IOC:Bus*']),
  rules: z.array(rule).default([]),
  tick: seconds(0.01, 60).default(0.1),
  period: seconds(0, 86_400).default(1),
  heartbeat: seconds(0, 86_400).default(60),
  retain: z.boolean().default(true),
  qos: z.literal([0, 1]).default(0),
  burst: z.int().min(1).max(1_000_000).default(2000),
  maxBytes: z
    .int()
    .min(1000)
    .max(64 * 1024 * 1024)
    .default(1024 * 1024),
  set: set.exactOptional(),
  homeAssistant: homeAssistant.exactOptional(),
});

type Given = z.infer<typeof pvSection>;

/** The `pv` profile of the bus with its patterns read, as the bus takes it. */
export type PvConfig = ReturnType<typeof pvConfigOf>;

/** The `pv` profile with its patterns read; `iocPrefix`: what names of the IOC's PVs begin with. */
export function pvConfigOf(given: Given, iocPrefix: string, { complain }: Surroundings) {
  const { names, rules, include, exclude, set, homeAssistant, prefix, ...rest } = given;
  const { tick, heartbeat } = given;
  if (heartbeat > 0 && heartbeat < 4 * tick) {
    complain(['heartbeat'], `must be 0 or at least four ticks of ${tick} s`);
  }
  return {
    ...rest,
    prefix: prefix ?? `epics/${iocPrefix.replace(/[^\w-]+/g, '_')}`,
    splitNames: names === 'split',
    include: include.map(namePattern),
    exclude: exclude.map(namePattern),
    rules: rules.map(ruleOf),
    ...(set && { set: { ...set, allow: set.allow.map(namePattern) } }),
    ...(homeAssistant && {
      homeAssistant: { ...homeAssistant, include: homeAssistant.include.map(namePattern) },
    }),
  };
}

function ruleOf({ match, text, ...rest }: z.infer<typeof rule>) {
  return { ...rest, pv: namePattern(match), ...(text !== undefined && { asText: text }) };
}
