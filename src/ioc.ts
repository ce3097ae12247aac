import { AwaitedRecords } from './awaited-records.ts';
import { BareIoc } from './bare-ioc.ts';
import type { MqttDevices } from './bus/index.ts';
import { type CaOptions, type CaServer, caOptionsFromEnv, serveCa, servesCa } from './ca/index.ts';
import { caRows, linkRows } from './ca-rows.ts';
import { isSubstitutions } from './check-databases.ts';
import { type IocConfig, loadTerminalDefinitions } from './config/index.ts';
import { type Console, plantCommands, serverCommands, type Variables } from './console/index.ts';
import { FirstSessions } from './first-sessions.ts';
import type { IocAccess } from './ioc-access.ts';
import type { BusParts, ServedBus } from './ioc-bus.ts';
import { plantNodes } from './ioc-nodes.ts';
import { iocStatsTemplate } from './ioc-stats.ts';
import { IocError, type LineRing, type Log, Scope, systemClock } from './kernel/index.ts';
import { mqttRecords, withoutBus } from './mqtt-records.ts';
import { AdsDevices, imageRows, type NewRecords, serveStatus } from './pipeline/index.ts';
import { plantView } from './plant-view.ts';
import { awayRows, type ServedPlant, type SessionHearer, servePlants } from './plants.ts';
import type { Directory } from './pv/index.ts';
import { RecordTemplates } from './record-templates.ts';

export type { SessionSummary } from './pipeline/index.ts';
export type { ServedPlant } from './plants.ts';

/** A running IOC, as its owner sees it. */
export interface Ioc extends AsyncDisposable {
  readonly directory: Directory;
  /** Undefined where the environment says to ignore it. */
  readonly ca: CaServer | undefined;
  readonly plants: readonly ServedPlant[];
  /** The MQTT bus, where there is one. */
  readonly bus: Pick<ServedBus, 'link' | 'urls'> | undefined;
  /** Reads the rules of access security again. */
  readonly access: IocAccess;
  /** Shells on this IOC. */
  readonly console: Console;
}

/** What an IOC needs beside its configuration. */
export interface IocMeans {
  readonly log: Log;
  /** Environment, for the EPICS_CA(S)_* variables; commands of the console set it. */
  readonly env: Variables;
  /** The configuration file, for PVs that tell of it. */
  readonly script?: string;
  /** Ends the process with an exit code that asks for a new start, when a client wants one. */
  readonly restart?: () => void;
  /** The newest lines of the log, for who asks for them over the bus. */
  readonly recent?: LineRing;
  /** Called at the start of each session with a plant, once its PVs are there. */
  readonly onSession?: SessionHearer;
  /**
   * Runs before anything is served, to load records and call `iocInit`, which is called after it
   * if it did not. There `iocInit` waits for the plants, so that their PVs can be put to.
   */
  readonly startUp?: (console: Console, signal: AbortSignal) => Promise<void>;
}

/**
 * Puts the rooms together and starts them: the records, the Channel Access server, simulated plants
 * if there are any, and the sessions with the plants. Runs until disposed of or the signal
 * fires. Rejects for what cannot be mended by waiting: files, ports.
 */
export async function startIoc(
  config: IocConfig,
  means: IocMeans,
  signal: AbortSignal,
): Promise<Ioc> {
  const scope = new Scope(signal);
  try {
    return await assemble(config, means, scope);
  } catch (error) {
    await scope[Symbol.asyncDispose]();
    throw error;
  }
}

/** What is there once an IOC serves. */
type Served = Pick<Ioc, 'ca' | 'plants' | 'bus'>;

/** Device supports of records that a site writes. */
interface SiteDevices {
  readonly ads: AdsDevices;
  readonly mqtt: MqttDevices | undefined;
}

async function assemble(config: IocConfig, means: IocMeans, scope: Scope): Promise<Ioc> {
  const { log, env, startUp } = means;
  let served: Served | undefined;
  const ads = new AdsDevices(config.plants.map(({ name }) => name));
  const mqtt = await mqttRecords(config.bus, log);
  const bare = new BareIoc(
    {
      devices: [ads, mqtt ?? withoutBus],
      ...{ log, env, trustsClaimedHosts: config.access?.hosts === 'claimed', awaitsPlants: true },
      ...aboutOf(config, means),
      server: () => served?.ca,
      commands: [
        ...serverCommands(() => (servesCa(env) ? served?.ca : 'ignored')),
        ...plantCommands(() => viewsOf(config, bare.directory, served?.plants ?? [])),
      ],
      async serve() {
        served = await serve(config, means, bare, { ads, mqtt }, scope);
      },
    },
    scope,
  );
  configure(bare, config);
  await startUp?.(bare.console, scope.signal);
  if (!bare.isInitialised) await bare.init();
  if (!served)
    throw new IocError('ioc/start', 'Start the IOC: iocInit failed in the start-up file');
  if (config.console.socket !== undefined) await bare.serveConsole(config.console.socket);
  return {
    ...{ directory: bare.directory, access: bare.access, console: bare.console },
    ...served,
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

/** Orders what the commands of a start-up file could order, too. */
function configure(bare: BareIoc, config: IocConfig): void {
  const { access, putLog, autosave, databases, iocStats, prefix } = config;
  if (access?.macros !== undefined) bare.access.setMacros(access.macros);
  if (access) bare.access.setFile(access.file);
  if (putLog) bare.putLog.configure(putLog);
  if (autosave) bare.autosave.configure(autosave);
  if (iocStats.enabled) bare.loadRecords(iocStatsTemplate, `IOC=${prefix}`);
  for (const { file, macros } of databases) {
    if (isSubstitutions(file)) bare.loadTemplate(file, macros);
    else bare.loadRecords(file, macros);
  }
}

/** Starts what an IOC does: its servers, and the sessions with its plants. */
async function serve(
  config: IocConfig,
  means: IocMeans,
  bare: BareIoc,
  { ads, mqtt }: SiteDevices,
  scope: Scope,
): Promise<Served> {
  const { log, onSession, startUp, restart, env, script, recent } = means;
  const { image, table: records, directory } = bare;
  const definitions = loadTerminalDefinitions(config.terminals);
  const templates = new RecordTemplates(config.templates, records, log);
  const ca = await servedCa(config, means, directory, scope);
  const first = new FirstSessions(config.plants.length);
  const awaited = new AwaitedRecords(records, log);
  const hearers = {
    onSession: first.heard(onSession, () => awaited.tell()),
    onNewPvs: () => ca?.announce(),
    dress: (made: NewRecords) => templates.dress(made),
    linksOf: (plant: string) => ads.linksOf(plant),
  };
  const place = { image, records, directory };
  const asked = { log, ...hearers, keepsRoster: config.bus !== undefined };
  const plants = await servePlants(config, definitions, place, asked, scope);
  const nodes = plantNodes(plants);
  const files = { env, script, recent, autosave: bare.autosave };
  const { onNewPvs: announce } = hearers;
  const known = { config, directory, records, nodes, plants, restart, announce, log, ...files };
  const bus = await servedBus(config, mqtt && { ...known, devices: mqtt }, scope);
  const rows = [...ownRows(bare, ca, plants), ...awaited.rows, ...(bus?.rows ?? [])];
  const status = serveStatus(ownPlace(config, bare), rows);
  scope.defer(() => status.unsubscribe());
  if (startUp) await first.wait(log, scope.signal);
  return { ca, plants, bus };
}

/** Channel Access; none where the environment leaves it out. */
async function servedCa(
  config: IocConfig,
  { log, env }: IocMeans,
  directory: Directory,
  scope: Scope,
): Promise<CaServer | undefined> {
  const warn = (line: string) => log.warn(line);
  if (!servesCa(env, warn)) return undefined;
  const options = { ...caOptionsFromEnv(env, warn), ...caOptions(config), log };
  return scope.use(await serveCa(directory, options, scope.signal));
}

/** The MQTT bus; its room, and MQTT.js, are loaded only where there is one. */
async function servedBus({ bus }: IocConfig, parts: BusParts | undefined, scope: Scope) {
  if (!bus || !parts) return undefined;
  const { serveBus } = await import('./ioc-bus.ts');
  return serveBus(bus, parts, scope);
}

function ownPlace({ prefix, naming }: IocConfig, { table: records, directory }: BareIoc) {
  return { records, directory, naming: { ...naming, prefix }, clock: systemClock };
}

/** What the IOC tells of itself. */
function ownRows(
  { image, links, putLog }: BareIoc,
  ca: CaServer | undefined,
  plants: readonly ServedPlant[],
) {
  return [
    ...imageRows(image),
    ...awayRows(plants),
    ...(ca ? caRows(ca) : []),
    ...linkRows(links),
    ...putLog.rows,
  ];
}

/** What the configuration and the command line say of the IOC itself. */
function aboutOf({ iocStats }: IocConfig, { script, restart }: IocMeans) {
  const { engineer, location, reset } = iocStats;
  return {
    ...{ engineer, location },
    ...(script !== undefined && { script }),
    ...(reset && restart && { restart }),
  };
}

function viewsOf({ naming }: IocConfig, directory: Directory, plants: readonly ServedPlant[]) {
  return plants.map(({ prefix, address: { where } }) => {
    return plantView({ directory, naming: { ...naming, prefix }, where });
  });
}

function caOptions({ ca: { beacons, ...rest } }: IocConfig): CaOptions {
  if (!beacons) return rest;
  const { period, ...where } = beacons;
  return {
    ...rest,
    beacons: period === undefined ? where : { ...where, periodSeconds: period },
  };
}
