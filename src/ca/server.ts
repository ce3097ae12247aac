import type { Socket } from 'node:net';
import { Scope } from '../kernel/index.ts';
import type { PvDirectory } from '../pv/index.ts';
import { withAddresses } from './addresses.ts';
import { sendBeacons } from './beacon-sender.ts';
import { BufferPool } from './buffer-pool.ts';
import type { CircuitWorld } from './circuit.ts';
import { Circuits } from './circuits.ts';
import { type CaCounters, newTally } from './counters.ts';
import { affordableCircuits } from './descriptors.ts';
import { interfaceFingerprint, isMulticast } from './interfaces.ts';
import { type CaOptions, type CompleteOptions, completeOptions } from './options.ts';
import { Publisher } from './publisher.ts';
import type { CaReport, ChannelReport } from './report.ts';
import { SearchResponder } from './search.ts';
import { SearchLimit } from './search-limit.ts';
import { CircuitListeners } from './tcp.ts';
import { SearchSockets } from './udp.ts';

/** How often clients are looked at that take nothing or say nothing. */
const INSPECTION_MS = 1000;
/** How often the interfaces of this host are looked at. */
const INTERFACES_MS = 5000;

/** A running Channel Access server. */
export interface CaServer extends AsyncDisposable {
  /** TCP port of circuits. */
  readonly port: number;
  /** UDP port of searches. */
  readonly udpPort: number;
  /** Live. */
  readonly counters: CaCounters;
  /** PVs came that were not there before: clients that look for them in vain ask again at once. */
  announce(): void;
  /** The server and each of its clients now: `casr`. */
  report(): CaReport;
  /** The channels of each client, in the order of the report: `casr 2`. */
  channels(): readonly (readonly ChannelReport[])[];
}

/**
 * Serves a directory over Channel Access until disposed of or the signal fires. Listening that
 * fails throws `ca/listen`; a taken TCP port does not, another one is served and announced.
 */
export async function serveCa(
  directory: PvDirectory,
  options: CaOptions,
  signal: AbortSignal,
): Promise<CaServer> {
  const scope = new Scope(signal);
  try {
    const complete = await withAddresses(completeOptions(options));
    return await open(newWorld(directory, complete, scope), complete, scope);
  } catch (cause) {
    await scope[Symbol.asyncDispose]();
    throw cause;
  }
}

type World = { -readonly [K in keyof CircuitWorld]: CircuitWorld[K] };

/** What circuits share; its TCP port is not known yet. */
function newWorld(directory: PvDirectory, options: CompleteOptions, scope: Scope): World {
  const tally = newTally();
  const { log, clock } = options;
  const limits = { ...options.limits, circuits: affordableCircuits(options.limits.circuits) };
  const publisher = new Publisher(() => directory.columns, limits.maxArrayBytes, tally, log);
  const posted = directory.posted$.subscribe((batch) => publisher.publish(batch));
  scope.defer(() => posted.unsubscribe());
  let sid = 0;
  const nextSid = () => {
    sid = (sid + 1) >>> 0;
    return sid;
  };
  const pool = new BufferPool();
  return { directory, publisher, limits, tally, clock, log, pool, nextSid, tcpPort: 0 };
}

async function open(world: World, options: CompleteOptions, scope: Scope): Promise<CaServer> {
  const { log, clock, interfaces } = options;
  const circuits = new Circuits(world);
  const addresses = listened(interfaces);
  const accept = (socket: Socket) => circuits.accept(socket);
  const listeners = scope.use(await CircuitListeners.open(options.port, addresses, accept, log));
  const { port } = listeners;
  world.tcpPort = port;
  scope.defer(() => circuits.close());
  const searches = scope.use(await listenSearches(world, options));
  scope.use(clock.every(INSPECTION_MS, () => circuits.inspect()));
  const beats = await sendBeacons(options, port, world.tally, scope);
  watchInterfaces(options, scope, async () => {
    await Promise.all([listeners.refresh(), searches.refresh()]);
    beats.again();
  });
  const { port: udpPort } = searches;
  log.info({ port, udpPort, records: world.directory.size }, 'serving Channel Access');
  const dispose = () => scope[Symbol.asyncDispose]();
  scope.signal.addEventListener('abort', () => void dispose(), { once: true });
  const report = () => ({ port, udpPort, interfaces: addresses, clients: circuits.report() });
  return {
    ...{ port, udpPort, counters: world.tally, report },
    announce: () => beats.again(),
    channels: () => circuits.channels(),
    [Symbol.asyncDispose]: dispose,
  };
}

/** Where circuits are listened for: groups bring none. */
function listened(interfaces: readonly string[]): readonly string[] {
  const unicast = interfaces.filter((address) => !isMulticast(address));
  return unicast.length > 0 ? unicast : ['0.0.0.0'];
}

/** Answers searches, except those from addresses to ignore, or that come too thick. */
function listenSearches(world: World, options: CompleteOptions): Promise<SearchSockets> {
  const { tally, limits, clock, log } = world;
  const responder = new SearchResponder(world.directory, world.tcpPort, tally);
  const ignored = new Set(options.ignore);
  const limit = new SearchLimit(limits.searchBurst, limits.searchesPerSecond, clock);
  return SearchSockets.open(
    options.port,
    options.interfaces,
    (datagram, { address }, send) => {
      if (ignored.has(address)) return;
      if (limit.take(address)) responder.answer(datagram, send);
      else tally.unheardSearches++;
    },
    log,
  );
}

/** Calls when an address of this host came, went, or changed. */
function watchInterfaces(
  { clock, log }: CompleteOptions,
  scope: Scope,
  changed: () => Promise<void>,
): void {
  let known = interfaceFingerprint();
  const look = () => {
    const now = interfaceFingerprint();
    if (now === known) return;
    log.info({ before: known, now }, 'network interfaces changed, CA beacons start over');
    known = now;
    void changed();
  };
  scope.use(clock.every(INTERFACES_MS, look));
}
