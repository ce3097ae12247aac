import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdsClient, amsNetId, amsPort, connectAds } from '../../src/ads/index.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { u32 } from '../../src/model/index.ts';
import { type Simulator, simulate } from '../../src/simulator/index.ts';
import { EtherCatMaster, type TypedCoeObject } from '../../src/twincat/index.ts';
import { chain, definitions, MASTER } from '../simulator/support/plant.ts';

const EL3104 = 'Term 4 (EL3104)';
const COMPLETE_ACCESS = 0x100;

/** The settings of its first channel, as its definition has them. */
const settings: TypedCoeObject = (() => {
  const object = definitions.get('EL3104')?.coe.find(({ index }) => index === 0x8000);
  if (!object) throw new Error('an EL3104 has settings');
  return object;
})();
const identity: TypedCoeObject = {
  index: 0x1018,
  entries: [1, 2, 3, 4].map((subindex) => ({ subindex, datatype: u32 })),
};

describe('an object of a slave', () => {
  let scope: Scope;
  let simulator: Simulator;
  let client: AdsClient;
  let master: EtherCatMaster;

  beforeEach(async () => {
    scope = new Scope();
    simulator = scope.use(await simulate(chain, definitions, { port: 0, log: silentLog }));
    const source = { netId: amsNetId('192.168.1.10.1.1'), port: amsPort(8000) };
    const transport = { kind: 'tcp', host: '127.0.0.1', port: simulator.port } as const;
    client = scope.use(await connectAds({ transport, source, log: silentLog }));
    master = new EtherCatMaster(client, amsNetId(MASTER));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const address = 1004;
  const refuseCompleteAccess = () =>
    simulator.faults.abortSdo(EL3104, settings.index, COMPLETE_ACCESS, 0x0601_0004);
  /** Requests that something takes. */
  const requests = async (work: () => Promise<unknown>) => {
    const before = client.counters.requests;
    await work();
    return client.counters.requests - before;
  };

  it('is read and written in one piece, if the slave can do that', async () => {
    const before = await master.readSlaveObject(address, settings);
    expect(before.get(0x11)).toBe(-2);
    expect([...before.keys()]).toEqual(settings.entries.map(({ subindex }) => subindex));
    const change = new Map([
      [0x02, 2],
      [0x11, 300],
    ]);
    await master.writeSlaveObject(address, settings, change);
    expect(await master.readSlaveObject(address, settings)).toEqual(
      new Map([...before, ...change]),
    );
    expect(await requests(() => master.readSlaveObject(address, settings))).toBe(1);
    expect(await requests(() => master.writeSlaveObject(address, settings, change))).toBe(2);
  });

  it('is read and written subindex by subindex, if it cannot', async () => {
    const before = await master.readSlaveObject(address, settings);
    refuseCompleteAccess();
    expect(await master.readSlaveObject(address, settings)).toEqual(before);
    const change = new Map([
      [0x02, 2],
      [0x11, 300],
    ]);
    await master.writeSlaveObject(address, settings, change);
    expect(await master.readSlaveObject(address, settings)).toEqual(
      new Map([...before, ...change]),
    );
  });

  it('of another length than was thought is read subindex by subindex', async () => {
    const fewer = { ...settings, entries: settings.entries.slice(0, -1) };
    const values = await master.readSlaveObject(address, fewer);
    expect(values.get(0x11)).toBe(-2);
    expect(values.size).toBe(fewer.entries.length);
  });

  it('is written as a whole or not at all, and says why not', async () => {
    simulator.faults.abortSdo(EL3104, settings.index, 0x11, 0x0609_0030);
    const values = new Map([
      [0x02, 2],
      [0x11, 300],
    ]);
    await expect(master.writeSlaveObject(address, settings, values)).rejects.toThrow(
      'SDO: value out of range',
    );
    await expect(master.writeSlaveObject(address, identity, new Map([[4, 1]]))).rejects.toThrow(
      'SDO: object is read-only',
    );
    await expect(master.writeSlaveObject(address, identity, new Map([[7, 1]]))).rejects.toThrow(
      '1018 is said to have no subindex 7',
    );
  });
});
