import { type Subscription, tap } from 'rxjs';
import type { AdsConnectOptions, AmsNetId, AmsPort } from '../ads/index.ts';
import { type Clock, type Log, sleep } from '../kernel/index.ts';
import type { ProcessImage, Slot } from '../model/index.ts';
import type { Directory, NamingRule } from '../pv/index.ts';
import type { RecordTable } from '../records/index.ts';
import type { Definitions, PlantFacts, TreeOptions } from '../twincat/index.ts';
import { Ages } from './ages.ts';
import { BackOff, type Retry } from './back-off.ts';
import { newCounters, type PipelineCounters } from './counters.ts';
import { type Diagnosis, Diagnostician, GOOD_SESSION_MS, type Parties } from './diagnosis.ts';
import type { NewRecords } from './dressing.ts';
import type { SupervisionPlan } from './heartbeat.ts';
import { PlantLinks } from './links/plant-links.ts';
import { Places } from './places.ts';
import { PlantChanges } from './plant-changes.ts';
import { PlantMemory } from './plant-memory.ts';
import { addVersionRecord } from './plant-rows.ts';
import { PlantState, PlantStatus } from './plant-status.ts';
import { type Outlet, sendPuts } from './puts.ts';
import { Qualifications } from './qualifications.ts';
import { Residents } from './residents.ts';
import type { Roster } from './roster.ts';
import { type Progress, runSession, type SessionSummary } from './session.ts';
import type { SetpointRule } from './setpoint-policy.ts';
import type { NotificationPlan } from './subscribe.ts';
import { type ValueRule, ValueRules } from './value-rules.ts';

/** Which plant to serve and how; times in seconds. */
export interface PlantOptions {
  readonly connection: AdsConnectOptions;
  /** NetId of the TwinCAT system. */
  readonly netId: AmsNetId;
  readonly symbolPort: AmsPort;
  readonly definitions: Definitions;
  /** What is served beside what the definitions name, and what may be put. */
  readonly tree?: TreeOptions;
  readonly naming: NamingRule;
  readonly notifications: NotificationPlan;
  readonly poll: { readonly period: number };
  /** `tolerance`: how far the plant's clock may be from ours for its times to be taken. */
  readonly update: { readonly flush: number; readonly tolerance?: number };
  /** How values are brought and kept; the first rule that matches a PV counts. */
  readonly values?: readonly ValueRule[];
  readonly retry: Retry;
  readonly supervision: SupervisionPlan;
  /** What becomes of setpoints when the plant returns. */
  readonly setpoints: readonly SetpointRule[];
  readonly log: Log;
  readonly clock: Clock;
  /** Called before each attempt to connect; resolves with what may stand in its way, if anything. */
  readonly prepare?: (signal: AbortSignal) => Promise<string | undefined>;
  /** Called before the records of an attribute with a template are made. */
  readonly dress?: (records: NewRecords) => void;
  /** Records of a site that have links on the plant; none unless told. */
  readonly links?: PlantLinks;
  /** Told which controllers are served as which PVs. */
  readonly roster?: Roster | undefined;
  /** Called when PVs came that were not there before. */
  readonly onNewPvs?: () => void;
  /** Called at the start of each session, once its PVs are there. */
  readonly onSession?: (summary: SessionSummary) => void;
}

/** The records that stand for the plant. */
export interface Served {
  readonly image: ProcessImage;
  readonly records: RecordTable;
  readonly directory: Directory;
}

/** What lives as long as the IOC, whether the plant is there or not. */
export interface Plant extends Served {
  readonly options: PlantOptions;
  readonly memory: PlantMemory;
  readonly counters: PipelineCounters;
  readonly status: PlantStatus;
  readonly places: Places;
  readonly residents: Residents;
  readonly changes: PlantChanges;
  readonly values: ValueRules;
  readonly ages: Ages;
  readonly qualifications: Qualifications;
  /** Records of a site that have links on the plant. */
  readonly links: PlantLinks;
  /** The record of the symbol version, which is the heartbeat of all notifications too. */
  readonly versionSlot: Slot;
  /** Setpoints that had a value of their own once. */
  readonly ownSetpoints: Set<Slot>;
  /** Keys of slaves that are another terminal than they should be. */
  readonly wrong: Set<string>;
  /** Says in the log what is known for good, however often it is found. */
  readonly warnOnce: (text: string) => void;
  /** The plant as it was found last. */
  facts: PlantFacts | undefined;
  /** Where puts go; undefined while the plant is away. */
  outlet: Outlet | undefined;
  /** Called before each batch, whoever causes it: what came may mean nothing any more. */
  check: () => void;
}

/**
 * The longest pause, in seconds, before another attempt that hurts nobody: data must be back 5 s
 * after the plant (facts/faults.md section 4.3, row 1).
 */
const SOON = 2;

export function newPlant(options: PlantOptions, served: Served): Plant {
  const { log, clock, naming, definitions } = options;
  const memory = new PlantMemory(served.image, clock, options.update.tolerance);
  const qualifications = new Qualifications(served.image);
  const warned = new Set<string>();
  const plant: Plant = {
    ...served,
    ...{ options, memory, counters: newCounters() },
    status: new PlantStatus(log, clock),
    places: new Places(memory),
    residents: new Residents(naming, definitions),
    changes: new PlantChanges(clock),
    values: new ValueRules(options.values ?? [], options.notifications),
    ...{ ages: new Ages(), qualifications, links: options.links ?? new PlantLinks() },
    versionSlot: addVersionRecord(served.records, naming),
    ...{ ownSetpoints: new Set(), wrong: new Set(), facts: undefined, outlet: undefined },
    warnOnce(text) {
      if (!warned.has(text)) log.warn(text);
      warned.add(text);
    },
    check: () => {},
  };
  plant.links.attach(plant);
  served.directory.prepare(() => {
    plant.check();
    qualifications.judge(clock.monotonic());
  });
  return plant;
}

/** Takes puts to the plant whose record they are of, until unsubscribed from. */
export function servePuts(plants: readonly Plant[], directory: Directory): Subscription {
  const outletOf = (slot: Slot) => plants.find(({ places }) => places.owns(slot))?.outlet;
  return sendPuts(directory.puts$, outletOf)
    .pipe(tap(() => directory.flush()))
    .subscribe();
}

/**
 * Serves the values of a plant until the signal fires: one session after the other, with pauses that grow to the
 * longest and a jitter, so that many IOCs do not return at once. Never rejects.
 */
export async function runPlant(plant: Plant, signal: AbortSignal): Promise<void> {
  const { options, counters, status } = plant;
  const diagnostician = new Diagnostician();
  const backOff = new BackOff(options.retry);
  while (!signal.aborted) {
    const began = options.clock.monotonic();
    const sessions = counters.sessions;
    const { state, text, pace } = await lived(plant, diagnostician, signal);
    if (signal.aborted) break;
    if (options.clock.monotonic() - began > GOOD_SESSION_MS) backOff.reset();
    const wait = backOff.next(pace === 'soon' ? SOON : undefined);
    const what = counters.sessions > sessions ? 'plant lost' : 'plant not reached';
    if (counters.sessions > sessions) status.lose(text);
    status.set(state, text);
    options.log.error(`${what}: ${text}; next try in ${wait.toFixed(1)} s`);
    await sleep(wait * 1000, signal, options.clock).catch(() => {});
  }
}

/** Runs a session and tells why it ended. */
async function lived(
  plant: Plant,
  diagnostician: Diagnostician,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const { options, status, counters } = plant;
  const progress: Progress = {};
  const began = options.clock.monotonic();
  const { state } = status;
  // What is wrong stays told while the next attempt lasts.
  if (state === PlantState.disconnected && status.lastLoss === '' && counters.attempts === 0) {
    status.set(PlantState.connecting, `connecting to ${peerOf(plant)}`);
  }
  counters.attempts++;
  try {
    await runSession(plant, progress, signal);
    return { state: PlantState.disconnected, text: 'stopped', pace: 'soon' };
  } catch (error) {
    const { client, served = false, obstacle } = progress;
    const end = {
      ...{ error, served, obstacle, accepted: client !== undefined },
      answered: (client?.counters.bytesReceived ?? 0) > 0,
      lifeMs: options.clock.monotonic() - began,
    };
    return diagnostician.diagnose(end, partiesOf(plant, progress));
  }
}

function partiesOf(plant: Plant, { client }: Progress): Parties {
  const { connection, netId } = plant.options;
  const ours = client?.source.netId ?? connection.source.netId ?? 'unknown';
  const overBroker = connection.transport.kind === 'mqtt';
  return { peer: peerOf(plant), ours, theirs: netId, overBroker };
}

function peerOf({ options: { connection, netId } }: Plant): string {
  const { transport } = connection;
  return 'host' in transport ? `${transport.host}:${transport.port ?? 48898}` : netId;
}
