import { AdsErrorCode, AdsState, type AmsPort } from '../ads/index.ts';
import { IocError, messageOf, sleep } from '../kernel/index.ts';
import { discoverPlant, type PlantFacts } from '../twincat/index.ts';
import { adsCodeOf, concernsOneRequest } from './diagnosis.ts';
import type { Session } from './session.ts';
import { type SymbolVersion, type SymbolVersions, symbolVersion } from './version-watch.ts';
import { tablePorts } from './writer.ts';

/** A plant, and the versions of the symbols that it was found with. */
export type Found = { readonly facts: PlantFacts; readonly versions: SymbolVersions };

/** Under this subject the status tells what keeps the plant from being known. */
const SUBJECT = 'introspection';
const LONGEST_PAUSE = 10;

/**
 * Finds out what the plant consists of, however long that takes: while TwinCAT is in CONFIG, or
 * refuses what must be known, it asks again. Rejects when the link ends.
 */
export async function introspected(session: Session): Promise<Found> {
  const { plant, link } = session;
  const { supervision, clock } = plant.options;
  let pause = supervision.period;
  for (;;) {
    try {
      const found = await consistent(session);
      if (found) {
        plant.status.settle(SUBJECT);
        return found;
      }
      link.log.info('the symbols changed while they were read: reading them again');
    } catch (error) {
      if (!isWorthAnotherTry(error)) throw error;
      const isConfig = session.adsState !== undefined && session.adsState !== AdsState.run;
      plant.status.complain(SUBJECT, messageOf(error));
      await sleep(pause * 1000, link.signal, clock);
      // A change of state is looked at every period anyway; a refusal need not be.
      pause = isConfig ? supervision.period : Math.min(pause * 1.5, LONGEST_PAUSE);
    }
  }
}

/** Undefined when the symbols changed meanwhile: then offsets may be of either version. */
async function consistent(session: Session): Promise<Found | undefined> {
  const { plant, link, io } = session;
  const { symbolPort } = plant.options;
  const version = await symbolVersion(session, symbolPort);
  const facts = await discoverPlant(io, plant.options, link.signal);
  const versions = new Map<AmsPort, SymbolVersion>();
  const asked = tablePorts(facts).map(async (port) => {
    const now = await symbolVersion(session, port);
    if (now) versions.set(port, now);
  });
  await Promise.all(asked);
  return version?.value === versions.get(symbolPort)?.value ? { facts, versions } : undefined;
}

/** One question failed, while the link stands and somebody answers. */
function isWorthAnotherTry(error: unknown): boolean {
  const code = adsCodeOf(error);
  const isRoute = code === AdsErrorCode.targetMachineNotFound;
  const isPlant = error instanceof IocError && error.code.startsWith('twincat/');
  return !isRoute && (concernsOneRequest(error) || isPlant);
}
