import { describe, expect, it } from 'vitest';
import { read, readWrite, write } from '../../src/ads/index.ts';
import { at, bytes, hex, type Peer } from './support/peer.ts';
import { chainOf, definitions, MASTER, terminal } from './support/plant.ts';
import { serve } from './support/serve.ts';

const master = at(MASTER, 65535);
const EL3104 = 'Term 4 (EL3104)';
const mailbox = at(MASTER, 1004);

const readAt = async (peer: Peer, group: number, offset: number, length: number) => {
  const { result, bytes: data } = await peer.ask(master, read, { group, offset, length });
  return result === 0 ? hex(data) : `0x${result.toString(16)}`;
};
const stateOf = (peer: Peer) => readAt(peer, 9, 1004, 2);
const order = async (peer: Peer, group: number, offset: number, data: string) =>
  (await peer.ask(master, write, { group, offset, bytes: bytes(data) })).result;
const sdo = async (peer: Peer, offset: number, length: number) =>
  (await peer.ask(mailbox, read, { group: 0xf302, offset, length })).result;

describe('a slave', () => {
  it('that is unplugged has no state, no mailbox and no data, until it is back', async () => {
    await using setup = await serve();
    const { faults } = setup.simulator;
    setup.clock.advance(10);
    expect(setup.simulator.read(`${EL3104}.WcState.WcState`)).toBe(0);
    faults.unplug(EL3104);
    setup.clock.advance(10);
    expect(await stateOf(setup.peer)).toBe('01 01');
    expect(setup.simulator.read(`${EL3104}.InfoData.State`)).toBe(0x0101);
    expect(setup.simulator.read(`${EL3104}.WcState.WcState`)).toBe(1);
    expect(setup.simulator.read('Term 3 (EL1014).WcState.WcState')).toBe(0);
    expect(await sdo(setup.peer, 0x1018_0002, 4)).toBe(0x719);
    faults.replug(EL3104);
    setup.clock.advance(10);
    expect(await stateOf(setup.peer)).toBe('08 00');
    expect(setup.simulator.read(`${EL3104}.InfoData.State`)).toBe(8);
    expect(setup.simulator.read(`${EL3104}.WcState.WcState`)).toBe(0);
    expect(await sdo(setup.peer, 0x1018_0002, 4)).toBe(0);
  });

  it('of another product shows its identity and stays in PREOP with a mismatch', async () => {
    await using setup = await serve();
    setup.simulator.faults.exchangeSlave(EL3104, { type: 'EL4134' });
    setup.clock.advance(10);
    expect(await stateOf(setup.peer)).toBe('22 00');
    expect(await readAt(setup.peer, 0x11, 1004, 16)).toMatch(/^02 00 00 00 52 30 26 10/);
    expect(await order(setup.peer, 9, 1004, '08 00')).toBe(0);
    setup.clock.advance(100);
    expect(await stateOf(setup.peer)).toBe('12 00');
    setup.simulator.faults.exchangeSlave(EL3104, {});
    expect(await stateOf(setup.peer)).toBe('08 00');
  });

  it('of the same product and another serial number runs', async () => {
    await using setup = await serve();
    setup.simulator.faults.exchangeSlave(EL3104, { serial: 0x1234 });
    expect(await stateOf(setup.peer)).toBe('08 00');
    expect(await readAt(setup.peer, 0x11, 1004, 16)).toMatch(/34 12 00 00$/);
    const place = { group: 0xf302, offset: 0x1018_0004, length: 4 };
    expect(hex((await setup.peer.ask(mailbox, read, place)).bytes)).toBe('34 12 00 00');
  });

  it('refuses an object with an SDO abort code', async () => {
    await using setup = await serve();
    setup.simulator.faults.abortSdo(EL3104, 0x8000, 0x11, 0x0800_0022);
    expect(await sdo(setup.peer, 0x8000_0011, 2)).toBe(0x0800_0022);
    expect(await sdo(setup.peer, 0x1018_0001, 4)).toBe(0);
    setup.simulator.faults.abortSdo(EL3104, 0x8000, 0x11, 0);
    expect(await sdo(setup.peer, 0x8000_0011, 2)).toBe(0);
  });

  it('whose toggles are frozen goes on with its data, until they are let go', async () => {
    await using setup = await serve();
    const { faults } = setup.simulator;
    const status = (channel: number) =>
      Number(setup.simulator.read(`${EL3104}.AI Standard Channel ${channel}.Status`)) >> 15;
    const input = () => setup.simulator.read(`${EL3104}.WcState.InputToggle`);
    const cycled = () => {
      const before = [status(1), status(2), input()];
      setup.clock.advance(10);
      return [status(1), status(2), input()].map((bit, i) => bit !== before[i]);
    };
    expect(cycled()).toEqual([true, true, true]);
    faults.freezeToggles(EL3104, 'AI Standard Channel 1');
    expect(cycled()).toEqual([false, true, true]);
    faults.freezeToggles(EL3104, 'WcState.InputToggle');
    expect(cycled()).toEqual([false, true, false]);
    faults.thawToggles(EL3104);
    setup.clock.advance(10);
    expect(cycled()).toEqual([true, true, true]);
    faults.freezeToggles(EL3104);
    expect(cycled()).toEqual([false, false, false]);
    expect(setup.simulator.read(`${EL3104}.WcState.WcState`)).toBe(0);
    expect(() => faults.freezeToggles(EL3104, 'Channel 9')).toThrow('0x710');
  });

  it('that reports a missing link further on still exchanges data', async () => {
    await using setup = await serve();
    setup.simulator.faults.setSlaveLink(EL3104, 0x24);
    setup.clock.advance(10);
    expect(setup.simulator.read(`${EL3104}.WcState.WcState`)).toBe(0);
  });

  it('goes step by step to the state that it is asked for', async () => {
    await using setup = await serve();
    expect(await order(setup.peer, 9, 1004, '01 00')).toBe(0);
    setup.clock.advance(50);
    expect(await stateOf(setup.peer)).toBe('01 00');
    expect(await order(setup.peer, 9, 1004, '08 00')).toBe(0);
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      setup.clock.advance(50);
      seen.push(await stateOf(setup.peer));
    }
    expect(seen).toEqual(['02 00', '04 00', '08 00']);
    expect(await order(setup.peer, 9, 1004, '07 00')).toBe(0x706);
    expect(await order(setup.peer, 9, 9999, '08 00')).toBe(0x703);
  });
});

describe('a bus with a junction', () => {
  // A coupler, a junction with a box at D, a terminal at B, and a coupler at C with one more.
  const junction = terminal('EK1122', 'CpBk', 0x0462_2c52, []);
  const box = terminal('EP3174', 'AnaIn', 0x0c66_4052, []);
  const chain = chainOf(['EK1100', 'EK1122', 'EP3174', 'EL1014', 'EK1100', 'EL2024']);
  const all = new Map([...definitions, ['EK1122', junction], ['EP3174', box]]);
  const open = () => serve(chain, {}, all);
  const records = async (peer: Peer) => {
    const { bytes: data } = await peer.ask(master, read, {
      group: 0x22,
      offset: 0,
      length: 6 * 64,
    });
    const words = new Uint16Array(
      data.buffer.slice(data.byteOffset, data.byteOffset + data.length),
    );
    return Array.from({ length: 6 }, (_, n) => [...words.subarray(32 * n, 32 * n + 6)]);
  };

  it('lists what is plugged into the ports of each slave', async () => {
    await using setup = await open();
    expect(await records(setup.peer)).toEqual([
      [1001, 0, 0, 1002, 0, 0],
      [1002, 0xffff, 1001, 1004, 1005, 1003],
      [1003, 0xfffe, 1002, 0, 0, 0],
      [1004, 0xfffd, 1002, 0, 0, 0],
      [1005, 0xfffc, 1002, 1006, 0, 0],
      [1006, 0xfffb, 1005, 0, 0, 0],
    ]);
    expect(await readAt(setup.peer, 0xf302, 0xa001_0008, 2)).toBe('ed 03');
    expect(await readAt(setup.peer, 0xf302, 0xa001_0009, 2)).toBe('eb 03');
    expect(await readAt(setup.peer, 0x22, 0, 63)).toBe('0x705');
  });

  it('whose cable is cut misses all behind it, and a link at the port before it', async () => {
    await using setup = await open();
    setup.simulator.faults.cutCable('Term 5 (EK1100)');
    expect(await readAt(setup.peer, 9, 0, 12)).toBe('08 00 08 44 08 00 08 00 01 01 01 01');
    expect(await lostLinks(setup.peer, 1002)).toBe('00 00 01 00 01 00');
    // Nobody answers for a slave that no frame comes to.
    expect(await lostLinks(setup.peer, 1005)).toBe('00 00 00 00 00 00');
    setup.simulator.faults.mendCable('Term 5 (EK1100)');
    expect(await readAt(setup.peer, 9, 0, 12)).toBe('08 00 08 00 08 00 08 00 08 00 08 00');
    expect(await lostLinks(setup.peer, 1005)).toBe('01 00 00 00 01 00');
  });

  it('counts lost links up to 255', async () => {
    await using setup = await open();
    setup.simulator.faults.addLostLinks('Term 2 (EK1122)', 3, 300);
    expect(await lostLinks(setup.peer, 1002)).toBe('00 00 00 ff 01 00');
  });

  it('counts its slaves by a datagram that passes all of them', async () => {
    await using setup = await open();
    const request = bytes('01 ff 00 00 00 00 04 00 00 00 00 00 00 00 00 00');
    expect(await command(setup.peer, request)).toMatch(/^01 ff 06 00 00 00 04 00/);
    // By place: the third slave.
    const third = bytes('01 ff fe ff 10 00 04 00 00 00 00 00 00 00 00 00');
    expect((await command(setup.peer, third)).slice(30)).toBe('eb 03 00 00 01 00');
    expect(await command(setup.peer, bytes('07 ff'))).toBe('0x705');
  });

  async function command(peer: Peer, request: Uint8Array): Promise<string> {
    const place = { group: 0x2c, offset: 0, readLength: 16, bytes: request };
    const { result, bytes: data } = await peer.ask(master, readWrite, place);
    return result === 0 ? hex(data) : `0x${result.toString(16)}`;
  }

  /** The four counters, and how many slaves answered. */
  async function lostLinks(peer: Peer, address: number): Promise<string> {
    const low = (address & 0xff).toString(16).padStart(2, '0');
    const request = bytes(`04 ff ${low} 03 10 03 04 00 00 00 00 00 00 00 00 00`);
    return (await command(peer, request)).slice(30);
  }
});

describe('a master', () => {
  it('takes its slaves along to a state', async () => {
    await using setup = await serve();
    expect(await order(setup.peer, 3, 0, '04 00')).toBe(0);
    setup.clock.advance(50);
    expect(await readAt(setup.peer, 3, 0x100, 2)).toBe('04 00');
    expect(await readAt(setup.peer, 9, 0, 10)).toBe('04 00 04 00 04 00 04 00 04 00');
    expect(await order(setup.peer, 3, 0x100, '04 00')).toBe(0x703);
  });

  it('counts CRC errors as they come, until they are reset', async () => {
    await using setup = await serve();
    setup.simulator.faults.raiseCrc(EL3104, 1, 50);
    setup.clock.advance(1000);
    expect(await readAt(setup.peer, 0x12, 1004, 8)).toBe('0x705');
    expect(await readAt(setup.peer, 0x12, 1004, 16)).toMatch(/^00 00 00 00 32 00 00 00/);
    setup.simulator.faults.raiseCrc(EL3104, 1, 0);
    expect(await order(setup.peer, 0x12, 0, '')).toBe(0);
    setup.clock.advance(1000);
    expect(await readAt(setup.peer, 0x12, 1004, 16)).toMatch(/^00 00 00 00 00 00 00 00/);
  });

  it('counts lost frames, and as many sent as it has cyclic frames', async () => {
    await using setup = await serve(undefined, { framesPerMaster: 3 });
    await order(setup.peer, 0xc, 0, '');
    setup.clock.advance(100);
    setup.simulator.faults.loseFrames(1, 2, 5);
    const counters = (await readAt(setup.peer, 0xc, 0, 20)).slice(12);
    expect(counters).toBe('1e 00 00 00 02 00 00 00 00 00 00 00 05 00 00 00');
  });

  it('keeps statistics of its distributed clocks', async () => {
    await using setup = await serve();
    const statistics = async () => {
      const { bytes: data } = await setup.peer.ask(master, read, {
        group: 0x2f,
        offset: 0,
        length: 96,
      });
      return Array.from({ length: 24 }, (_, i) => Buffer.from(data).readUInt32LE(i * 4));
    };
    expect(await order(setup.peer, 0x2f, 0, '')).toBe(0);
    setup.clock.advance(1000);
    const [cycles = 0, positive = 0, negative = 0, largest, ...classes] = await statistics();
    expect([cycles, positive + negative]).toEqual([100, 100]);
    expect(largest).toBeGreaterThan(0);
    expect(classes.reduce((sum, count) => sum + count)).toBe(100);
    expect(await order(setup.peer, 0x2f, 2, '')).toBe(0);
    setup.clock.advance(1000);
    expect((await statistics())[0]).toBe(100);
  });

  it('with several frames has words for each, and those behind them move', async () => {
    await using setup = await serve(chainOf(['EK1100']), { framesPerMaster: 2 });
    setup.clock.advance(10);
    const { simulator } = setup;
    expect(simulator.readBytes('Inputs')).toHaveLength(22);
    expect(simulator.read('Inputs.Frm1InputToggle')).toBe(simulator.read('Inputs.Frm0InputToggle'));
    expect(simulator.read('Inputs.SlaveCount')).toBe(1);
    expect(simulator.readBytes('Inputs')[16]).toBe(1);
    expect(simulator.readBytes('Outputs')).toHaveLength(10);
    simulator.faults.setSlaveState('Term 1 (EK1100)', 4);
    setup.clock.advance(10);
    expect(simulator.read('Inputs.Frm1WcState')).toBe(1);
  });

  it('has inputs and outputs of its own beside another master', async () => {
    const chain = chainOf(['EK1100', 'EL2024']);
    const [device] = chain.devices;
    if (device === undefined) throw new Error('no device');
    const slaves = device.slaves.map((s) => ({ ...s, name: s.name.replace('Term', 'Box') }));
    const second = { ...device, id: 2, name: 'Device 2 (EtherCAT)', netId: '5.1.2.3.3.1', slaves };
    await using setup = await serve({ ...chain, devices: [device, second] });
    setup.simulator.faults.unplug('Box 2 (EL2024)');
    setup.clock.advance(10);
    expect(setup.simulator.read('Inputs.Frm0WcState')).toBe(0);
    expect(setup.simulator.read('Device 2 (EtherCAT).Inputs.Frm0WcState')).toBe(1);
    expect(setup.simulator.read('Device 2 (EtherCAT).Inputs.SlaveCount')).toBe(2);
  });
});
