import { silentLog } from '../../../src/kernel/index.ts';
import type { Chain } from '../../../src/model/index.ts';
import { type Simulator, type SimulatorOptions, simulate } from '../../../src/simulator/index.ts';
import { ManualClock } from './manual-clock.ts';
import { Peer } from './peer.ts';
import { definitions, chain as standard } from './plant.ts';

/** A simulator whose time moves only when told, and a client of it. */
export interface Setup extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly clock: ManualClock;
  readonly peer: Peer;
  /** One more client. */
  connect(amsPort?: number): Promise<Peer>;
}

export async function serve(
  chain: Chain = standard,
  options: Partial<SimulatorOptions> = {},
  known = definitions,
): Promise<Setup> {
  const clock = new ManualClock();
  const simulator = await simulate(chain, known, {
    port: 0,
    clock,
    log: silentLog,
    ...options,
  });
  const peers: Peer[] = [];
  const connect = async (amsPort?: number) => {
    const peer = await Peer.connect(simulator.port, amsPort);
    peers.push(peer);
    return peer;
  };
  return {
    simulator,
    clock,
    connect,
    peer: await connect(),
    async [Symbol.asyncDispose]() {
      for (const peer of peers) await peer[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
    },
  };
}
