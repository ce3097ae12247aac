import { openAutosave } from './autosave.ts';
import { type CaOptions, type CaServer, caOptionsFromEnv, serveCa } from './ca/index.ts';
import { caRows } from './ca-rows.ts';
import { type IocConfig, loadTerminalDefinitions } from './config/index.ts';
import { type Log, Scope, systemClock, turnClock } from './kernel/index.ts';
import { ProcessImage } from './model/index.ts';
import { imageRows, serveStatus } from './pipeline/index.ts';
import { awayRows, type ServedPlant, type SessionHearer, servePlants } from './plants.ts';
import { type AccessControl, AccessSecurity, Directory, type InputSource } from './pv/index.ts';
import { RecordTable } from './records/index.ts';
import { openSecurity } from './security.ts';

export type { SessionSummary } from './pipeline/index.ts';
export type { ServedPlant } from './plants.ts';

/** A running IOC, as its owner sees it. */
export interface Ioc extends AsyncDisposable {
  readonly directory: Directory;
  readonly ca: CaServer;
  readonly plants: readonly ServedPlant[];
  /** Reads the rules of access security again; undefined where there are none. */
  readonly access: AccessControl | undefined;
}

/** What an IOC needs beside its configuration. */
export interface IocMeans {
  readonly log: Log;
  /** Environment, for the EPICS_CA(S)_* variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called at the start of each session with a plant, once its PVs are there. */
  readonly onSession?: SessionHearer;
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

async function assemble(config: IocConfig, means: IocMeans, scope: Scope): Promise<Ioc> {
  const { log, env, onSession } = means;
  const definitions = loadTerminalDefinitions(config.terminals);
  const image = new ProcessImage();
  const records = new RecordTable(image, turnClock(systemClock));
  const trustsClaimedHosts = config.access?.hosts === 'claimed';
  const directory = new Directory(records, new AccessSecurity({ trustsClaimedHosts }));
  const security = await openSecurity(config, directory, nowhere, means, scope);
  const saved = { records, directory, log, env };
  const autosave = config.autosave && (await openAutosave(config.autosave, saved));
  const fromEnv = caOptionsFromEnv(env, (line) => log.warn(line));
  const options = { ...fromEnv, ...caOptions(config), log };
  const ca = scope.use(await serveCa(directory, options, scope.signal));
  const served = { image, records, directory };
  const hearers = { ...(onSession && { onSession }), onNewPvs: () => ca.announce() };
  const plants = await servePlants(config, definitions, served, { log, ...hearers }, scope);
  const { prefix, naming } = config;
  const place = { records, directory, naming: { ...naming, prefix }, clock: systemClock };
  const rows = [...imageRows(image), ...awayRows(plants), ...caRows(ca), ...security.rows];
  const status = serveStatus(place, rows);
  scope.defer(() => status.unsubscribe());
  // The first to end: what it saves last is what clients saw last.
  if (autosave) scope.use(autosave).start();
  return {
    ...{ directory, ca, plants, access: security.control },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

/** No PVs of other IOCs: what rules want to know of them, nobody knows. */
const nowhere: InputSource = { watch: () => ({ [Symbol.dispose]: () => {} }) };

function caOptions({ ca: { beacons, ...rest } }: IocConfig): CaOptions {
  if (!beacons) return rest;
  const { period, ...where } = beacons;
  return {
    ...rest,
    beacons: period === undefined ? where : { ...where, periodSeconds: period },
  };
}
