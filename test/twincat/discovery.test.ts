import { describe, expect, it } from 'vitest';
import { amsNetId, Port, symbolEntry } from '../../src/ads/index.ts';
import { createLog, encoded, type Log } from '../../src/kernel/index.ts';
import { discoverPlant, IoServer } from '../../src/twincat/index.ts';
import { ScriptedPlant, u16s, u32s } from './scripted-plant.ts';
import { entry } from './tree-plants.ts';

const master1 = '5.1.2.3.2.1:65535';

function chainOf(count: number, firstAddress = 1001) {
  return Array.from({ length: count }, (_, i) => ({
    address: firstAddress + i,
    type: i === 0 ? 'EK1100' : 'EL2024',
    name: `Term ${i + 1}`,
  }));
}

function deviceOf(id: number, slaves = chainOf(3)) {
  const netId = `5.1.2.3.${id + 1}.1`;
  return { id, type: 94, name: `Device ${id} (EtherCAT)`, netId, slaves };
}

/** A log that keeps its warnings. */
function warnings(): { log: Log; lines: string[] } {
  const log = createLog('silent');
  const lines: string[] = [];
  log.warn = ((...said: unknown[]) => lines.push(String(said.at(-1)))) as typeof log.warn;
  return { log, lines };
}

async function discover(plant: ScriptedPlant) {
  const { log, lines } = warnings();
  const io = new IoServer(plant.peer.client, amsNetId('5.1.2.3.1.1'));
  const facts = await plant.during(discoverPlant(io, { symbolPort: Port.ioSymbols, log }));
  return { facts, lines };
}

describe('discovery', () => {
  it('finds the server, its masters and their slaves in bus order', async () => {
    const plant = new ScriptedPlant(deviceOf(1), deviceOf(5, chainOf(2, 2001)));
    const { facts, lines } = await discover(plant);
    expect(facts.server).toEqual({ name: 'I/O Server', major: 3, minor: 1, build: 4024 });
    expect(facts.devices.map(({ id, netId }) => `${id} ${netId}`)).toEqual([
      '1 5.1.2.3.2.1',
      '5 5.1.2.3.6.1',
    ]);
    expect(facts.devices[0]?.identity.product).toBe(65539);
    expect(facts.devices[0]?.slaves).toEqual([
      {
        address: 1001,
        type: 'EK1100',
        name: 'Term 1',
        identity: { vendor: 2, product: 100, revision: 7, serial: 8 },
      },
      expect.objectContaining({ address: 1002, type: 'EL2024', name: 'Term 2' }),
      expect.objectContaining({ address: 1003, type: 'EL2024', name: 'Term 3' }),
    ]);
    expect(facts.devices[1]?.slaves.map(({ address }) => address)).toEqual([2001, 2002]);
    expect(lines).toEqual([]);
  });

  it.each([1, 22, 104])('takes 6 round trips for a chain of %i slaves', async (count) => {
    const plant = new ScriptedPlant(deviceOf(1, chainOf(count)));
    expect((await discover(plant)).facts.devices[0]?.slaves.length).toBe(count);
    expect(plant.waves).toBe(6);
  });

  it('asks for more slaves than a client lets wait, a part at a time', async () => {
    const plant = new ScriptedPlant(deviceOf(1, chainOf(2500)), deviceOf(2, chainOf(2500)));
    const { facts, lines } = await discover(plant);
    expect(facts.devices.map(({ slaves }) => slaves.length)).toEqual([2500, 2500]);
    expect(facts.devices[1]?.slaves.at(-1)?.name).toBe('Term 2500');
    expect(lines).toEqual([]);
  });

  it('takes no more for several masters', async () => {
    const plant = new ScriptedPlant(deviceOf(1), deviceOf(2), deviceOf(3));
    await discover(plant);
    expect(plant.waves).toBe(6);
  });

  it('takes the symbol table that a master has at a port of its own', async () => {
    const plant = new ScriptedPlant(deviceOf(1), deviceOf(5, chainOf(2, 2001)));
    const symbol = encoded(symbolEntry, entry('Term 1.Value'));
    const own = '5.1.2.3.1.1:27909';
    plant.exceptions.set(`${own} f00f:0`, u32s(1, symbol.length, 0, 0, 0, 0));
    plant.exceptions.set(`${own} f00b:0`, symbol);
    const { facts, lines } = await discover(plant);
    expect(facts.devices[0]?.table).toBeUndefined();
    expect(facts.devices[1]?.table?.symbolPort).toBe(27909);
    expect(facts.devices[1]?.table?.symbols.map(({ name }) => name)).toEqual(['Term 1.Value']);
    expect(lines).toEqual([]);
  });

  it('does without data types where the server refuses them', async () => {
    const plant = new ScriptedPlant(deviceOf(1));
    plant.exceptions.set('5.1.2.3.1.1:27905 f00f:0', u32s(0, 0, 3, 400, 0, 0));
    plant.exceptions.set('5.1.2.3.1.1:27905 f00e:0', 0x702);
    const { facts } = await discover(plant);
    expect(facts.dataTypes).toEqual([]);
    expect(facts.devices).toHaveLength(1);
  });

  it('leaves out devices that are no EtherCAT, quietly', async () => {
    const profibus = { ...deviceOf(2, []), type: 33 };
    const onBoard = deviceOf(3, []);
    const plant = new ScriptedPlant(profibus, { ...deviceOf(4), type: 111 }, onBoard);
    plant.exceptions.set('5.1.2.3.1.1:300 5003:7', 0x71b);
    const { facts, lines } = await discover(plant);
    expect(facts.devices.map(({ id }) => id)).toEqual([4]);
    expect(lines).toEqual([]);
  });

  it('keeps a slave that refuses a question, with what is known, and says so once', async () => {
    const plant = new ScriptedPlant(deviceOf(1));
    plant.exceptions.set(`${master1} 11:3ea`, 0x719);
    plant.exceptions.set(`${master1} f302:80010003`, 0x0504_0000);
    plant.exceptions.set(`${master1} f302:80020002`, 0x0504_0000);
    const { facts, lines } = await discover(plant);
    expect(facts.devices[0]?.slaves.slice(1)).toEqual([
      {
        address: 1002,
        type: 'EL2024',
        name: 'Slave 1002',
        identity: { vendor: 0, product: 0, revision: 0, serial: 0 },
      },
      expect.objectContaining({ address: 1003, type: 'unknown', name: 'Term 3' }),
    ]);
    expect(lines).toEqual([
      expect.stringMatching(/^Slave at position 1 of 5.1.2.3.2.1 failed to answer 2 questions: /),
      expect.stringMatching(/^Slave at position 2 .* a question: Read .* SDO: timeout$/),
    ]);
  });

  it('keeps the other masters when one is in no state to answer', async () => {
    const plant = new ScriptedPlant(deviceOf(1), deviceOf(2));
    plant.exceptions.set(`${master1} 6:0`, 0x707);
    const { facts, lines } = await discover(plant);
    expect(facts.devices.map(({ slaves }) => slaves.length)).toEqual([0, 3]);
    expect(lines).toEqual([expect.stringMatching(/^Device 1 \(EtherCAT\) failed .* 0x707 device/)]);
  });

  it('leaves out slaves whose address the master does not tell', async () => {
    const plant = new ScriptedPlant(deviceOf(1));
    plant.exceptions.set(`${master1} 7:0`, u16s(1001));
    const { facts, lines } = await discover(plant);
    expect(facts.devices[0]?.slaves).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('failed to answer a question: 0x7:0x0 of')]);
  });

  it('fails, naming the port, when there is no symbol table', async () => {
    const plant = new ScriptedPlant(deviceOf(1));
    for (const group of ['f00f', 'f00c']) {
      plant.exceptions.set(`5.1.2.3.1.1:27905 ${group}:0`, 0x701);
    }
    await expect(discover(plant)).rejects.toMatchObject({
      code: 'twincat/symbols',
      message: expect.stringContaining('5.1.2.3.1.1:27905 cannot be read'),
    });
  });

  it('fails at once when the connection is lost on the way', async () => {
    const plant = new ScriptedPlant(deviceOf(1));
    const io = new IoServer(plant.peer.client, amsNetId('5.1.2.3.1.1'));
    const { log } = warnings();
    const discovering = discoverPlant(io, { symbolPort: Port.ioSymbols, log });
    plant.peer.lose('closed by the peer');
    await expect(discovering).rejects.toMatchObject({ code: 'ads/ended' });
  });

  it('can be aborted', async () => {
    const plant = new ScriptedPlant(deviceOf(1));
    const io = new IoServer(plant.peer.client, amsNetId('5.1.2.3.1.1'));
    const { log } = warnings();
    const abort = new AbortController();
    const options = { symbolPort: Port.ioSymbols, log };
    const discovering = discoverPlant(io, options, abort.signal);
    abort.abort(new Error('enough'));
    await expect(discovering).rejects.toThrow('enough');
  });
});
