import type { IocConfig, PlantConfig } from './config/index.ts';
import { type Log, type Scope, systemClock } from './kernel/index.ts';
import {
  countRow,
  isUp,
  type NewRecords,
  newPlant,
  type PipelineCounters,
  type Plant,
  PlantErrands,
  type PlantLinks,
  type PlantOptions,
  type PlantStatus,
  plantRows,
  Roster,
  runPlant,
  type Served,
  type SessionSummary,
  type StatusRow,
  servePuts,
  serveStatus,
} from './pipeline/index.ts';
import { type PlantAddress, plantAddress } from './plant-address.ts';
import { routeToUs } from './route-to-us.ts';
import { type TerminalTrial, triedDefinitions } from './terminal-trial.ts';
import type { Definitions } from './twincat/index.ts';

/** A plant that an IOC serves, as its owner sees it. */
export interface ServedPlant {
  readonly name: string;
  /** What the names of its PVs begin with. */
  readonly prefix: string;
  readonly address: PlantAddress;
  readonly counters: Readonly<PipelineCounters>;
  readonly status: Pick<PlantStatus, 'state' | 'text' | 'changed'>;
  /** Its controllers and their PVs; undefined where nobody wants to know. */
  readonly roster: Roster | undefined;
  /** What other terminal definitions would make of it; undefined until it was found. */
  tryDefinitions(definitions: Definitions): TerminalTrial | undefined;
  /** What it can be asked for beside its values. */
  readonly errands: PlantErrands;
}

/** Hears of the start of each session with a plant. */
export type SessionHearer = (summary: SessionSummary, plant: ServedPlant) => void;

/** What plants need beside their configuration. */
export interface PlantMeans {
  readonly log: Log;
  readonly onSession?: SessionHearer;
  readonly onNewPvs: () => void;
  /** Says more of records that are about to be made. */
  readonly dress: (records: NewRecords) => void;
  /** Somebody wants to know which controllers are served as which PVs. */
  readonly keepsRoster: boolean;
  /** Records of the site on a plant, by its name. */
  readonly linksOf: (plant: string) => PlantLinks;
}

/**
 * Starts the sessions with every plant of a configuration, each with records and a life of its own:
 * whatever becomes of one is nothing to the others. They end with the scope.
 */
export async function servePlants(
  config: IocConfig,
  definitions: Definitions,
  served: Served,
  means: PlantMeans,
  scope: Scope,
): Promise<readonly ServedPlant[]> {
  const isOnly = config.plants.length === 1;
  const made = await Promise.all(
    config.plants.map(async (each) => {
      const room = { room: 'ads' };
      const log = means.log.child(isOnly ? room : { ...room, plant: each.name });
      const address = await plantAddress(each.target, definitions, log, scope);
      const options = { ...plantOptions(config, each, address, log), definitions };
      return madePlant(each, address, options, served, means);
    }),
  );
  const all = made.map(({ plant }) => plant);
  const puts = servePuts(all, served.directory);
  scope.defer(() => puts.unsubscribe());
  for (const plant of all) begin(plant, served, scope);
  return made.map(({ told }) => told);
}

function madePlant(
  { name, prefix }: PlantConfig,
  address: PlantAddress,
  options: PlantOptions,
  served: Served,
  { onNewPvs, dress, linksOf, onSession, keepsRoster }: PlantMeans,
): { readonly plant: Plant; readonly told: ServedPlant } {
  const heard = (summary: SessionSummary) => onSession?.(summary, told);
  const roster = keepsRoster ? new Roster() : undefined;
  const hearers = { onNewPvs, dress, links: linksOf(name), onSession: heard, roster };
  const plant = newPlant({ ...options, ...hearers }, served);
  const { counters, status } = plant;
  const told: ServedPlant = {
    ...{ name, prefix, address, counters, status, roster },
    errands: new PlantErrands(plant),
    tryDefinitions(others) {
      const { facts } = plant;
      const { naming, tree, definitions } = options;
      return facts && triedDefinitions({ facts, naming, tree, definitions }, others);
    },
  };
  return { plant, told };
}

/** The life of a plant begins, and what it tells of itself. */
function begin(plant: Plant, served: Served, scope: Scope): void {
  const { naming, clock } = plant.options;
  const place = { ...served, naming, clock };
  const status = serveStatus(place, plantRows(plant), plant.status.changed.told$);
  scope.defer(() => status.unsubscribe());
  const ended = runPlant(plant, scope.signal);
  scope.defer(() => ended);
}

/** How many of several plants are away; of a single one its own state tells. */
export function awayRows(plants: readonly ServedPlant[]): readonly StatusRow[] {
  if (plants.length < 2) return [];
  const away = countRow('PlantsAway', 'Plants that are not connected', () => {
    return plants.filter(({ status }) => !isUp(status)).length;
  });
  return [
    countRow('Plants', 'Plants that this IOC serves', () => plants.length),
    { ...away, fields: { HIGH: 1, HSV: 'MAJOR' } },
  ];
}

function plantOptions(
  config: IocConfig,
  { prefix, source, timeout, retry, tree }: PlantConfig,
  { transport, netId, symbolPort, errand }: PlantAddress,
  log: Log,
): Omit<PlantOptions, 'definitions'> {
  const { naming, notifications, values, poll, update, supervision, setpoints } = config;
  return {
    connection: { transport, source, timeoutMs: timeout * 1000, log },
    netId,
    symbolPort,
    naming: { ...naming, prefix },
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
  };
}
