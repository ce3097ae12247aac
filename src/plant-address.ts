import {
  type AmsNetId,
  type AmsPort,
  amsNetId,
  amsPort,
  type MqttConfig,
  type TransportConfig,
} from './ads/index.ts';
import { loadChain, type PlantTarget, type RouteRequest } from './config/index.ts';
import type { Log, Scope } from './kernel/index.ts';
import { type Simulator, simulate } from './simulator/index.ts';
import type { Definitions } from './twincat/index.ts';

/** How the plant of an IOC is reached. */
export interface PlantAddress {
  readonly transport: TransportConfig;
  /** The way there, for people; tells no credentials. */
  readonly where: string;
  /** NetId of the TwinCAT system. */
  readonly netId: AmsNetId;
  readonly symbolPort: AmsPort;
  /** The route to us that its router is asked for, and where that is. */
  readonly errand?: { readonly host: string; readonly route: RouteRequest } | undefined;
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
      const { host, port, netId, symbolPort, route } = target;
      const plant = { ...tcp(host, port), netId, symbolPort, simulator: undefined };
      return route ? { ...plant, errand: { host, route } } : plant;
    }
    case 'mqtt': {
      const { network, netId, symbolPort } = target;
      // What is behind the plant's router has no name on the broker: the router takes it.
      const transport = { kind: 'mqtt', ...network, router: netId } as const;
      return {
        transport,
        where: onBroker(network, netId),
        netId,
        symbolPort,
        simulator: undefined,
      };
    }
    case 'simulated': {
      const chain = loadChain(target.chain);
      const options = { port: target.port, cycleMs: target.cycle * 1000, log };
      const simulator = scope.use(await simulate(chain, definitions, options));
      return {
        ...tcp('127.0.0.1', simulator.port),
        netId: amsNetId(chain.systemNetId),
        symbolPort: amsPort(chain.symbolPort),
        simulator,
      };
    }
  }
}

function tcp(host: string, port: number): Pick<PlantAddress, 'transport' | 'where'> {
  return {
    transport: { kind: 'tcp', host, port, connectTimeoutMs: CONNECT_MS },
    where: `${host}:${port}`,
  };
}

/**
 * A host that is there accepts at once, or at the second packet, a second later; one without power
 * must be asked again soon after it is back (facts/faults.md section 4.3, row 1).
 */
const CONNECT_MS = 2500;

/** An address may hold a user and a password, which are nobody's business. */
function onBroker({ url, topic }: MqttConfig, netId: AmsNetId): string {
  const { protocol, host, pathname } = new URL(url);
  const path = protocol.startsWith('ws') ? pathname.replace(/\/$/, '') : '';
  return `${netId} on ${protocol}//${host}${path}/${topic}`;
}
