import { type CaOptions, type CaServer, caOptionsFromEnv, serveCa } from './ca/index.ts';
import { caRows } from './ca-rows.ts';
import { type IocConfig, loadTerminalDefinitions } from './config/index.ts';
import { type Log, Scope, systemClock } from './kernel/index.ts';
import { ProcessImage } from './model/index.ts';
import {
  newPlant,
  type PipelineCounters,
  type PlantOptions,
  plantRows,
  runPlant,
  type SessionSummary,
  serveStatus,
} from './pipeline/index.ts';
import { type PlantAddress, plantAddress } from './plant-address.ts';
import { type AccessControl, AccessSecurity, Directory, type InputSource } from './pv/index.ts';
import { RecordTable } from './records/index.ts';
import { routeToUs } from './route-to-us.ts';
import { openSecurity } from './security.ts';

export type { SessionSummary } from './pipeline/index.ts';

/** A running IOC, as its owner sees it. */
export interface Ioc extends AsyncDisposable {
  readonly directory: Directory;
  readonly ca: CaServer;
  readonly plant: PlantAddress;
  readonly counters: Readonly<PipelineCounters>;
  /** Reads the rules of access security again; undefined where there are none. */
  readonly access: AccessControl | undefined;
}

/** What an IOC needs beside its configuration. */
export interface IocMeans {
  readonly log: Log;
  /** Environment, for the EPICS_CA(S)_* variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called at the start of each session with the plant, once its PVs are there. */
  readonly onSession?: (summary: SessionSummary) => void;
}

/**
 * Puts the rooms together and starts them: the simulated plant if there is one, the records, the
 * Channel Access server, and the sessions with the plant. Runs until disposed of or the signal
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
  const { log, env } = means;
  const definitions = loadTerminalDefinitions(config.terminals);
  const address = await plantAddress(config.plant.target, definitions, log, scope);
  const image = new ProcessImage();
  const records = new RecordTable(image, systemClock);
  const trustsClaimedHosts = config.access?.hosts === 'claimed';
  const directory = new Directory(records, new AccessSecurity({ trustsClaimedHosts }));
  const security = await openSecurity(config, directory, nowhere, means, scope);
  const fromEnv = caOptionsFromEnv(env, (line) => log.warn(line));
  const options = { ...fromEnv, ...caOptions(config), log };
  const ca = scope.use(await serveCa(directory, options, scope.signal));
  const plant = newPlant(
    { ...plantOptions(config, address, means), definitions, onNewPvs: () => ca.announce() },
    { image, records, directory },
  );
  const status = serveStatus(plant, [...plantRows(plant), ...caRows(ca), ...security.rows]);
  scope.defer(() => status.unsubscribe());
  const ended = runPlant(plant, scope.signal);
  scope.defer(() => ended);
  return {
    directory,
    ca,
    plant: address,
    counters: plant.counters,
    access: security.control,
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

function plantOptions(
  config: IocConfig,
  { transport, netId, symbolPort, errand }: PlantAddress,
  { log, onSession }: IocMeans,
): Omit<PlantOptions, 'definitions'> {
  const { prefix, naming, notifications, values, poll, update, supervision, setpoints } = config;
  const { source, timeout, retry, tree } = config.plant;
  return {
    connection: { transport, source, timeoutMs: timeout * 1000, log },
    netId,
    symbolPort,
    naming: { prefix, ...naming },
    tree,
    notifications,
    values,
    poll,
    update,
    retry,
    supervision,
    setpoints,
    log,
    clock: systemClock,
    ...(errand && { prepare: routeToUs({ ...errand, log, clock: systemClock }) }),
    ...(onSession ? { onSession } : {}),
  };
}
