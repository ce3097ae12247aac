import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { AmsNetId, AmsPort } from '../ads/index.ts';
import { section } from './issue-text.ts';
import {
  amsPort,
  namePart,
  nameTemplate,
  netId,
  seconds,
  tcpPort,
  unsigned,
  word,
} from './scalars.ts';
import { shippedTerminals } from './terminal-folder.ts';
import { readYaml } from './yaml-file.ts';

/** Which plant the IOC serves. */
export type PlantTarget =
  | {
      readonly kind: 'address';
      readonly host: string;
      readonly port: number;
      readonly netId: AmsNetId;
      readonly symbolPort: AmsPort;
    }
  /** The IOC starts a simulated plant and serves that one. */
  | {
      readonly kind: 'simulated';
      /** Path of the chain file. */
      readonly chain: string;
      /** TCP port of the simulation, 0 for any that is free. */
      readonly port: number;
      /** Seconds. */
      readonly cycle: number;
    };

type Section<Key extends keyof Given> = Given[Key];

/** A configuration file with every default filled in. Durations are seconds, paths absolute. */
export interface IocConfig {
  readonly prefix: string;
  readonly plant: {
    readonly target: PlantTarget;
    /** Who we are on the AMS network; no NetId: `<our IPv4>.1.1`. */
    readonly source: { readonly netId?: AmsNetId; readonly port: AmsPort };
    /** Longest wait for the answer to one request. */
    readonly timeout: number;
    /** Wait before the second attempt to connect, doubled each time up to the longest. */
    readonly retry: { readonly first: number; readonly longest: number };
    /** What is served beside what the terminal definitions name, and what may be put. */
    readonly tree: {
      readonly symbols: 'defined' | 'all';
      readonly otherSymbols: boolean;
      readonly coeWritable: readonly number[] | 'all';
    };
  };
  readonly notifications: Section<'notifications'>;
  readonly poll: Section<'poll'>;
  readonly update: Section<'update'>;
  readonly supervision: Section<'supervision'>;
  /** What becomes of setpoints when the plant returns; the first rule that matches a PV counts. */
  readonly setpoints: Section<'setpoints'>;
  readonly naming: Section<'naming'>;
  readonly ca: Section<'ca'>;
  readonly log: Section<'log'>;
  /** Folders of terminal definitions, the shipped one first. */
  readonly terminals: readonly string[];
}

const source = section({ netId: netId.exactOptional(), port: amsPort.prefault(8000) });
const retry = section({
  first: seconds(0.01, 3600).default(1),
  longest: seconds(0.01, 3600).default(30),
});

const plant = section({
  host: word.exactOptional(),
  port: tcpPort.default(48898),
  netId: netId.exactOptional(),
  symbolPort: amsPort.prefault(27905),
  symbols: z.enum(['defined', 'all']).default('defined'),
  otherSymbols: z.boolean().default(false),
  coe: section({
    writable: z.union([z.array(unsigned(16)), z.literal('all')]).default([]),
  }).prefault({}),
  source: source.prefault({}),
  timeout: seconds(0.1, 600).default(5),
  retry: retry.prefault({}),
});

const simulation = section({
  chain: word,
  port: tcpPort.default(0),
  cycle: seconds(0.001, 10).default(0.01),
});

const notifications = section({
  mode: z.enum(['on-change', 'cyclic']).default('on-change'),
  cycle: seconds(0, 60).default(0.01),
  maxDelay: seconds(0, 60).default(0.05),
});

const supervision = section({
  period: seconds(0.05, 60).default(0.8),
  misses: z.int().min(1).max(100).default(2),
  audit: seconds(0, 3600).default(0.5),
});

const setpoint = section({ pv: word, policy: z.enum(['read', 'write', 'ignore']) });

const naming = section({
  device: nameTemplate.default('ETH{id}'),
  node: nameTemplate.default('RIO{node}'),
  module: nameTemplate.default('MOD{position}'),
  separator: namePart.default(':'),
  readback: namePart.default('_RBV'),
});

const beacons = section({
  addresses: z.array(word).exactOptional(),
  auto: z.boolean().exactOptional(),
  port: tcpPort.exactOptional(),
  period: seconds(0.1, 3600).exactOptional(),
});

const ca = section({
  port: tcpPort.exactOptional(),
  interfaces: z.array(word).exactOptional(),
  ignore: z.array(word).exactOptional(),
  beacons: beacons.exactOptional(),
});

const log = section({
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  format: z.enum(['text', 'json']).exactOptional(),
});

export const iocFile = section({
  prefix: namePart,
  plant: plant.exactOptional(),
  simulate: simulation.exactOptional(),
  notifications: notifications.prefault({}),
  poll: section({ period: seconds(0.01, 3600).default(1) }).prefault({}),
  update: section({ flush: seconds(0, 60).default(0.1) }).prefault({}),
  supervision: supervision.prefault({}),
  setpoints: z.array(setpoint).default([]),
  naming: naming.prefault({}),
  ca: ca.prefault({}),
  log: log.prefault({}),
  terminals: z.array(word).default([]),
}).check((context) => {
  const { plant: given, simulate } = context.value;
  const complain = (path: string[], message: string) =>
    context.issues.push({ code: 'custom', path, message, input: context.value });
  if (simulate && given?.host !== undefined) {
    complain(['simulate'], 'is given beside plant.host; keep one of them');
  }
  if (simulate) return;
  const what = given ? 'is missing; give' : 'is missing; give (or simulate a plant)';
  if (given?.host === undefined) {
    complain(['plant', 'host'], `${what} the name or address of the controller`);
  }
  if (given?.netId === undefined) {
    complain(['plant', 'netId'], `${what} the AMS NetId of the controller, six numbers with dots`);
  }
});

type Given = z.infer<typeof iocFile>;

/**
 * The configuration of an IOC. Throws one `ConfigError` with every mistake of the file. Paths in
 * the file are relative to the file.
 */
export function loadConfig(file: string): IocConfig {
  const { plant: given, simulate, terminals, ...rest } = readYaml(file, iocFile);
  const near = (path: string) => resolve(dirname(file), path);
  const { source, timeout, retry, symbols, otherSymbols, coe } = given ?? plant.parse({});
  const tree = { symbols, otherSymbols, coeWritable: coe.writable };
  return {
    ...rest,
    plant: { target: targetOf(given, simulate, near), source, timeout, retry, tree },
    terminals: [shippedTerminals, ...terminals.map(near)],
  };
}

function targetOf(
  given: Given['plant'],
  simulate: Given['simulate'],
  near: (path: string) => string,
): PlantTarget {
  if (simulate) return { kind: 'simulated', ...simulate, chain: near(simulate.chain) };
  const { host = '', port, netId: target, symbolPort } = given ?? plant.parse({});
  // The schema has refused a file without host or NetId.
  return { kind: 'address', host, port, netId: target as AmsNetId, symbolPort };
}
