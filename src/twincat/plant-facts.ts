import { type AdsSymbol, amsNetId, amsPort, type DataTypeEntry } from '../ads/index.ts';
import { type Chain, type ChainDevice, neighbourAddresses } from '../model/index.ts';
import type { Definitions } from './definition-match.ts';
import type { DeviceFacts, PlantFacts } from './facts.ts';
import { unknownIdentity } from './identity.ts';

/**
 * What discovery would find on the plant of a chain, for names and trees without a plant.
 * Identities come from the definitions; a type that has none is all zeros.
 */
export function plantFactsOf(
  chain: Chain,
  definitions: Definitions,
  symbols: readonly AdsSymbol[],
  dataTypes: readonly DataTypeEntry[] = [],
): PlantFacts {
  const [major = 0, minor = 0] = chain.server.version.split('.').map(Number);
  const { name, build } = chain.server;
  return {
    systemNetId: amsNetId(chain.systemNetId),
    server: { name, major, minor, build },
    devices: chain.devices.map((device) => deviceFacts(device, definitions)),
    symbolPort: amsPort(chain.symbolPort),
    symbols,
    dataTypes,
  };
}

function deviceFacts(device: ChainDevice, definitions: Definitions): DeviceFacts {
  const { id, type, name, netId, identity, slaves } = device;
  const neighbours = neighbourAddresses(slaves);
  return {
    id,
    type,
    name,
    netId: amsNetId(netId),
    identity,
    slaves: slaves.map((slave, index) => ({
      address: slave.address,
      type: slave.type,
      name: slave.name,
      identity: { ...unknownIdentity, ...definitions.get(slave.type)?.identity },
      ...(neighbours[index] && { neighbours: neighbours[index] }),
    })),
  };
}
