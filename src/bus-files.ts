import { hostname } from 'node:os';
import {
  allowing,
  type BusLink,
  configSnapshot,
  configUpdate,
  type EntityBook,
  EntityRegistry,
  entityService,
  FileClient,
  FileStore,
  FileTransfer,
  fileService,
  logUpload,
  type Operation,
  type PlantNodes,
  type PvClient,
  RecordedLink,
  serveHttp,
  softwareList,
} from './bus/index.ts';
import { autosaveTypes } from './bus-file-autosave.ts';
import { iocConfigTypes } from './bus-file-config.ts';
import { recordsType } from './bus-file-records.ts';
import { terminalTypes } from './bus-file-terminals.ts';
import { topologyType } from './bus-file-topology.ts';
import { busLogs } from './bus-logs.ts';
import { software } from './bus-software.ts';
import type {
  BusConfig,
  FileServiceConfig,
  FilesConfig,
  IocConfig,
  ThinEdgeConfig,
} from './config/index.ts';
import type { IocAutosave } from './ioc-autosave.ts';
import { LineRing, type Log, type Scope, systemClock } from './kernel/index.ts';
import type { ServedPlant } from './plants.ts';
import type { Directory } from './pv/index.ts';
import type { RecordTable } from './records/index.ts';

/** The file service of our own: how it is called, and how else. */
interface OwnService {
  readonly store: FileStore;
  readonly base: string;
  readonly bases: readonly string[];
}

/** Names of this machine in URLs. */
const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/** Events and alarms that are kept for `log_upload`. */
const EVENT_LINES = 10_000;
const EVENT_BYTES = 4 * 2 ** 20;

/** A transfer must move so much in its time. */
const LEAST_BYTES = 1024;

/** What files of an IOC are made of. */
export interface FileGround {
  readonly config: IocConfig;
  /** The configuration file. */
  readonly script: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly recent: LineRing | undefined;
  readonly records: RecordTable;
  readonly directory: Directory;
  readonly autosave: IocAutosave;
  readonly plants: readonly ServedPlant[];
  readonly nodes: PlantNodes;
  readonly log: Log;
}

/** What the bus offers to files. */
export interface FileParts extends FileGround {
  readonly bus: BusConfig;
  /** Of the broker: an agent is where it is. */
  readonly brokerUrl: string;
  readonly link: BusLink;
  readonly entities: EntityBook;
  /** Puts in the bus's name. */
  readonly client: PvClient;
  /** Events and alarms that went to the bus. */
  readonly events: LineRing;
}

/** What files offer to the bus. */
export interface BusFiles {
  readonly operations: readonly Operation[];
  /** Where the service of our own is; undefined where an agent has one. */
  readonly http: string | undefined;
}

/** Notes what is said of events and alarms over a link. */
export function notedEvents(link: BusLink): { readonly link: BusLink; readonly events: LineRing } {
  const events = new LineRing(EVENT_LINES, EVENT_BYTES);
  return { link: new RecordedLink(link, events, () => systemClock.now()), events };
}

/**
 * The operations on files; where no agent does it, the file service and the entity API are served,
 * too, until the scope ends. Rejects where they cannot listen or write.
 */
export async function busFiles(
  { entities: { role, root } }: ThinEdgeConfig,
  parts: FileParts,
  scope: Scope,
): Promise<BusFiles> {
  const { files } = parts.bus;
  const own = role === 'main' ? await served(files.service, root, parts, scope) : undefined;
  const host = new URL(parts.brokerUrl).hostname;
  const base = own?.base ?? files.url ?? `http://${host}:8000`;
  const { maxBytes } = files;
  const client = clientOf(files, [host, new URL(base).host]);
  const transfer = new FileTransfer({ client, base, maxBytes, own });
  return { operations: operationsOf(transfer, parts), http: own?.base };
}

function operationsOf(transfer: FileTransfer, parts: FileParts): readonly Operation[] {
  const { config, script: file, env, recent, records, directory, autosave, plants } = parts;
  const { entities: book, events, client, nodes, log } = parts;
  const plantOf = (topicId: string) => book.entities.byTopicId(topicId)?.plant;
  const types = [
    ...iocConfigTypes({ config, file, env }),
    ...autosaveTypes(autosave, client),
    recordsType(config.prefix, records, directory),
    terminalTypes(config.terminals, plants),
    topologyType(nodes),
  ];
  return [
    logUpload(busLogs({ recent, putLog: config.putLog, events, plantOf }), transfer),
    configSnapshot(types, transfer),
    configUpdate(types, transfer, log),
    softwareList(software),
  ];
}

function clientOf({ tls, token, hosts, timeout, maxBytes }: FilesConfig, own: readonly string[]) {
  return new FileClient({
    ...(tls && { tls }),
    ...(token !== undefined && { token }),
    allows: allowing([...hosts, ...own]),
    maxBytes,
    least: { seconds: timeout, bytes: LEAST_BYTES },
    clock: systemClock,
  });
}

/** The services of an agent, where we are the main device. */
async function served(
  config: FileServiceConfig,
  root: string,
  { link, entities: book, log }: FileParts,
  scope: Scope,
): Promise<OwnService> {
  const { host, port, token, tls, folder, maxBytes, maxFiles } = config;
  const store = await FileStore.open(folder, { maxBytes, maxFiles });
  const isOurs = (topicId: string) => book.entities.byTopicId(topicId) !== undefined;
  const registry = new EntityRegistry(link, root, isOurs, systemClock, scope);
  const options = {
    ...{ host, port, log, clock: systemClock },
    ...(isLoopback(host) && { names: [...LOCAL, host, ...namesIn(config)] }),
    ...(token !== undefined && { token }),
    ...(tls && { tls }),
  };
  const routes = [fileService(store), entityService(registry)];
  const server = scope.use(await serveHttp(routes, options));
  const scheme = tls ? 'https' : 'http';
  const bases = [hostname(), ...LOCAL].map((name) => {
    return `${scheme}://${name}:${server.port}`;
  });
  // Nobody else can reach us at an address that stands for all of ours.
  const reached = host === '0.0.0.0' || host === '::' ? bases[0] : server.url;
  const base = config.url ?? reached ?? server.url;
  log.info(`files and entities: ${base}/te/v1`);
  return { store, base, bases: [server.url, ...bases] };
}

/** Others can come only through what leads them here, by the name that is configured. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function namesIn({ url }: FileServiceConfig): readonly string[] {
  return url === undefined ? [] : [new URL(url).hostname];
}
