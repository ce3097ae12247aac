import { type BrokerListener, type BrokerOptions, openBroker } from '../../src/bus/index.ts';
import { type Log, type Scope, silentLog } from '../../src/kernel/index.ts';

/** A listener on a free port of the loopback. */
export const anyPort: BrokerListener = {
  ...{ kind: 'mqtt', host: '127.0.0.1', port: 0, nextPorts: 0, path: '/mqtt', origins: [] },
};

/** Everybody may everything. */
export const openDoor: BrokerOptions = {
  listeners: [anyPort],
  users: [],
  anonymous: { publish: ['#'], subscribe: ['#'] },
  limits: {
    ...{ clients: 100, packet: 4_194_304, topicLevels: 20, subscriptions: 100 },
    ...{ rate: 100_000, queueBytes: 4_194_304, drain: 5, queueMessages: 1000, sessions: 100 },
    ...{ keepAlive: 0, retained: 10_000, retainedBytes: 10_000_000 },
  },
};

/** The embedded broker, and the port of its first listener. */
export async function embeddedBroker(
  scope: Scope,
  options: Partial<BrokerOptions> = {},
  log: Log = silentLog,
) {
  const broker = scope.use(await openBroker({ ...openDoor, ...options }, { log }, scope.signal));
  const url = broker.urls[0] ?? '';
  return { ...{ broker, url, counters: broker.counters }, port: Number(new URL(url).port) };
}
