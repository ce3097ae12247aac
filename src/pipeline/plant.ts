import { tap } from 'rxjs';
import type { AdsConnectOptions, AmsNetId, AmsPort } from '../ads/index.ts';
import { type Clock, type Log, messageOf, sleep } from '../kernel/index.ts';
import type { ProcessImage } from '../model/index.ts';
import type { Directory, NamingRule } from '../pv/index.ts';
import type { RecordTable } from '../records/index.ts';
import type { Definitions, TreeOptions } from '../twincat/index.ts';
import { newCounters, type PipelineCounters } from './counters.ts';
import { PlantMemory } from './plant-memory.ts';
import { type Outlet, sendPuts } from './puts.ts';
import { runSession, type SessionSummary } from './session.ts';
import type { NotificationPlan } from './subscribe.ts';

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
  readonly update: { readonly flush: number };
  readonly retry: { readonly first: number; readonly longest: number };
  readonly log: Log;
  readonly clock: Clock;
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
  /** Where puts go; undefined while the plant is away. */
  outlet: Outlet | undefined;
}

/** A session that lived so long, in milliseconds, was a good one: the next try comes soon. */
const GOOD_SESSION_MS = 10_000;

export function newPlant(options: PlantOptions, served: Served): Plant {
  const memory = new PlantMemory(served.image, options.clock);
  return { ...served, options, memory, counters: newCounters(), outlet: undefined };
}

/**
 * Serves a plant until the signal fires: one session after the other, with pauses that grow to the
 * longest and a jitter, so that many IOCs do not return at once. Never rejects.
 */
export async function runPlant(plant: Plant, signal: AbortSignal): Promise<void> {
  const { directory, options, counters } = plant;
  const puts = sendPuts(directory.puts$, () => plant.outlet, counters)
    .pipe(tap(() => directory.flush()))
    .subscribe();
  let pause = options.retry.first;
  while (!signal.aborted) {
    const began = options.clock.monotonic();
    const sessions = counters.sessions;
    const reason = await sessionEnd(plant, signal);
    if (signal.aborted) break;
    if (options.clock.monotonic() - began > GOOD_SESSION_MS) pause = options.retry.first;
    const wait = pause * (0.75 + Math.random() / 2);
    const what = counters.sessions > sessions ? 'plant lost' : 'plant not reached';
    options.log.error(`${what}: ${reason}; next try in ${wait.toFixed(1)} s`);
    await sleep(wait * 1000, signal, options.clock).catch(() => {});
    pause = Math.min(pause * 2, options.retry.longest);
  }
  puts.unsubscribe();
}

/** Runs a session and tells why it ended; afterwards every value says that the plant is away. */
async function sessionEnd(plant: Plant, signal: AbortSignal): Promise<string> {
  try {
    await runSession(plant, signal);
    return 'stopped';
  } catch (error) {
    return messageOf(error);
  } finally {
    plant.outlet = undefined;
    plant.memory.degradeAll();
    plant.directory.flush();
  }
}
