import { describe, expect, it } from 'vitest';
import { AdsError, amsNetId } from '../../src/ads/index.ts';
import { i16, text } from '../../src/model/index.ts';
import { coeOffset, EtherCatState, IoServer } from '../../src/twincat/index.ts';
import { bytes, hex } from '../ads/bytes.ts';
import { ScriptedPlant, textOf, u16s, u32s } from './scripted-plant.ts';

const slaves = [
  { address: 1001, type: 'EK1100', name: 'Term 1 (EK1100)' },
  { address: 1002, type: 'EL2024', name: 'Term 2 (EL2024)' },
];
const device = { id: 1, type: 94, name: 'Device 1 (EtherCAT)', netId: '5.1.2.3.2.1', slaves };

function plantOf(...devices: ConstructorParameters<typeof ScriptedPlant>) {
  const plant = new ScriptedPlant(...devices);
  const io = new IoServer(plant.peer.client, amsNetId('5.1.2.3.1.1'));
  return { plant, io, master: io.master(amsNetId('5.1.2.3.2.1')) };
}

describe('the I/O server', () => {
  it('tells its name, version and state', async () => {
    const { plant, io } = plantOf(device);
    expect(await plant.during(io.deviceInfo())).toMatchObject({ name: 'I/O Server', build: 4024 });
    expect(await plant.during(io.state())).toMatchObject({ adsState: 5, deviceState: 0 });
  });

  it('lists its devices, whatever their ids and types', async () => {
    const other = { id: 7, type: 250, name: 'Gerät 7', netId: '5.1.2.3.7.1', slaves: [] };
    const { plant, io } = plantOf(device, other);
    expect(await plant.during(io.devices())).toEqual([
      { id: 1, type: 94, name: 'Device 1 (EtherCAT)', netId: '5.1.2.3.2.1' },
      { id: 7, type: 250, name: 'Gerät 7', netId: '5.1.2.3.7.1' },
    ]);
    expect(plant.waves).toBe(3);
  });

  it('completes a NetId that is relative to its own', async () => {
    const { plant, io } = plantOf({ ...device, netId: '0.0.0.0.4.1' });
    expect((await plant.during(io.devices()))[0]?.netId).toBe('5.1.2.3.4.1');
  });

  it('has none when it counts none', async () => {
    const { plant, io } = plantOf();
    expect(await plant.during(io.devices())).toEqual([]);
    expect(plant.waves).toBe(1);
  });

  it('leaves out a device with the wrong interface, and keeps one without name or NetId', async () => {
    const onBoard = { id: 2, type: 0, name: '', netId: '0.0.0.0.0.0', slaves: [] };
    const nameless = { id: 3, type: 40, name: '', netId: '0.0.0.0.0.0', slaves: [] };
    const { plant, io } = plantOf(onBoard, nameless);
    plant.exceptions.set('5.1.2.3.1.1:300 5002:7', 0x71b);
    plant.exceptions.set('5.1.2.3.1.1:300 5002:1', 0x702);
    plant.exceptions.set('5.1.2.3.1.1:300 5003:1', 0x703);
    plant.exceptions.set('5.1.2.3.1.1:300 5003:5', 0x703);
    expect(await plant.during(io.devices())).toEqual([
      { id: 3, type: 40, name: 'Device 3', netId: undefined },
    ]);
  });

  it('passes on other refusals', async () => {
    const { plant, io } = plantOf(device);
    plant.exceptions.set('5.1.2.3.1.1:300 5001:7', 0x707);
    await expect(plant.during(io.devices())).rejects.toBeInstanceOf(AdsError);
  });
});

describe('an EtherCAT master', () => {
  it('tells of itself', async () => {
    const { plant, master } = plantOf(device);
    const identity = { vendor: 2, product: 65539, revision: 1844, serial: 0 };
    expect(await plant.during(master.identity())).toEqual(identity);
    expect(plant.waves).toBe(1);
    expect(await plant.during(master.state())).toBe(8);
    expect(await plant.during(master.slaveCount())).toBe(2);
    expect(await plant.during(master.frameCounters())).toEqual({
      time: 1,
      cyclicSent: 2,
      cyclicLost: 3,
      acyclicSent: 4,
      acyclicLost: 5,
    });
  });

  it('tells of its slaves, by address and by position', async () => {
    const { plant, master } = plantOf(device);
    expect(await plant.during(master.slaveAddresses(2))).toEqual([1001, 1002]);
    expect(await plant.during(master.slaveIdentity(1002))).toMatchObject({ product: 101 });
    expect(await plant.during(master.slaveType(1))).toBe('EL2024');
    expect(await plant.during(master.slaveName(0))).toBe('Term 1 (EK1100)');
    const good = { state: 8, link: 0 };
    expect(await plant.during(master.slaveStates(2))).toEqual([good, good]);
    expect(await plant.during(master.slaveState(1002))).toEqual(good);
    expect(await plant.during(master.crcSums(2))).toEqual([0, 1]);
  });

  it('of no slaves is asked nothing', async () => {
    const { plant, master } = plantOf({ ...device, slaves: [] });
    const nothing = Promise.all([
      master.slaveAddresses(0),
      master.slaveStates(0),
      master.crcSums(0),
    ]);
    expect(await nothing).toEqual([[], [], []]);
    expect(plant.peer.requests).toEqual([]);
  });

  it('leaves out the CRC counters of ports that a slave does not have', async () => {
    const { plant, master } = plantOf(device);
    expect(await plant.during(master.crcPorts(1001))).toEqual([1, 2, 0, 0]);
    plant.exceptions.set('5.1.2.3.2.1:65535 12:3e9', u32s(1, 2, 3, 4));
    expect(await plant.during(master.crcPorts(1001))).toEqual([1, 2, 3, 4]);
  });

  it('is asked for the usual length of a text when it refuses an ample one', async () => {
    const { plant, master } = plantOf(device);
    plant.exceptions.set('5.1.2.3.2.1:65535 f302:80000003', 0x705);
    await expect(plant.during(master.slaveName(0))).rejects.toMatchObject({ adsCode: 0x705 });
    const lengths = plant.peer.requests.map(({ payload }) => payload[8]);
    expect(lengths).toEqual([128, 32]);
  });

  it('keeps names of more than 31 characters whole', async () => {
    const { plant, master } = plantOf(device);
    const long = 'Vacuum gauges of the front end, hutch 3 (EL3104)';
    plant.exceptions.set('5.1.2.3.2.1:65535 f302:80000003', textOf(long));
    expect(await plant.during(master.slaveName(0))).toBe(long);
  });

  it('is asked for a state at offset 0, and where it is read if that is refused', async () => {
    const { plant, master } = plantOf(device);
    await plant.during(master.setState(EtherCatState.safeOp));
    expect(plant.writes).toEqual(['5.1.2.3.2.1:65535 3:0 0400']);
    plant.exceptions.set('5.1.2.3.2.1:65535 3:0', 0x703);
    await plant.during(master.setState(EtherCatState.op));
    expect(plant.writes.slice(1)).toEqual([
      '5.1.2.3.2.1:65535 3:0 0800',
      '5.1.2.3.2.1:65535 3:100 0800',
    ]);
  });

  it('has its frame counters reset by a write of no bytes', async () => {
    const { plant, master } = plantOf(device);
    await plant.during(master.resetFrameCounters());
    expect(plant.writes).toEqual(['5.1.2.3.2.1:65535 c:0 ']);
  });

  it('says which answer was too short', async () => {
    const { plant, master } = plantOf(device);
    plant.exceptions.set('5.1.2.3.2.1:65535 7:0', u16s(1001));
    await expect(plant.during(master.slaveAddresses(2))).rejects.toThrow(
      '0x7:0x0 of 5.1.2.3.2.1:65535: e9 03',
    );
  });
});

describe('CoE of a slave', () => {
  it('goes to the port of its address, at index and subindex', async () => {
    const { plant, master } = plantOf(device);
    plant.exceptions.set('5.1.2.3.2.1:1002 f302:80000006', bytes('2a'));
    const place = { index: 0x8000, subindex: 6 };
    expect(hex(await plant.during(master.readSlaveCoe(1002, place, 1)))).toBe('2a');
    await plant.during(master.writeSlaveCoe(1002, place, bytes('2b')));
    expect(plant.writes).toEqual(['5.1.2.3.2.1:1002 f302:80000006 2b']);
  });

  it('fails with the SDO abort code in words', async () => {
    const { plant, master } = plantOf(device);
    plant.exceptions.set('5.1.2.3.2.1:1002 f302:80000006', 0x0609_0011);
    const reading = master.readSlaveCoe(1002, { index: 0x8000, subindex: 6 }, 1);
    await expect(plant.during(reading)).rejects.toThrow('SDO: no such subindex');
  });

  it('is read and written as a value of its type', async () => {
    const { plant, master } = plantOf(device);
    plant.exceptions.set('5.1.2.3.2.1:1002 f302:80000011', bytes('fe ff'));
    const offset = { index: 0x8000, subindex: 0x11, datatype: i16 };
    expect(await plant.during(master.readSlaveValue(1002, offset))).toBe(-2);
    await plant.during(master.writeSlaveValue(1002, offset, 300));
    expect(plant.writes).toEqual(['5.1.2.3.2.1:1002 f302:80000011 2c01']);
  });

  it('may hold a text that is shorter than its type, but no number that is', async () => {
    const { plant, master } = plantOf(device);
    plant.exceptions.set('5.1.2.3.2.1:1002 f302:10080000', textOf('EL3104'));
    plant.exceptions.set('5.1.2.3.2.1:1002 f302:80000011', bytes('fe'));
    const name = { index: 0x1008, subindex: 0, datatype: text(32) };
    expect(await plant.during(master.readSlaveValue(1002, name))).toBe('EL3104');
    const offset = { index: 0x8000, subindex: 0x11, datatype: i16 };
    await expect(plant.during(master.readSlaveValue(1002, offset))).rejects.toThrow(
      'CoE 8000:11 of 5.1.2.3.2.1:1002 has 1 bytes where 2 were expected',
    );
  });

  it('is read whole by complete access, which sets a bit of the offset', async () => {
    const { plant, master } = plantOf(device);
    plant.exceptions.set('5.1.2.3.2.1:1002 f302:80000100', bytes('02 00 01 2a'));
    const whole = { index: 0x8000, subindex: 0, complete: true };
    expect(hex(await plant.during(master.readSlaveCoe(1002, whole, 4)))).toBe('02 00 01 2a');
    expect(() => coeOffset({ ...whole, subindex: 2 })).toThrow('complete access');
  });

  it('has no entries outside of FFFF:FF', () => {
    expect(coeOffset({ index: 0xffff, subindex: 0xff })).toBe(0xffff_00ff);
    expect(() => coeOffset({ index: 0x1_0000, subindex: 0 })).toThrow('no CoE index');
    expect(() => coeOffset({ index: 0x1018, subindex: 256 })).toThrow('no CoE index');
  });
});
