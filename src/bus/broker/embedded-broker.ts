import type { Aedes, Client } from 'aedes';
import { type Clock, IocError, type Log, Scope, systemClock } from '../../kernel/index.ts';
import { Dispatcher } from './dispatcher.ts';
import { Gate } from './gate.ts';
import { Guard, newOwnKey, type OwnKey } from './guard.ts';
import { type Arrival, Listener } from './listener.ts';
import { BrokerMemory } from './memory.ts';
import type { BrokerCounters, BrokerLimits, BrokerListener, BrokerOptions } from './options.ts';
import { RetainedFile } from './retained-file.ts';
import { RetainedMessages } from './retained-messages.ts';
import { SessionStore } from './session-store.ts';

export interface BrokerMeans {
  readonly log: Log;
  readonly clock?: Clock;
}

/** A broker in this process, as its owner sees it; it ends when disposed of. */
export interface EmbeddedBroker extends AsyncDisposable {
  /** How the IOC itself connects: an address of its own, which needs this name and password. */
  readonly own: { readonly url: string; readonly user: string; readonly password: string };
  /** Where clients come; those that wait for their port are left out. */
  readonly urls: readonly string[];
  readonly counters: Readonly<BrokerCounters>;
  /** Clients that are connected, beside the IOC itself; that are remembered; messages kept. */
  readonly sizes: {
    readonly clients: number;
    readonly sessions: number;
    readonly retained: number;
  };
}

/** Where the IOC itself comes. */
const ownDoor: BrokerListener = {
  ...{ kind: 'mqtt', host: '127.0.0.1', port: 0, nextPorts: 0, path: '', origins: [] },
};

/** Who says nothing at all is not waited for longer. */
const CONNECT_MS = 10_000;
/** Of MQTT itself. */
const MAX_PACKET = 268_435_455;

/**
 * Starts a broker. Listeners whose port another process has are tried again: the IOC runs without.
 * Rejects when not even the loopback can be listened on.
 */
export async function openBroker(
  options: BrokerOptions,
  means: BrokerMeans,
  signal?: AbortSignal,
): Promise<EmbeddedBroker> {
  const scope = new Scope(signal);
  try {
    return await opened(options, means, scope);
  } catch (error) {
    await scope[Symbol.asyncDispose]();
    throw error;
  }
}

async function opened(
  options: BrokerOptions,
  means: BrokerMeans,
  scope: Scope,
): Promise<EmbeddedBroker> {
  const inside = await newInside(options, means, scope);
  const { guard, sessions, messages, counters, key } = inside;
  const { door, listeners } = await openDoors(options, inside, means, scope);
  return {
    own: { url: door.url ?? '', ...key },
    get urls() {
      return listeners.flatMap(({ url }) => url ?? []);
    },
    counters,
    sizes: {
      get clients() {
        return guard.clients;
      },
      get sessions() {
        return sessions.size;
      },
      get retained() {
        return messages.size;
      },
    },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

/** What is behind the doors. */
interface Inside {
  readonly aedes: Aedes;
  readonly guard: Guard;
  readonly key: OwnKey;
  readonly sessions: SessionStore;
  readonly messages: RetainedMessages;
  readonly counters: BrokerCounters;
}

async function newInside(
  options: BrokerOptions,
  { log, clock = systemClock }: BrokerMeans,
  scope: Scope,
): Promise<Inside> {
  const { limits, retained } = options;
  const counters = newCounters();
  const messages = new RetainedMessages(limits);
  if (retained) {
    const { file, period } = retained;
    scope.use(await RetainedFile.open(file, period, { messages, counters, log, clock }));
  }
  const sessions = new SessionStore(limits, counters);
  const key = newOwnKey();
  const guard = new Guard(options, key, counters, log);
  const aedes = await brokerOf(options, new BrokerMemory(sessions, messages, counters));
  guard.watch(aedes);
  watchClients(aedes, guard, counters, sessions);
  scope.defer(() => new Promise<void>((resolve) => aedes.close(resolve)));
  return { aedes, guard, key, sessions, messages, counters };
}

/** The IOC's own door, and those of clients. */
async function openDoors(
  { listeners: wanted, limits }: BrokerOptions,
  { aedes }: Inside,
  { log, clock = systemClock }: BrokerMeans,
  scope: Scope,
) {
  const means = (isOwn: boolean) => ({
    ...{ limits, log, clock },
    arrived({ stream, where, certified }: Arrival) {
      const keeping = { limits: isOwn ? ownLimits(limits) : limits, clock, isOwn };
      aedes.handle(new Gate(stream, { ...keeping, where, certified }));
    },
  });
  const door = scope.use(new Listener(ownDoor, means(true)));
  if (!(await door.listen())) throw noDoor();
  const listeners = wanted.map((each) => scope.use(new Listener(each, means(false))));
  await Promise.all(listeners.map((each) => begun(each, scope)));
  return { door, listeners };
}

/** Resolves after the first try; the others go on in the scope. */
async function begun(listener: Listener, scope: Scope): Promise<void> {
  if (await listener.listen()) return;
  const listening = listener.listenAtLast(scope.signal);
  scope.defer(() => listening);
}

/** What the IOC says to itself is as long as it must be. */
function ownLimits(limits: BrokerLimits): BrokerLimits {
  return { ...limits, packet: MAX_PACKET };
}

function noDoor(): IocError {
  const text = 'The embedded broker cannot listen on any port of 127.0.0.1';
  return new IocError('bus/broker-port', text);
}

async function brokerOf({ limits }: BrokerOptions, persistence: BrokerMemory): Promise<Aedes> {
  // Only who wants a broker loads one.
  const { Aedes } = await import('aedes');
  return Aedes.createBroker({
    ...{ persistence, mq: new Dispatcher() },
    ...{ connectTimeout: CONNECT_MS, drainTimeout: limits.drain * 1000 },
    ...{ maxTopicLevels: limits.topicLevels, keepaliveLimit: limits.keepAlive },
  });
}

function newCounters(): BrokerCounters {
  return {
    ...{ connections: 0, received: 0, sent: 0, refusedClients: 0, denied: 0 },
    ...{ droppedClients: 0, droppedMessages: 0, failedWrites: 0 },
  };
}

function watchClients(
  aedes: Aedes,
  guard: Guard,
  counters: BrokerCounters,
  sessions: SessionStore,
): void {
  aedes.on('client', ({ id }) => {
    counters.connections++;
    sessions.came(id);
  });
  aedes.on('clientDisconnect', ({ id }) => sessions.went(id));
  aedes.on('publish', (_packet, client) => {
    if (client) counters.received++;
  });
  const counted = new WeakSet<Client>();
  const broken = (client: Client, error: Error) => {
    // Each write that waited fails with it.
    if (counted.has(client)) return;
    counted.add(client);
    // Who just went away has a code of the system, who was refused one of MQTT.
    if ('code' in error || 'returnCode' in error) return;
    counters.droppedClients++;
    guard.complain(`client "${client.id ?? ''}" is dropped: ${error.message}`);
  };
  aedes.on('clientError', broken);
  aedes.on('connectionError', broken);
}
