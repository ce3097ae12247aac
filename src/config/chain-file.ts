import { z } from 'zod';
import {
  type Chain,
  type ChainDevice,
  type PlcVariable,
  portNames,
  type ScriptedFault,
  type Signal,
} from '../model/index.ts';
import { section } from './issue-text.ts';
import { datatype, netId, unsigned, word } from './scalars.ts';
import { readYaml } from './yaml-file.ts';

const count = unsigned(16);

const slave = section({
  type: word,
  name: word,
  node: count,
  position: count,
  address: count,
  parent: count.exactOptional(),
  port: z.enum(['B', 'C', 'D']).exactOptional(),
}).transform(({ port, ...rest }) => ({
  ...rest,
  ...(port !== undefined && { port: portNames.indexOf(port) }),
}));

const device = section({
  id: z.int().min(1).max(0xffff),
  name: word,
  type: count,
  netId,
  identity: section({
    vendor_id: unsigned(32),
    product_code: unsigned(32),
    revision_number: unsigned(32),
    serial_number: unsigned(32),
  }),
  slaves: z.array(slave),
}).check(({ value, issues }) => {
  for (const [index, message] of wiringMistakes(value.slaves)) {
    issues.push({ code: 'custom', path: ['slaves', index], message, input: value });
  }
});

const period = z.number().positive();

/** How an input moves: exactly one of four keys. */
const signal = section({
  sine: section({
    mean: z.number().default(0),
    amplitude: z.number(),
    period,
    noise: z.number().min(0).default(0),
  }).exactOptional(),
  toggle: section({ period }).exactOptional(),
  count: section({ rate: z.number() }).exactOptional(),
  constant: z.number().exactOptional(),
}).transform(({ sine, toggle, count, constant }, context): Signal => {
  const given: Signal[] = [];
  if (sine) given.push({ kind: 'sine', ...sine });
  if (toggle) given.push({ kind: 'toggle', ...toggle });
  if (count) given.push({ kind: 'count', ...count });
  if (constant !== undefined) given.push({ kind: 'constant', value: constant });
  const [only] = given;
  if (only && given.length === 1) return only;
  context.addIssue({ code: 'custom', message: 'must have one of sine, toggle, count, constant' });
  return z.NEVER;
});

/** The simulator knows the commands and what each takes; a file may give that in any key. */
const scripted = z
  .object({
    at: z.number().min(0),
    repeat: z.number().min(0.1).exactOptional(),
    command: word,
  })
  .catchall(
    z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number, true or false'),
  )
  .transform(
    ({ at, repeat, command, ...given }): ScriptedFault => ({
      at,
      ...(repeat !== undefined && { repeat }),
      command,
      given,
    }),
  );

const plcVariable = section({
  name: word,
  type: datatype,
  typeName: word.exactOptional(),
  labels: z.array(word).min(1).exactOptional(),
  comment: z.string().exactOptional(),
  readOnly: z.boolean().exactOptional(),
  value: z.union([z.number(), z.string()]).exactOptional(),
}).transform(
  ({ type, labels, ...rest }): PlcVariable => ({
    ...rest,
    datatype: type,
    ...(labels && { labels: labels.map((label, value) => ({ value, label })) }),
  }),
);

const plc = section({
  port: count.default(851),
  variables: z.array(plcVariable).min(1),
});

const chain = section({
  /** Prose about the plant; ignored. */
  _about: z.string().optional(),
  server: section({
    name: word,
    version: z.string().regex(/^\d+\.\d+$/, 'must be major.minor in quotes, such as "3.1"'),
    build: count,
  }),
  systemNetId: netId,
  symbolPort: count.default(27905),
  devices: z.array(device),
  signals: z.record(word, signal).default({}),
  loops: z.array(section({ from: word, to: word })).default([]),
  plc: plc.exactOptional(),
  script: z.array(scripted).default([]),
});

export const chainFile = chain.transform(
  ({ _about, devices, ...rest }): Chain => ({ ...rest, devices: devices.map(chainDevice) }),
);

/** The plant that a YAML or JSON file describes, for simulation and for names without a plant. */
export function loadChain(file: string): Chain {
  return readYaml(file, chainFile);
}

function chainDevice({
  identity,
  ...device
}: z.infer<typeof chain>['devices'][number]): ChainDevice {
  return {
    ...device,
    identity: {
      vendor: identity.vendor_id,
      product: identity.product_code,
      revision: identity.revision_number,
      serial: identity.serial_number,
    },
  };
}

/** Bus order is the way of the frame: a slave is plugged into one before it, at a port of its own. */
function wiringMistakes(slaves: readonly z.infer<typeof slave>[]): [index: number, text: string][] {
  const taken = new Set<string>();
  const before = new Set<number>();
  return slaves.flatMap(({ address, parent, port }, index) => {
    const mistake = wiringMistake(parent, port, before, taken);
    before.add(address);
    if (port !== undefined) taken.add(`${parent} ${port}`);
    return mistake === undefined ? [] : [[index, mistake] as [number, string]];
  });
}

function wiringMistake(
  parent: number | undefined,
  port: number | undefined,
  before: ReadonlySet<number>,
  taken: ReadonlySet<string>,
): string | undefined {
  const needsPort = parent !== undefined && parent !== 0;
  if (needsPort !== (port !== undefined)) {
    return 'must have parent (an address) and port (B, C or D) together, or parent: 0, the master';
  }
  if (!needsPort) return undefined;
  if (!before.has(parent)) return `parent: no slave before this one has address ${parent}`;
  return taken.has(`${parent} ${port}`) ? 'port: is taken by a slave before this one' : undefined;
}
