import { Scope } from '../kernel/index.ts';
import type { PvDirectory } from '../pv/index.ts';
import { sendBeacons } from './beacon-sender.ts';
import type { CircuitWorld } from './circuit.ts';
import { Circuits } from './circuits.ts';
import { type CaCounters, newTally, type Tally } from './counters.ts';
import { isMulticast } from './interfaces.ts';
import { type CaOptions, type CompleteOptions, completeOptions } from './options.ts';
import { Publisher } from './publisher.ts';
import { SearchResponder } from './search.ts';
import { listenTcp } from './tcp.ts';
import { listenUdp } from './udp.ts';

/** How often clients are looked at that take nothing. */
const INSPECTION_MS = 1000;

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
    return await open(directory, completeOptions(options), scope);
  } catch (cause) {
    await scope[Symbol.asyncDispose]();
    throw cause;
  }
}

async function open(
  directory: PvDirectory,
  options: CompleteOptions,
  scope: Scope,
): Promise<CaServer> {
  const tally = newTally();
  const { limits, log, clock } = options;
  const publisher = new Publisher(() => directory.columns, limits.maxArrayBytes, tally, log);
  const posted = directory.posted$.subscribe((batch) => publisher.publish(batch));
  scope.defer(() => posted.unsubscribe());

  let sid = 0;
  let port = 0;
  const nextSid = () => {
    sid = (sid + 1) >>> 0;
    return sid;
  };
  const world: CircuitWorld = {
    ...{ directory, publisher, limits, tally, clock, log, nextSid },
    get tcpPort() {
      return port;
    },
  };
  const circuits = new Circuits(world);
  const addresses = options.interfaces.filter((address) => !isMulticast(address));
  const hosts = addresses.length > 0 ? addresses : ['0.0.0.0'];
  port = await listenTcp(options.port, hosts, (socket) => circuits.accept(socket), scope, log);
  scope.defer(() => circuits.destroy());
  const udpPort = await listenSearches(directory, options, port, tally, scope);
  scope.use(clock.every(INSPECTION_MS, () => circuits.inspect()));
  const beats = await sendBeacons(options, port, tally, scope);
  log.info({ port, udpPort, records: directory.size }, 'serving Channel Access');
  const dispose = () => scope[Symbol.asyncDispose]();
  scope.signal.addEventListener('abort', () => void dispose(), { once: true });
  return {
    ...{ port, udpPort, counters: tally },
    announce: () => beats?.again(),
    [Symbol.asyncDispose]: dispose,
  };
}

/** Answers searches, except those from addresses to ignore. */
function listenSearches(
  directory: PvDirectory,
  options: CompleteOptions,
  tcpPort: number,
  tally: Tally,
  scope: Scope,
): Promise<number> {
  const responder = new SearchResponder(directory, tcpPort, tally);
  const ignored = new Set(options.ignore);
  return listenUdp(
    options.port,
    options.interfaces,
    (datagram, { address }, send) => {
      if (!ignored.has(address)) responder.answer(datagram, send);
    },
    scope,
  );
}
