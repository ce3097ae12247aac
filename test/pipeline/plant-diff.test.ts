import { describe, expect, it } from 'vitest';
import { amsNetId, amsPort } from '../../src/ads/index.ts';
import { plantDiff } from '../../src/pipeline/plant-diff.ts';
import type { PlantFacts, SlaveFacts } from '../../src/twincat/index.ts';

const netId = amsNetId('5.1.2.3.2.1');

function slave(n: number, type: string, given: Partial<SlaveFacts['identity']> = {}): SlaveFacts {
  const product = Number(type.slice(2)) * 0x1_0000;
  const identity = { vendor: 2, product, revision: 1, serial: 0, ...given };
  return { address: 1000 + n, type, name: `Term ${n} (${type})`, identity };
}

function plant(...slaves: SlaveFacts[]): PlantFacts {
  const identity = { vendor: 2, product: 3, revision: 4, serial: 0 };
  return {
    systemNetId: amsNetId('5.1.2.3.1.1'),
    server: { name: 'I/O Server', major: 3, minor: 1, build: 1 },
    ...{ symbolPort: amsPort(27905), symbols: [], dataTypes: [] },
    devices: [{ id: 1, type: 94, name: 'Device 1', netId, identity, slaves }],
  };
}

/** What is said of the changes, and what kinds they are. */
function texts(before: PlantFacts, after: PlantFacts): string[] {
  return plantDiff(before, after).map(({ text }) => text);
}

function kinds(before: PlantFacts, after: PlantFacts): string[] {
  return plantDiff(before, after).map(({ kind }) => kind);
}

const first = slave(1, 'EK1100');
const second = slave(2, 'EL3104');

describe('plantDiff', () => {
  it('has nothing to say of the same plant', () => {
    expect(texts(plant(first, second), plant(first, second))).toEqual([]);
  });

  it('tells what was added and removed', () => {
    expect(texts(plant(first), plant(first, second))).toEqual(['Term 2 (EL3104) added']);
    expect(texts(plant(first, second), plant(first))).toEqual(['Term 2 (EL3104) removed']);
  });

  it('tells a terminal of another type at the same address in one line', () => {
    const other = plant(first, slave(2, 'EL3124'));
    expect(texts(plant(first, second), other)).toEqual(['Term 2 replaced: EL3104 -> EL3124']);
  });

  it('tells another product under the same name', () => {
    const other = plant(first, slave(2, 'EL3104', { product: 0xbb }));
    expect(texts(plant(first, second), other)).toEqual([
      'Term 2 (EL3104) exchanged: product 0x0c200000 -> 0x000000bb',
    ]);
  });

  it('tells a spare by its serial number', () => {
    const other = plant(first, slave(2, 'EL3104', { serial: 7 }));
    expect(texts(plant(first, second), other)).toEqual([
      'Term 2 (EL3104) changed: serial number 0 -> 7',
    ]);
  });

  it('tells who moved when two changed places', () => {
    expect(texts(plant(first, second), plant(second, first))).toEqual([
      'Term 2 (EL3104) changed: place on the bus 1 -> 0',
      'Term 1 (EK1100) changed: place on the bus 0 -> 1',
    ]);
  });

  it('tells what kind each change is', () => {
    const exchanged = slave(2, 'EL3104', { product: 0xbb });
    const spare = slave(2, 'EL3104', { serial: 7 });
    const before = plant(first, second);
    expect(kinds(before, plant(second))).toEqual(['removed', 'changed']);
    expect(kinds(before, plant(first, slave(2, 'EL3124')))).toEqual(['replaced']);
    expect(kinds(before, plant(first, exchanged, slave(3, 'EL1014')))).toEqual([
      'added',
      'exchanged',
    ]);
    expect(kinds(before, plant(first, spare))).toEqual(['changed']);
  });

  it('tells a device that came or went', () => {
    const none = { ...plant(), devices: [] };
    expect(texts(none, plant(first))).toEqual(['device Device 1 added, 1 slaves']);
    expect(texts(plant(first), none)).toEqual(['device Device 1 removed']);
  });
});
