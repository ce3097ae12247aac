import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amsNetId, Port } from '../../src/ads/index.ts';
import { encoded, Reader, silentLog } from '../../src/kernel/index.ts';
import { escCommand, readRegisters } from '../../src/twincat/esc-command.ts';
import { discoverPlant, IoServer, type PortNeighbours } from '../../src/twincat/index.ts';
import { topologyRecord } from '../../src/twincat/port-neighbours.ts';
import { frameOrder, linksOf } from '../../src/twincat/topology.ts';
import { ScriptedPlant, u16s } from './scripted-plant.ts';
import { slave } from './tree-plants.ts';

const hex = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1 ');

function wired(address: number, type: string, ...neighbours: number[]) {
  const [a = 0, b = 0, c = 0, d = 0] = neighbours;
  return { ...slave(type, `Term ${address}`, address), neighbours: [a, b, c, d] as PortNeighbours };
}

describe('a topology record', () => {
  it('is 64 bytes with the addresses at the ports from byte 4 on', () => {
    const bytes = encoded(topologyRecord, { address: 1002, neighbours: [1001, 1004, 0, 1003] });
    expect(bytes).toHaveLength(64);
    expect(hex(bytes.subarray(0, 12))).toBe('ea 03 00 00 e9 03 ec 03 00 00 eb 03');
    expect(topologyRecord.decode(new Reader(bytes))).toEqual({
      address: 1002,
      neighbours: [1001, 1004, 0, 1003],
    });
    expect(() => topologyRecord.decode(new Reader(bytes.subarray(0, 63)))).toThrow(RangeError);
  });
});

describe('a command to the registers of a slave', () => {
  it("is a datagram as Beckhoff's AdsLib sends it", () => {
    expect(hex(readRegisters(1002, 0x0310))).toBe(
      '04 ff ea 03 10 03 04 00 00 00 00 00 00 00 00 00',
    );
  });

  it('comes back with data and the number of slaves that took part', () => {
    const answer = Buffer.from('04ffea0310030400000001020003' + '0100', 'hex');
    expect(escCommand.decode(new Reader(answer))).toEqual({
      ...{ type: 4, address: 1002, register: 0x0310, data: 0x0300_0201, count: 1 },
    });
  });
});

describe('links of a bus', () => {
  it('are those that the master tells, whatever the types suggest', () => {
    const slaves = [
      wired(1001, 'EK1100', 0, 1002),
      wired(1002, 'EK1122', 1001, 1004, 1003),
      wired(1003, 'EK1100', 1002),
      wired(1004, 'EL1004', 1002),
    ];
    expect(linksOf(slaves)).toEqual([
      { parent: undefined, port: 0 },
      { parent: 0, port: 1 },
      { parent: 1, port: 2 },
      { parent: 1, port: 1 },
    ]);
  });

  it('of a slave that its parent does not name follow its own port A', () => {
    const slaves = [
      wired(1001, 'EK1100'),
      wired(1002, 'EL1004', 1001),
      wired(1003, 'EL1004', 1001),
    ];
    expect(linksOf(slaves).map(({ parent }) => parent)).toEqual([undefined, 0, 0]);
  });

  it('of a slave that is not there follow the types', () => {
    const slaves = [wired(1001, 'EK1100', 0, 1002), wired(1002, 'EL1004'), wired(1003, 'EK1100')];
    expect(linksOf(slaves)[2]).toEqual({ parent: 0, port: 2 });
  });

  it('never lead to a slave behind in bus order, whatever is told', () => {
    const neighbours = fc.tuple(
      ...([0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 9 })) as [
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
      ]),
    );
    fc.assert(
      fc.property(fc.array(neighbours, { minLength: 1, maxLength: 9 }), (all) => {
        const slaves = all.map((told, i) => wired(i + 1, 'EL1004', ...told));
        const links = linksOf(slaves);
        links.forEach(({ parent }, i) => {
          expect(parent ?? -1).toBeLessThan(i);
        });
        const order = frameOrder(links);
        expect(new Set(order.map(({ index, port }) => `${index} ${port}`)).size).toBe(order.length);
        expect(order).toHaveLength(4 * slaves.length);
      }),
    );
  });

  it('of a bus that is thousands deep are put in order', () => {
    const slaves = Array.from({ length: 20_000 }, (_, i) => slave('EL1004', `T${i}`, i + 1));
    const order = frameOrder(linksOf(slaves));
    expect(order).toHaveLength(80_000);
    expect(order.at(-1)).toEqual({ index: 0, port: 2 });
  });
});

describe('the way of the frame', () => {
  it('comes back to a junction after each branch: D, B, then C', () => {
    const links = [
      { parent: undefined, port: 0 },
      { parent: 0, port: 3 },
      { parent: 0, port: 1 },
      { parent: 0, port: 2 },
    ];
    const first = frameOrder(links).filter(({ index, port }) => index === 0 || port === 0);
    expect(first.map(({ index, port }) => `${index}${'ABCD'[port]}`)).toEqual([
      ...['0A', '1A', '0D', '2A', '0B', '3A', '0C'],
    ]);
  });
});

describe('discovery of what is plugged into what', () => {
  const slaves = [
    { address: 1001, type: 'EK1100', name: 'Term 1' },
    { address: 1002, type: 'EL1004', name: 'Term 2' },
  ];
  const scripted = () =>
    new ScriptedPlant({ id: 1, type: 94, name: 'Device 1', netId: '5.1.2.3.2.1', slaves });
  const master = '5.1.2.3.2.1:65535';

  async function discovered(plant: ScriptedPlant) {
    const io = new IoServer(plant.peer.client, amsNetId('5.1.2.3.1.1'));
    const options = { symbolPort: Port.ioSymbols, log: silentLog };
    const { devices } = await plant.during(discoverPlant(io, options));
    return devices[0];
  }

  it('asks the list of the master, in no more round trips', async () => {
    const plant = scripted();
    const records = [
      encoded(topologyRecord, { address: 1001, neighbours: [0, 1002, 0, 0] }),
      encoded(topologyRecord, { address: 1002, neighbours: [1001, 0, 0, 0] }),
    ];
    plant.exceptions.set(`${master} 22:0`, Buffer.concat(records));
    const device = await discovered(plant);
    expect(device?.slaves.map(({ neighbours }) => neighbours)).toEqual([
      [0, 1002, 0, 0],
      [1001, 0, 0, 0],
    ]);
    expect(plant.waves).toBe(6);
  });

  it('asks its objects where it has no list', async () => {
    const plant = scripted();
    const at = (index: number, subindex: number) =>
      `${master} f302:${(index * 0x10000 + subindex).toString(16)}`;
    [0, 1002, 0, 0].forEach((n, i) => void plant.exceptions.set(at(0xa000, 6 + i), u16s(n)));
    [1001, 0, 0, 0].forEach((n, i) => void plant.exceptions.set(at(0xa001, 6 + i), u16s(n)));
    const device = await discovered(plant);
    expect(device?.slaves[1]?.neighbours).toEqual([1001, 0, 0, 0]);
  });

  it('knows nothing of it where the master tells neither, and says so by saying nothing', async () => {
    const device = await discovered(scripted());
    expect(device?.slaves[1]?.neighbours).toBeUndefined();
    expect(device?.hasLostLinks).toBe(false);
  });

  it('finds that the master passes commands on, though the slave is away', async () => {
    const plant = scripted();
    plant.exceptions.set(`${master} 2c:0`, readRegisters(1001, 0x0310));
    expect((await discovered(plant))?.hasLostLinks).toBe(true);
  });
});
