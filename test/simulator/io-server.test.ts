import { describe, expect, it } from 'vitest';
import { read, readDeviceInfo, readState, write, writeControl } from '../../src/ads/index.ts';
import { at, bytes, hex, type Peer } from './support/peer.ts';
import { chain, chainOf, MASTER, SYSTEM } from './support/plant.ts';
import { serve } from './support/serve.ts';

const io = at(SYSTEM, 300);
const master = at(MASTER, 65535);

/** The answer to a read: bytes as hex, or the result. */
async function readHex(peer: Peer, target: typeof io, payload: string): Promise<string> {
  const [group, offset, length] = (payload.match(/(.. ?){4}/g) ?? []).map(littleEndian);
  const place = { group: group ?? 0, offset: offset ?? 0, length: length ?? 0 };
  const { result, bytes: data } = await peer.ask(target, read, place);
  return result === 0 ? hex(data) : `0x${result.toString(16)}`;
}

/** The number of four bytes such as `00 50 00 00`. */
function littleEndian(text: string): number {
  return new DataView(bytes(text).buffer).getUint32(0, true);
}

// Payloads from facts/ads.md section 3.
const deviceCount = '00 50 00 00 02 00 00 00 04 00 00 00';

describe('I/O server', () => {
  it('answers ReadDeviceInfo byte by byte', async () => {
    await using setup = await serve();
    const { header, payload } = await setup.peer.exchange(io, 1, bytes(''));
    expect(header).toMatchObject({ stateFlags: 5, errorCode: 0, invokeId: 1, command: 1 });
    expect(header.source).toEqual(io);
    expect(header.target).toEqual(setup.peer.source);
    // u32 result, 3.1, build 2103, "I/O Server" in 16 characters
    expect(hex(payload)).toBe(
      '00 00 00 00 03 01 37 08 49 2f 4f 20 53 65 72 76 65 72 00 00 00 00 00 00',
    );
  });

  it('tells how many devices there are, and what each one is', async () => {
    await using setup = await serve();
    const ask = (payload: string) => readHex(setup.peer, io, payload);
    expect(await ask(deviceCount)).toBe('01 00 00 00');
    expect(await ask('00 50 00 00 01 00 00 00 04 00 00 00')).toBe('01 00 01 00');
    expect(await ask('01 50 00 00 07 00 00 00 02 00 00 00')).toBe('5e 00');
    expect(await ask('01 50 00 00 05 00 00 00 06 00 00 00')).toBe('05 01 02 03 02 01');
    const name = await ask('01 50 00 00 01 00 00 00 ff 00 00 00');
    expect(Buffer.from(bytes(name)).toString()).toBe('Device 1 (EtherCAT)\0');
  });

  it('refuses groups, offsets and sizes that it does not have', async () => {
    await using setup = await serve();
    const ask = (payload: string) => readHex(setup.peer, io, payload);
    expect(await ask('07 50 00 00 01 00 00 00 04 00 00 00')).toBe('0x702');
    expect(await ask('00 50 00 00 09 00 00 00 04 00 00 00')).toBe('0x703');
    expect(await ask('00 50 00 00 02 00 00 00 02 00 00 00')).toBe('0x705');
    const refused = await setup.peer.ask(io, write, {
      group: 0x5000,
      offset: 2,
      bytes: bytes('01'),
    });
    expect(refused.result).toBe(0x702);
  });

  it('says 0x71b to the type query of a device that is no fieldbus', async () => {
    const [device] = chain.devices;
    if (device === undefined) throw new Error('no device');
    const onBoard = { ...device, id: 3, type: 0, netId: '5.1.2.3.4.1', slaves: [] };
    await using setup = await serve({ ...chain, devices: [device, onBoard] });
    expect(await readHex(setup.peer, io, '03 50 00 00 07 00 00 00 02 00 00 00')).toBe('0x71b');
    expect(await readHex(setup.peer, io, '00 50 00 00 01 00 00 00 ff 00 00 00')).toBe(
      '02 00 01 00 03 00',
    );
  });

  it('changes its state on WriteControl, as the system service sees too', async () => {
    await using setup = await serve();
    const state = async (port: number) =>
      (await setup.peer.ask(at(SYSTEM, port), readState, undefined)).adsState;
    expect(await state(300)).toBe(5);
    const control = (adsState: number) =>
      setup.peer.ask(io, writeControl, { adsState, deviceState: 0, bytes: bytes('') });
    expect((await control(16)).result).toBe(0);
    expect([await state(300), await state(10000)]).toEqual([15, 15]);
    expect((await control(2)).result).toBe(0);
    expect(await state(300)).toBe(5);
    expect((await control(77)).result).toBe(0x712);
  });

  it('has a system service that says its version', async () => {
    await using setup = await serve();
    const info = await setup.peer.ask(at(SYSTEM, 10000), readDeviceInfo, undefined);
    expect(info).toMatchObject({ result: 0, major: 3, minor: 1, build: 2103 });
  });
});

describe('EtherCAT master', () => {
  it('answers the queries of discovery', async () => {
    await using setup = await serve(chainOf(['EK1100', 'EL2024']));
    const ask = (payload: string) => readHex(setup.peer, master, payload);
    expect(await ask('02 f3 00 00 02 00 18 10 04 00 00 00')).toBe('03 00 01 00');
    expect(await ask('06 00 00 00 00 00 00 00 02 00 00 00')).toBe('02 00');
    expect(await ask('07 00 00 00 00 00 00 00 04 00 00 00')).toBe('e9 03 ea 03');
    expect(await ask('11 00 00 00 ea 03 00 00 10 00 00 00')).toBe(
      '02 00 00 00 52 30 e8 07 00 00 10 00 00 00 00 00',
    );
    const type = await ask('02 f3 00 00 02 00 01 80 10 00 00 00');
    expect(Buffer.from(bytes(type)).toString()).toBe('EL2024');
    const name = await ask('02 f3 00 00 03 00 01 80 20 00 00 00');
    expect(Buffer.from(bytes(name)).toString()).toBe('Term 2 (EL2024)');
  });

  it('cuts a name where the request ends', async () => {
    await using setup = await serve(chainOf(['EK1100']));
    expect(await readHex(setup.peer, master, '02 f3 00 00 03 00 00 80 04 00 00 00')).toBe(
      hex(Buffer.from('Term')),
    );
  });

  it('reports states and links as faults set them, for all slaves and for one', async () => {
    await using setup = await serve(chainOf(['EK1100', 'EL2024']));
    const ask = (payload: string) => readHex(setup.peer, master, payload);
    expect(await ask('03 00 00 00 00 01 00 00 02 00 00 00')).toBe('08 00');
    expect(await ask('09 00 00 00 00 00 00 00 04 00 00 00')).toBe('08 00 08 00');
    setup.simulator.faults.setSlaveState('Term 2 (EL2024)', 0x14);
    setup.simulator.faults.setSlaveLink('Term 2 (EL2024)', 0x14);
    setup.simulator.faults.setMasterState(1, 4);
    expect(await ask('09 00 00 00 00 00 00 00 04 00 00 00')).toBe('08 00 14 14');
    expect(await ask('09 00 00 00 ea 03 00 00 02 00 00 00')).toBe('14 14');
    expect(await ask('03 00 00 00 00 01 00 00 02 00 00 00')).toBe('04 00');
  });

  it('counts CRC errors per port and in sum', async () => {
    await using setup = await serve(chainOf(['EK1100', 'EL2024']));
    setup.simulator.faults.addCrcErrors('Term 2 (EL2024)', 0, 3);
    setup.simulator.faults.addCrcErrors('Term 2 (EL2024)', 1, 4);
    const ask = (payload: string) => readHex(setup.peer, master, payload);
    expect(await ask('12 00 00 00 00 00 00 00 08 00 00 00')).toBe('00 00 00 00 07 00 00 00');
    expect(await ask('12 00 00 00 ea 03 00 00 10 00 00 00')).toBe(
      '03 00 00 00 04 00 00 00 00 00 00 00 00 00 00 00',
    );
  });

  it('counts a frame per cycle, until the counters are reset', async () => {
    await using setup = await serve();
    const frames = async () => {
      const counters = await readHex(setup.peer, master, '0c 00 00 00 00 00 00 00 14 00 00 00');
      return littleEndian(counters.slice(12, 23));
    };
    const before = await frames();
    setup.clock.advance(100);
    expect(await frames()).toBe(before + 10);
    const place = { group: 0xc, offset: 0, bytes: bytes('') };
    expect((await setup.peer.ask(master, write, place)).result).toBe(0);
    expect(await frames()).toBe(0);
  });

  it('refuses addresses, groups and lengths that it does not have', async () => {
    await using setup = await serve(chainOf(['EK1100', 'EL2024']));
    const ask = (payload: string) => readHex(setup.peer, master, payload);
    expect(await ask('11 00 00 00 99 09 00 00 10 00 00 00')).toBe('0x703');
    expect(await ask('13 00 00 00 00 00 00 00 10 00 00 00')).toBe('0x702');
    expect(await ask('07 00 00 00 00 00 00 00 02 00 00 00')).toBe('0x705');
  });
});

describe('slave mailbox', () => {
  const el3104 = at(MASTER, 1004);

  it('reads and writes CoE objects at the port of the station address', async () => {
    await using setup = await serve();
    const place = { group: 0xf302, offset: 0x8000_0011 };
    expect((await setup.peer.ask(el3104, write, { ...place, bytes: bytes('01 02') })).result).toBe(
      0,
    );
    expect(await readHex(setup.peer, el3104, '02 f3 00 00 11 00 00 80 02 00 00 00')).toBe('01 02');
    expect(await readHex(setup.peer, el3104, '02 f3 00 00 00 00 00 90 02 00 00 00')).toBe(
      '0x6020000',
    );
    expect(await readHex(setup.peer, el3104, '03 f3 00 00 00 00 00 80 02 00 00 00')).toBe('0x702');
  });

  it('lets requests time out while the slave is in INIT, and counts them as acyclic frames', async () => {
    await using setup = await serve();
    setup.simulator.faults.setSlaveState('Term 4 (EL3104)', 1);
    expect(await readHex(setup.peer, el3104, '02 f3 00 00 11 00 00 80 02 00 00 00')).toBe('0x719');
    const counters = await readHex(setup.peer, master, '0c 00 00 00 00 00 00 00 14 00 00 00');
    expect(littleEndian(counters.slice(36, 47))).toBe(1);
  });
});
