import { IocError } from '../kernel/index.ts';
import { EscRegister } from './esc-command.ts';
import type { EtherCatMaster } from './ethercat-master.ts';
import type { PortNeighbours } from './port-neighbours.ts';
import { concernsOneRequest } from './questions.ts';
import type { Turns } from './turns.ts';

/**
 * What is plugged into the ports of each slave, in bus order: all at once where the master lists it,
 * else from its objects (ETG.1510), which some masters have; none where it tells neither.
 */
export async function neighboursOf(
  master: EtherCatMaster,
  count: number,
  turns: Turns,
  signal?: AbortSignal,
): Promise<readonly PortNeighbours[]> {
  if (count === 0) return [];
  const listed = await unlessRefused(master.topology(count, signal));
  if (listed) return listed;
  const first = await unlessRefused(master.slaveNeighbours(0, signal));
  if (!first) return [];
  const others = Array.from({ length: count - 1 }, (_, i) =>
    turns.take(() => unlessRefused(master.slaveNeighbours(i + 1, signal))),
  );
  const none: PortNeighbours = [0, 0, 0, 0];
  return [first, ...(await Promise.all(others)).map((each) => each ?? none)];
}

/** Whether a master passes commands on to its slaves; one slave that is away says nothing of it. */
export async function hasLostLinks(
  master: EtherCatMaster,
  address: number,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const asked = master.readRegisters(address, EscRegister.lostLinks, signal);
    return (await unlessRefused(asked)) !== undefined;
  } catch (error) {
    if (error instanceof IocError && error.code === 'twincat/no-answer') return true;
    throw error;
  }
}

async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!concernsOneRequest(error)) throw error;
    return undefined;
  }
}
