import { Complaint, type PutLogControl, type PutLogFormat } from './console/index.ts';
import type { Log } from './kernel/index.ts';
import {
  logServerAddress,
  openPutLog,
  type PutLog,
  type PutLogMode,
  type PutLogOptions,
} from './ops/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';
import type { Directory } from './pv/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What caPutLog calls the modes; -1 is off. */
const modes: readonly PutLogMode[] = ['changes', 'all', 'every'];
const DEFAULT_BURST_SECONDS = 5;

const defaults: PutLogOptions = {
  ...{ mode: 'changes', format: 'text', burst: DEFAULT_BURST_SECONDS },
  ...{ prefix: '', site: {}, servers: [] },
};

/** The put log of an IOC: as its configuration says, and as commands of its console change it. */
export class IocPutLog implements PutLogControl, AsyncDisposable {
  readonly #counters = { lines: 0, dropped: 0 };
  readonly #directory: Directory;
  readonly #log: Log;
  readonly #env: Environment;
  readonly #closing = new Set<Promise<void>>();
  #options = defaults;
  #mode: PutLogMode | 'off' = 'off';
  #open: PutLog | undefined;

  constructor(
    directory: Directory,
    { log, env }: { readonly log: Log; readonly env: Environment },
  ) {
    this.#directory = directory;
    this.#log = log;
    this.#env = env;
  }

  /** What is told of it as PVs. */
  get rows(): readonly StatusRow[] {
    const counters = this.#counters;
    return [
      countRow('PutLogLines', 'Lines of the put log', () => counters.lines),
      countRow('PutLogDropped', 'Lines of the put log that were lost', () => counters.dropped),
    ];
  }

  configure(options: PutLogOptions): void {
    this.#mode = options.mode;
    this.#apply(options);
  }

  begin(format: PutLogFormat, servers: string, mode: number, burstSeconds: number): void {
    this.#mode = modeOf(mode);
    const name = format === 'json' ? 'EPICS_CA_JSON_PUT_LOG_ADDR' : 'EPICS_CA_PUT_LOG_ADDR';
    const named = words(servers).length > 0 ? words(servers) : words(this.#env[name] ?? '');
    const pvName = format === 'json' ? 'EPICS_AS_PUT_JSON_LOG_PV' : 'EPICS_AS_PUT_LOG_PV';
    const pv = this.#options.pv ?? this.#env[pvName];
    if (named.length === 0 && this.#mode !== 'off' && !this.#goesSomewhere(pv)) {
      throw new Complaint(`No log server: give host or host:port, or set ${name}`);
    }
    const known = this.#options.servers;
    const added = named.map(addressOf).filter((server) => !known.some(isSame(server)));
    this.#apply({
      ...this.#options,
      ...{ format, servers: [...known, ...added], burst: burstOf(burstSeconds) },
      ...(pv && { pv }),
    });
  }

  setMode(mode: number): void {
    this.#mode = modeOf(mode);
    this.#apply(this.#options);
  }

  setBurst(seconds: number): void {
    this.#apply({ ...this.#options, burst: burstOf(seconds) });
  }

  setPrefix(prefix: string): void {
    this.#apply({ ...this.#options, prefix });
  }

  setSiteKey(key: string, value: string | undefined): void {
    const { [key]: _, ...site } = this.#options.site;
    this.#apply({ ...this.#options, site: value === undefined ? site : { ...site, [key]: value } });
  }

  *show(): Iterable<string> {
    const { format, burst, servers, file, pv } = this.#options;
    const { lines, dropped } = this.#counters;
    yield `put log: ${this.#mode}, ${format}, bursts end after ${burst} s`;
    for (const { host, port } of servers) yield `  server ${host}:${port}`;
    if (file) yield `  file ${file.path}`;
    if (pv !== undefined) yield `  PV ${pv}`;
    yield `  ${lines} lines, ${dropped} lost`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#replace(undefined);
    await Promise.all(this.#closing);
  }

  #goesSomewhere(pv: string | undefined): boolean {
    const { servers, file } = this.#options;
    return servers.length > 0 || file !== undefined || pv !== undefined;
  }

  /** The new log is open before the old one closes, so that no put goes unlogged. */
  #apply(options: PutLogOptions): void {
    this.#options = options;
    if (this.#mode === 'off' || !this.#goesSomewhere(options.pv)) this.#replace(undefined);
    else {
      const given = { ...options, mode: this.#mode };
      this.#replace(openPutLog(this.#directory, given, this.#log, this.#counters));
    }
  }

  #replace(next: PutLog | undefined): void {
    const before = this.#open;
    this.#open = next;
    if (!before) return;
    const closed = Promise.resolve(before[Symbol.asyncDispose]());
    this.#closing.add(closed);
    void closed.finally(() => this.#closing.delete(closed));
  }
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function modeOf(mode: number): PutLogMode | 'off' {
  if (mode === -1) return 'off';
  const found = modes[mode];
  if (found) return found;
  throw new Complaint(`${mode} is no mode of the put log: -1, 0, 1 or 2`);
}

function burstOf(seconds: number): number {
  return seconds > 0 ? seconds : DEFAULT_BURST_SECONDS;
}

type Server = PutLogOptions['servers'][number];

function addressOf(text: string): Server {
  const address = logServerAddress(text);
  if (address) return address;
  throw new Complaint(`"${text}" is not host or host:port`);
}

function isSame(server: Server): (other: Server) => boolean {
  return (other) => other.host === server.host && other.port === server.port;
}
