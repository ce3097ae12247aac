import { type Clock, type Log, Scope } from '../../kernel/index.ts';
import { CircuitLink } from './circuit-link.ts';
import { type ChannelListener, ClientChannel } from './client-channel.ts';
import type { CircuitHost } from './client-circuit.ts';
import { type Endpoint, endpointText } from './endpoint.ts';
import { NameServers } from './name-servers.ts';
import {
  type CaClientOptions,
  type CompleteClientOptions,
  completeClientOptions,
} from './options.ts';
import { RECONNECT_STEP, type Search, Searches } from './searches.ts';
import { UdpSearch } from './udp-search.ts';

/** Longest name that libca takes, too. */
const LONGEST_NAME = 500;
const INSPECTION_MS = 1000;
/** Beacons make everything be searched anew at most this often, ms. */
const RESTART_MS = 5000;
/** The same complaint is in the log again only after this long, ms. */
const COMPLAIN_AGAIN_MS = 60_000;

/** What a client does and holds now; served as PVs. */
export interface CaClientCounters {
  readonly channels: number;
  readonly connected: number;
  readonly circuits: number;
  readonly searching: number;
}

/** A Channel Access client: channels by name, wherever their servers are. */
export class CaClient implements AsyncDisposable, CircuitHost {
  readonly user: string;
  readonly host: string;
  readonly maxArrayBytes: number;
  readonly clock: Clock;
  /** Hears of failures of what nobody waits for: writes without completion. */
  onException: (text: string) => void = () => {};
  readonly #options: CompleteClientOptions;
  readonly #log: Log;
  readonly #scope = new Scope();
  readonly #channels = new Map<number, ClientChannel>();
  readonly #links = new Map<string, CircuitLink>();
  readonly #searches: Searches;
  #opening: Promise<void> | undefined;
  #udp: UdpSearch | undefined;
  #nameServers: NameServers | undefined;
  #complaint = { text: '', at: 0 };
  #lastId = 0;
  #restartedAt = Number.NEGATIVE_INFINITY;
  #restart: Disposable | undefined;

  private constructor(options: CompleteClientOptions) {
    this.#options = options;
    this.#log = options.log;
    this.user = options.user;
    this.host = options.host;
    this.maxArrayBytes = options.maxArrayBytes;
    this.clock = options.clock;
    this.#searches = new Searches(options.clock, options.maxSearchPeriod, (searches, frames) =>
      this.#send(searches, frames),
    );
  }

  /** A client that can search at once. */
  static async open(options: CaClientOptions = {}): Promise<CaClient> {
    const client = new CaClient(completeClientOptions(options));
    await client.#open();
    return client;
  }

  /** A client that searches as soon as it can; channels may be asked for before. */
  static start(options: CaClientOptions): CaClient {
    const client = new CaClient(completeClientOptions(options));
    client.#opening = client.#open();
    return client;
  }

  get counters(): CaClientCounters {
    const channels = [...this.#channels.values()];
    return {
      channels: channels.length,
      connected: channels.filter(({ connected }) => connected).length,
      circuits: this.#links.size,
      searching: this.#searches.size,
    };
  }

  /** Begins to look for a name. `priority`: 0 to 99, channels of one priority share a circuit. */
  channel(name: string, listener: ChannelListener = {}, priority = 0): ClientChannel {
    const cid = this.nextId();
    const channel = new ClientChannel(this, { name, cid, priority }, listener);
    this.#channels.set(cid, channel);
    const isName = name !== '' && Buffer.byteLength(name) <= LONGEST_NAME;
    if (isName) this.#searches.add({ cid, name });
    else this.#log.warn(`"${name}" is no name of a PV: 1 to ${LONGEST_NAME} bytes`);
    return channel;
  }

  nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#lastId;
  }

  found(cid: number, server: Endpoint): void {
    const channel = this.#channels.get(cid);
    if (channel === undefined) return;
    if (!this.#searches.remove(cid)) {
      this.#warnOfOther(channel, server);
      return;
    }
    this.#linkTo(server, channel.priority).circuit.open(channel);
  }

  refused(channel: ClientChannel): void {
    if (this.#channels.has(channel.cid)) this.#searches.add(channel, RECONNECT_STEP);
  }

  exception(text: string): void {
    this.onException(text);
    const now = this.clock.monotonic();
    // A link may write to who refuses it ten times a second.
    if (text === this.#complaint.text && now - this.#complaint.at < COMPLAIN_AGAIN_MS) return;
    this.#complaint = { text, at: now };
    this.#log.warn(`CA server of ${text}`);
  }

  /** Closes a channel; its circuit goes with the last one. */
  forget(channel: ClientChannel): void {
    if (!this.#channels.delete(channel.cid)) return;
    this.#searches.remove(channel.cid);
    const { circuit } = channel;
    if (circuit === undefined) return;
    circuit.close(channel);
    queueMicrotask(() => {
      if (circuit.channels.size > 0) return;
      for (const link of this.#links.values()) {
        if (link.circuit === circuit) link[Symbol.dispose]();
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opening;
    this.#restart?.[Symbol.dispose]();
    for (const channel of [...this.#channels.values()]) channel[Symbol.dispose]();
    for (const link of [...this.#links.values()]) link[Symbol.dispose]();
    await this.#scope[Symbol.asyncDispose]();
  }

  async #open(): Promise<void> {
    this.#scope.use(this.#searches);
    const listener = {
      found: (cid: number, server: Endpoint) => this.found(cid, server),
      networkChanged: () => this.#networkChanged(),
    };
    this.#udp = this.#scope.use(await UdpSearch.open(this.#options, listener));
    this.#nameServers = this.#scope.use(
      new NameServers(this, this.#options, () => this.#searches.restart()),
    );
    this.#scope.use(this.clock.every(INSPECTION_MS, () => this.#inspect()));
  }

  #send(searches: readonly Search[], frames: number): { sent: number; frames: number } {
    const done = this.#udp?.send(searches, frames) ?? { sent: 0, frames: 0 };
    this.#nameServers?.send(searches.slice(0, done.sent));
    return done;
  }

  #inspect(): void {
    for (const link of this.#links.values()) link.inspect();
  }

  #linkTo(server: Endpoint, priority: number): CircuitLink {
    const key = `${endpointText(server)} ${priority}`;
    const known = this.#links.get(key);
    if (known) return known;
    const { connectionTimeout } = this.#options;
    const link = new CircuitLink(this, { server, priority }, connectionTimeout, {
      lost: (lost, why) => {
        if (this.#links.get(key) === lost) this.#links.delete(key);
        this.#lost(lost, why);
      },
    });
    this.#links.set(key, link);
    return link;
  }

  /** Its channels look for another server, or the same one when it is back. */
  #lost({ circuit }: CircuitLink, why: string): void {
    const channels = circuit.dropAll(`the circuit to ${endpointText(circuit.server)} was lost`);
    if (channels.length === 0) return;
    this.#log.info({ channels: channels.length }, `CA circuit lost: ${why}`);
    for (const channel of channels) this.refused(channel);
  }

  /** Two servers with one name: the first one is used, and somebody should know. */
  #warnOfOther({ name, circuit, connected }: ClientChannel, server: Endpoint): void {
    if (!circuit || !connected) return;
    const used = endpointText(circuit.server);
    const other = endpointText(server);
    if (used !== other) this.#log.warn(`PV ${name} is served by ${used} and by ${other}`);
  }

  #networkChanged(): void {
    const wait = this.#restartedAt + RESTART_MS - this.clock.monotonic();
    this.#restart ??= this.clock.after(Math.max(wait, 0), () => {
      this.#restart = undefined;
      this.#restartedAt = this.clock.monotonic();
      this.#searches.restart();
    });
  }
}
