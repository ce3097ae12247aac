import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadChain, shippedConfig } from '../../src/config/index.ts';

const json = fileURLToPath(new URL('../data/chain-cx7000-22.json', import.meta.url));
const shipped = join(shippedConfig, 'chains/cx7000-22.yaml');

describe('loadChain', () => {
  it('reads a chain in JSON as it was recorded', () => {
    const chain = loadChain(json);
    expect(chain.systemNetId).toBe('5.108.227.22.1.1');
    expect(chain.symbolPort).toBe(27905);
    expect(chain.devices[0]?.identity).toEqual({
      vendor: 2,
      product: 65539,
      revision: 1844,
      serial: 0,
    });
    expect(chain.devices[0]?.slaves).toHaveLength(22);
    expect(chain.devices[0]?.slaves[10]).toEqual({
      type: 'EL2024-0010',
      name: 'Term 12 (EL2024-0010)',
      node: 2,
      position: 3,
      address: 1011,
    });
  });

  it('ships the same plant as YAML, with signals and wires', () => {
    const { signals, loops, ...plant } = loadChain(shipped);
    const { signals: _, loops: __, ...recorded } = loadChain(json);
    expect(plant).toEqual(recorded);
    expect(loops.map(({ from }) => from)).toContain('Term 12 (EL2024-0010).Channel 1');
    expect(signals['Term 13 (EL1014).Channel 4']).toEqual({ kind: 'toggle', period: 2 });
  });
});
