import type { z } from 'zod';
import type { AmsNetId, AmsPort } from '../ads/index.ts';
import {
  type Complain,
  checkTarget,
  type PlantGiven,
  type PlantTarget,
  type plantEntry,
  plantSection,
  type SimulateGiven,
  targetOf,
} from './plant-section.ts';
import { type Surroundings, within } from './surroundings.ts';

/** One of the plants that an IOC serves. */
export interface PlantConfig {
  /** What links and the log call it. */
  readonly name: string;
  /** What the names of its PVs begin with. */
  readonly prefix: string;
  readonly target: PlantTarget;
  /** Who we are on the AMS network; no NetId: `<our IPv4>.1.1`. */
  readonly source: { readonly netId?: AmsNetId; readonly port: AmsPort };
  /** Longest wait for the answer to one request. */
  readonly timeout: number;
  /** Wait before the second attempt to connect, doubled each time up to the longest. */
  readonly retry: { readonly first: number; readonly longest: number };
  /** What is served beside what the terminal definitions name, and what may be put. */
  readonly tree: {
    readonly symbols: 'defined' | 'all';
    readonly otherSymbols: boolean;
    readonly coeWritable: readonly number[] | 'all';
  };
}

type Entry = z.infer<typeof plantEntry>;

/** What of a file tells its plants. */
export interface PlantsGiven {
  readonly prefix: string;
  readonly plant?: PlantGiven;
  readonly simulate?: SimulateGiven;
  readonly plants?: readonly Entry[];
  readonly naming: { readonly separator: string };
}

/** Either one plant, or a list of plants that do not get in each other's way. */
export function checkPlants(given: PlantsGiven, complain: Complain): void {
  const { plant, simulate, plants } = given;
  if (!plants) {
    checkTarget(plant, simulate, (path, message) =>
      complain(path[0] === 'simulate' ? path : ['plant', ...path], message),
    );
    return;
  }
  const beside = plant ? 'plant' : simulate && 'simulate';
  if (beside) complain([beside], 'is given beside plants; put it into that list');
  for (const [i, entry] of plants.entries()) {
    checkTarget(entry, entry.simulate, (path, message) =>
      complain(['plants', i, ...path], message),
    );
  }
  refuseDoubles(given, plants, complain);
}

/** The plants of a file that passed `checkPlants`, with all secrets and files read. */
export function plantsOf(given: PlantsGiven, around: Surroundings): readonly PlantConfig[] {
  const { prefix, plant = plantSection.parse({}), simulate, plants } = given;
  if (!plants) return [plantOf({ ...plant, prefix }, simulate, within(around, ['plant']))];
  return plants.map((entry, i) =>
    plantOf(
      { ...entry, prefix: prefixOf(given, entry) },
      entry.simulate,
      within(around, ['plants', i]),
    ),
  );
}

function plantOf(
  given: PlantGiven & { readonly prefix: string },
  simulate: SimulateGiven | undefined,
  around: Surroundings,
): PlantConfig {
  const { name, prefix, source, timeout, retry, symbols, otherSymbols, coe } = given;
  const tree = { symbols, otherSymbols, coeWritable: coe.writable };
  return { name, prefix, target: targetOf(given, simulate, around), source, timeout, retry, tree };
}

function prefixOf({ prefix, naming }: PlantsGiven, entry: Entry): string {
  return entry.prefix ?? `${prefix}${naming.separator}${entry.name}`;
}

/** What two plants must not share: the key where it is, how it is told, and why. */
interface Rule {
  readonly path: readonly string[];
  readonly of: (entry: Entry, given: PlantsGiven) => string | undefined;
  readonly why: string;
}

const rules: readonly Rule[] = [
  { path: ['name'], of: ({ name }) => name, why: 'links could mean either' },
  {
    path: ['prefix'],
    of: (entry, given) => prefixOf(given, entry),
    why: 'their PVs would have the same names',
  },
  {
    path: ['host'],
    of: ({ host, port }) => host && `${host.toLowerCase()}:${port}`,
    why: 'a controller keeps one connection per client address',
  },
  {
    path: ['mqtt'],
    of: ({ mqtt, netId }) => mqtt?.url && `${mqtt.url} ${mqtt.topic} ${netId}`,
    why: 'it is the same plant',
  },
  {
    path: ['mqtt', 'clientId'],
    of: ({ mqtt }) => mqtt?.url && mqtt.clientId && `${mqtt.url} ${mqtt.clientId}`,
    why: 'a broker ends the older of two clients of one name',
  },
  {
    path: ['source', 'netId'],
    of: ({ mqtt, source }) =>
      mqtt?.url && source.netId && `${mqtt.url} ${mqtt.topic} ${source.netId}`,
    why: 'on a virtual network a NetId is for one',
  },
];

function refuseDoubles(given: PlantsGiven, plants: readonly Entry[], complain: Complain): void {
  for (const { path, of, why } of rules) {
    const first = new Map<string, Entry>();
    for (const [i, entry] of plants.entries()) {
      const key = of(entry, given);
      const other = key ? first.get(key) : undefined;
      if (other) complain(['plants', i, ...path], `is that of ${other.name} too: ${why}`);
      else if (key) first.set(key, entry);
    }
  }
}
