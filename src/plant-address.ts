import {
  type AmsNetId,
  type AmsPort,
  amsNetId,
  amsPort,
  type TransportConfig,
} from './ads/index.ts';
import { loadChain, type PlantTarget } from './config/index.ts';
import type { Log, Scope } from './kernel/index.ts';
import { type Simulator, simulate } from './simulator/index.ts';
import type { Definitions } from './twincat/index.ts';

/** How the plant of an IOC is reached. */
export interface PlantAddress {
  readonly transport: TransportConfig & { readonly kind: 'tcp'; readonly port: number };
  /** NetId of the TwinCAT system. */
  readonly netId: AmsNetId;
  readonly symbolPort: AmsPort;
  /** The plant itself, when it is simulated in this process. */
  readonly simulator: Simulator | undefined;
}

/** The plant that the configuration names; a simulated one is started and belongs to the scope. */
export async function plantAddress(
  target: PlantTarget,
  definitions: Definitions,
  log: Log,
  scope: Scope,
): Promise<PlantAddress> {
  switch (target.kind) {
    case 'address': {
      const { host, port, netId, symbolPort } = target;
      return { transport: { kind: 'tcp', host, port }, netId, symbolPort, simulator: undefined };
    }
    case 'simulated': {
      const chain = loadChain(target.chain);
      const options = { port: target.port, cycleMs: target.cycle * 1000, log };
      const simulator = scope.use(await simulate(chain, definitions, options));
      return {
        transport: { kind: 'tcp', host: '127.0.0.1', port: simulator.port },
        netId: amsNetId(chain.systemNetId),
        symbolPort: amsPort(chain.symbolPort),
        simulator,
      };
    }
  }
}
