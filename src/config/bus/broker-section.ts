import { z } from 'zod';
import { section } from '../issue-text.ts';
import { readPems } from '../pem-files.ts';
import { seconds, tcpPort, word } from '../scalars.ts';
import { password, secretOf } from '../secret.ts';
import type { Surroundings } from '../surroundings.ts';
import { topicFilter } from './topic-filter.ts';

/** The embedded broker with its files and secrets read. */
export interface BrokerConfig {
  readonly listeners: readonly BrokerListenerConfig[];
  readonly users: readonly (Rights & {
    readonly name: string;
    readonly password: string | undefined;
  })[];
  readonly anonymous: Rights | undefined;
  readonly limits: Given['limits'];
  readonly retained: { readonly file: string; readonly period: number } | undefined;
}

type BrokerListenerConfig = Omit<Listener, 'tls'> & {
  readonly tls:
    | {
        readonly cert: string;
        readonly key: string;
        readonly ca: readonly string[] | undefined;
        readonly namesUsers: boolean;
      }
    | undefined;
};

const everything = ['#'];

const rights = {
  publish: z.array(topicFilter).default(everything),
  subscribe: z.array(topicFilter).default(everything),
} as const;

type Rights = z.infer<ReturnType<typeof section<typeof rights>>>;

const tls = section({
  cert: word,
  key: word,
  ca: z.union([word, z.array(word).min(1)], 'must be a file, or a list of files').exactOptional(),
  namesUsers: z.boolean().default(false),
});

const listener = section({
  kind: z.enum(['mqtt', 'ws']).default('mqtt'),
  host: word.default('127.0.0.1'),
  port: tcpPort.default(1883),
  nextPorts: z.int().min(0).max(100).default(0),
  path: z.string().regex(/^\//, 'must begin with /').default('/mqtt'),
  origins: z.array(word).default([]),
  tls: tls.exactOptional(),
});

type Listener = z.infer<typeof listener>;

const limits = section({
  clients: z.int().min(1).max(10_000).default(100),
  packet: z.int().min(1000).max(268_435_455).default(4_194_304),
  topicLevels: z.int().min(1).max(100).default(20),
  subscriptions: z.int().min(1).max(10_000).default(100),
  rate: z.int().min(1).max(1_000_000).default(1000),
  queueBytes: z.int().min(10_000).max(1_000_000_000).default(4_194_304),
  drain: seconds(0.1, 600).default(5),
  queueMessages: z.int().min(0).max(1_000_000).default(1000),
  sessions: z.int().min(1).max(10_000).default(100),
  keepAlive: z.int().min(0).max(65_535).default(0),
  retained: z.int().min(0).max(10_000_000).default(100_000),
  retainedBytes: z.int().min(0).max(10_000_000_000).default(67_108_864),
});

/** The broker in the IOC's own process. */
export const brokerSection = section({
  listeners: z
    .array(listener)
    .min(1)
    .default([listener.parse({})]),
  users: z.array(section({ name: word, ...password, ...rights })).default([]),
  anonymous: z.union([z.boolean(), section(rights)]).exactOptional(),
  limits: limits.prefault({}),
  retained: section({ file: word, period: seconds(0.1, 86_400).default(5) }).exactOptional(),
});

type Given = z.infer<typeof brokerSection>;

const PATH = ['bus', 'broker'] as const;

/** Keys of `bus` that are about the broker of another. */
const others = ['url', 'user', 'password', 'passwordFile', 'passwordEnv', 'tls'] as const;

/** The broker of another, or our own, not both. */
export function checkBroker(
  bus: Readonly<Partial<Record<(typeof others)[number] | 'broker' | 'version', unknown>>>,
  complain: (path: readonly string[], message: string) => void,
): void {
  if (bus.broker === undefined) {
    if (bus.url === undefined) complain(['url'], WITHOUT_BROKER);
    return;
  }
  for (const key of others) {
    if (bus[key] === undefined) continue;
    complain([key], 'is of another broker, and stands beside `broker`; keep one of them');
  }
  if (bus.version !== '3.1.1') complain(['version'], 'must be 3.1.1 with the embedded broker');
}

const WITHOUT_BROKER =
  'is missing; give the broker, mqtt://host:1883 say, or `broker: {}` for one in this process';

/** The section with its files and secrets read; who comes from the network must say a name. */
export function brokerOf(given: Given, around: Surroundings): BrokerConfig {
  const { listeners, users, limits: bounds, retained } = given;
  checkDoors(given, around);
  return {
    listeners: listeners.map((each, at) => listenerOf(each, [...PATH, 'listeners', at], around)),
    users: users.map(({ name, publish, subscribe, ...secret }, at) => ({
      ...{ name, publish, subscribe },
      password: secretOf(secret, 'password', [...PATH, 'users', at], around),
    })),
    anonymous: anonymousOf(given),
    limits: bounds,
    retained: retained && { ...retained, file: around.near(retained.file) },
  };
}

/** Everybody may everything unless users are named. */
function anonymousOf({ anonymous, users }: Given): Rights | undefined {
  if (typeof anonymous === 'object') return anonymous;
  const isAllowed = anonymous ?? users.length === 0;
  return isAllowed ? { publish: everything, subscribe: everything } : undefined;
}

function checkDoors(given: Given, { complain }: Surroundings): void {
  const { listeners, users, anonymous } = given;
  const byCertificate = listeners.some((each) => each.tls?.namesUsers);
  const names = new Set<string>();
  for (const [at, { name, ...secret }] of users.entries()) {
    const hasSecret = Object.keys(secret).some((key) => key.startsWith('password'));
    const where = [...PATH, 'users', at];
    if (names.has(name)) complain([...where, 'name'], `"${name}" is there twice`);
    if (!hasSecret && !byCertificate) {
      complain(where, 'has no password; give password, passwordFile or passwordEnv');
    }
    names.add(name);
  }
  const isPublic = listeners.findIndex(({ host, tls: door }) => !isLoopback(host) && !door?.ca);
  if (isPublic >= 0 && users.length === 0 && anonymous === undefined) {
    complain(
      [...PATH, 'listeners', isPublic],
      'lets everybody on the network do everything: give users, tls with ca, or anonymous: true',
    );
  }
}

function isLoopback(host: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);
}

function listenerOf(
  { tls: door, ...rest }: Listener,
  path: readonly PropertyKey[],
  around: Surroundings,
): BrokerListenerConfig {
  if (!door) return { ...rest, tls: undefined };
  const { ca, namesUsers } = door;
  const at = [...path, 'tls'];
  const authorities = ca === undefined ? [] : [ca].flat().map(around.near);
  const files = { ca: authorities, cert: around.near(door.cert), key: around.near(door.key) };
  const pems = readPems(files, (about, message) => around.complain([...at, about], message));
  if (namesUsers && ca === undefined) {
    around.complain([...at, 'namesUsers'], 'needs certificates of clients; give ca');
  }
  const { cert = '', key = '' } = pems;
  return { ...rest, tls: { ...{ cert, key, namesUsers }, ca: listOf(pems.ca) } };
}

function listOf(ca: string | readonly string[] | undefined): readonly string[] | undefined {
  return ca === undefined ? undefined : [ca].flat();
}
