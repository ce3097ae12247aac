import { beforeEach, describe, expect, it } from 'vitest';
import { amsNetId, amsPort } from '../../src/ads/index.ts';
import { walk } from '../../src/model/index.ts';
import { Residents } from '../../src/pipeline/residents.ts';
import { catioNaming } from '../../src/pv/index.ts';
import { buildTree, type PlantFacts, type SlaveFacts } from '../../src/twincat/index.ts';

const netId = amsNetId('5.1.2.3.2.1');
const identity = { vendor: 2, product: 3, revision: 4, serial: 0 };

function slave(n: number, type: string, given: Partial<SlaveFacts['identity']> = {}): SlaveFacts {
  const product = Number(type.slice(2)) * 0x1_0000;
  const own = { vendor: 2, product, revision: 1, serial: 0, ...given };
  return { address: 1000 + n, type, name: `Term ${n} (${type})`, identity: own };
}

function plant(...slaves: SlaveFacts[]): PlantFacts {
  return {
    systemNetId: amsNetId('5.1.2.3.1.1'),
    server: { name: 'I/O Server', major: 3, minor: 1, build: 1 },
    ...{ symbolPort: amsPort(27905), symbols: [], dataTypes: [] },
    devices: [{ id: 1, type: 94, name: 'Device 1', netId, identity, slaves }],
  };
}

const coupler = slave(1, 'EK1100');
const first = slave(2, 'EL3104');
const second = slave(3, 'EL1014');

describe('the names of slaves, from look to look', () => {
  let residents: Residents;
  /** What was said of newcomers at the newest look. */
  let news: string[];

  beforeEach(() => {
    residents = new Residents({ ...catioNaming, prefix: 'P' }, new Map());
  });

  /** Where each slave is served, by its name, after a look at a plant. */
  function look(...slaves: SlaveFacts[]): Record<string, string> {
    const facts = plant(...slaves);
    residents.learn(facts);
    news = [];
    const served: Record<string, string> = {};
    const paths = new Map<unknown, string>();
    for (const node of walk(buildTree(facts, new Map()).tree)) {
      const parent = paths.get(node.ancestors.at(-1));
      const { path, news: text } = residents.residenceOf(node, parent);
      paths.set(node.controller, path);
      if (text !== undefined) news.push(text);
      if (node.ancestors.length > 1) served[node.controller.name] = path;
    }
    return served;
  }

  it('are those of their places at first, and nobody is told', () => {
    expect(look(coupler, first, second)).toEqual({
      'Term 1 (EK1100)': 'P:ETH1:RIO1',
      'Term 2 (EL3104)': 'P:ETH1:RIO1:MOD1',
      'Term 3 (EL1014)': 'P:ETH1:RIO1:MOD2',
    });
    expect(news).toEqual([]);
  });

  it('stay with a slave that moves; a newcomer at the end gets those of its place', () => {
    look(coupler, first, second);
    const paths = look(coupler, second, first, slave(4, 'EL2024'));
    expect(paths['Term 2 (EL3104)']).toBe('P:ETH1:RIO1:MOD1');
    expect(paths['Term 3 (EL1014)']).toBe('P:ETH1:RIO1:MOD2');
    expect(paths['Term 4 (EL2024)']).toBe('P:ETH1:RIO1:MOD3');
    expect(news).toEqual(['Term 4 (EL2024) is served as P:ETH1:RIO1:MOD3…']);
  });

  it('have a letter for a newcomer whose place belongs to somebody else', () => {
    look(coupler, first, second);
    const paths = look(coupler, slave(4, 'EL3104'), slave(5, 'EL3104'), first, second);
    expect(paths['Term 4 (EL3104)']).toBe('P:ETH1:RIO1:MOD1a');
    expect(paths['Term 5 (EL3104)']).toBe('P:ETH1:RIO1:MOD2a');
    expect(news[0]).toBe(
      'Term 4 (EL3104) is served as P:ETH1:RIO1:MOD1a… until the IOC is restarted: P:ETH1:RIO1:MOD1… belong to Term 2 (EL3104)',
    );
    expect(look(coupler, slave(6, 'EL3104'), first, second)['Term 6 (EL3104)']).toBe(
      'P:ETH1:RIO1:MOD1a',
    );
  });

  it('are taken over by a spare of one that is gone, for good', () => {
    look(coupler, first, second);
    look(coupler, second);
    expect(residents.gone).toBe(1);
    expect(look(coupler, slave(9, 'EL3104'), second)['Term 9 (EL3104)']).toBe('P:ETH1:RIO1:MOD1');
    expect(news).toEqual([
      'Term 9 (EL3104) takes over the names P:ETH1:RIO1:MOD1… of Term 2 (EL3104)',
    ]);
    expect(residents.gone).toBe(0);
    const paths = look(coupler, slave(9, 'EL3104'), second, first);
    expect(paths['Term 2 (EL3104)']).toBe('P:ETH1:RIO1:MOD3');
  });

  it('are never taken over by another type or product, nor from one that is there', () => {
    look(coupler, first, second);
    const other = slave(9, 'EL3104', { product: 0xbb });
    expect(look(coupler, slave(9, 'EL3124'), second)['Term 9 (EL3124)']).toBe('P:ETH1:RIO1:MOD1a');
    expect(look(coupler, other, second)['Term 9 (EL3104)']).toBe('P:ETH1:RIO1:MOD1b');
    expect(look(coupler, slave(8, 'EL3104'), first, second)['Term 8 (EL3104)']).toBe(
      'P:ETH1:RIO1:MOD1c',
    );
  });

  it('begin with those of the coupler, whose names do not change when it moves', () => {
    const far = slave(7, 'EK1100');
    look(coupler, first, far, second);
    const paths = look(slave(8, 'EK1100'), coupler, first, far, second, slave(9, 'EL1014'));
    expect(paths['Term 8 (EK1100)']).toBe('P:ETH1:RIO1a');
    expect(paths['Term 9 (EL1014)']).toBe('P:ETH1:RIO2:MOD2');
    expect(paths['Term 7 (EK1100)']).toBe('P:ETH1:RIO2');
  });

  it('go on after z with two letters', () => {
    look(coupler, first, second);
    const unlike = Array.from({ length: 29 }, (_, i) =>
      slave(100 + i, 'EL1014', { product: i + 1 }),
    );
    const paths = unlike.map((each) => look(coupler, each, first, second)[each.name]);
    expect(paths[25]).toBe('P:ETH1:RIO1:MOD1z');
    expect(paths[28]).toBe('P:ETH1:RIO1:MOD1ac');
  });
});
