import { z } from 'zod';
import { section } from '../issue-text.ts';
import { seconds, word } from '../scalars.ts';
import { pattern } from '../value-rule.ts';

type Deadband = 'mdel' | 'adel' | { readonly kind: 'absolute' | 'percent'; readonly value: number };

/** `0.5`, `2%`, or what a record says: `mdel`, `adel`. */
const deadband = z
  .union([
    z.number().min(0),
    z
      .string()
      .regex(
        /^(mdel|adel|\d+(\.\d+)?%)$/,
        'must be a number, a percentage such as 2%, mdel or adel',
      ),
  ])
  .transform((given): Deadband => {
    if (typeof given === 'number') return { kind: 'absolute', value: given };
    if (given === 'mdel' || given === 'adel') return given;
    return { kind: 'percent', value: Number(given.slice(0, -1)) };
  });

const mode = z.enum(['onchange', 'all', 'cyclic']);
const period = seconds(0.1, 86_400);
const heartbeat = seconds(0, 1e6);
const minInterval = seconds(0, 3600);
const burst = z.int().min(1).max(10_000);
const maxBytes = z.int().min(256).max(100_000_000);
const timeSource = z.enum(['ads', 'ioc']);
const qos = z.literal([0, 1]);

/** The policy of one type of measurements. */
function policy(usual: { readonly period: number; readonly enabled: boolean }) {
  return section({
    enabled: z.boolean().default(usual.enabled),
    period: period.default(usual.period),
    mode: mode.default('onchange'),
    heartbeat: heartbeat.default(60),
    deadband: deadband.default('mdel'),
    minInterval: minInterval.default(0.1),
    burst: burst.default(1),
    maxBytes: maxBytes.default(4096),
    timeSource: timeSource.default('ads'),
    qos: qos.default(0),
  }).prefault({});
}

const measurements = section({
  io: policy({ period: 1, enabled: true }),
  diag: policy({ period: 10, enabled: true }),
  coe: policy({ period: 10, enabled: false }),
  runtime: policy({ period: 10, enabled: true }),
});

/** A policy for some controllers, by what the names of their PVs begin with. */
const group = section({
  match: pattern,
  type: z.enum(['io', 'diag', 'coe', 'runtime']).exactOptional(),
  enabled: z.boolean().exactOptional(),
  period: period.exactOptional(),
  mode: mode.exactOptional(),
  heartbeat: heartbeat.exactOptional(),
  deadband: deadband.exactOptional(),
  minInterval: minInterval.exactOptional(),
  burst: burst.exactOptional(),
  maxBytes: maxBytes.exactOptional(),
  timeSource: timeSource.exactOptional(),
  qos: qos.exactOptional(),
});

const attribute = section({
  match: pattern,
  deadband: deadband.exactOptional(),
  publish: z.boolean().exactOptional(),
});

const severity = z.enum(['critical', 'major', 'minor', 'warning']);

const alarms = section({
  enabled: z.boolean().default(true),
  records: z.boolean().default(true),
  severities: section({
    minor: severity.default('minor'),
    major: severity.default('major'),
    invalid: severity.default('critical'),
  }).prefault({}),
  onDelay: seconds(0, 3600).default(0.5),
  offDelay: seconds(0, 3600).default(1),
  minorRate: z.number().min(0).default(1),
  majorRate: z.number().min(0).default(10),
  quiet: seconds(1, 86_400).default(60),
  eventInterval: seconds(0, 86_400).default(60),
});

/** A level of a topic. */
const level = word.regex(/^[^/+#]+$/, 'must be one level of a topic: without /, + and #');

export const thinEdgeSection = section({
  enabled: z.boolean().default(true),
  role: z.enum(['child', 'main']).default('child'),
  topicRoot: level.default('te'),
  topology: z.enum(['nested', 'flat']).default('nested'),
  ioc: level.exactOptional(),
  acceptTimeout: seconds(0, 60).default(2),
  acceptDelay: seconds(0, 60).default(0.25),
  c8yHardware: z.boolean().default(false),
  runtime: z.array(pattern).default([]),
  rate: z.number().min(1).max(1e6).default(500),
  burst: z.int().min(1).max(1_000_000).default(2000),
  measurements: measurements.prefault({}),
  groups: z.array(group).default([]),
  attributes: z.array(attribute).default([]),
  alarms: alarms.prefault({}),
});

type Given = z.infer<typeof thinEdgeSection>;

/** The thin-edge profile of the bus; a bus without one says so. Durations are seconds. */
export type ThinEdgeConfig = ReturnType<typeof configOf>;

/** With the prefix of the IOC's PVs for its name. */
export function thinEdgeOf(given: Given, prefix: string): ThinEdgeConfig | undefined {
  return given.enabled ? configOf(given, prefix) : undefined;
}

function configOf(given: Given, prefix: string) {
  const { role, topicRoot: root, topology, ioc = prefix, rate, burst } = given;
  const { measurements: defaults, groups, attributes, alarms, runtime } = given;
  const { acceptTimeout, acceptDelay, c8yHardware } = given;
  return {
    entities: { root, role, topology, ioc },
    measurements: { defaults, groups, attributes, rate, burst },
    ...{ alarms, acceptTimeout, acceptDelay, c8yHardware, runtime },
  };
}
