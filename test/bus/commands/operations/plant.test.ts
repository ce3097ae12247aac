import { describe, expect, it, vi } from 'vitest';
import { coeRead, coeWrite } from '../../../../src/bus/commands/operations/coe.ts';
import { ecatResetCounters } from '../../../../src/bus/commands/operations/ecat-reset-counters.ts';
import { ecatSetState } from '../../../../src/bus/commands/operations/ecat-set-state.ts';
import { restart } from '../../../../src/bus/commands/operations/restart.ts';
import { type CoePlaceOf, leftToNext, type PlantAccess } from '../../../../src/bus/index.ts';
import { type Datatype, i16, u8, u16, u32 } from '../../../../src/model/index.ts';
import { attribute, nodeAt } from '../../../support/thin-edge/hand-made-nodes.ts';
import { PvWorld } from './pv-world.ts';

const ETH = 'device/BL07_ETH1//';
const MOD = 'device/BL07_ETH1_MOD3//';
const SERVER = 'device/BL07//';
const IOC = 'device/main/service/ioc';

const database = `
  record(mbbo, "BL07:ETH1:MOD3:RequestState") { field(ZRST, "none") field(ONST, "INIT") field(TWST, "PREOP") field(THST, "SAFEOP") field(FRST, "OP") }
  record(longin, "BL07:ETH1:MOD3:StateMachine") { field(VAL, "8") }
  record(bo, "BL07:ETH1:MOD3:ResetCrcCounters") { }
  record(longin, "BL07:ETH1:MOD3:CrcErrorSum") { field(VAL, "7") }
  record(longin, "BL07:ETH1:MOD3:CrcErrorPortA") { field(VAL, "0") }
  record(longout, "BL07:ETH1:MOD3:GainIdx8000") { }
  record(longin, "BL07:ETH1:MOD3:GainIdx8000_RBV") { }
  record(bo, "BL07:ETH1:ResetFrameCounters") { field(DISP, "1") }
  record(longin, "BL07:ETH1:LostCyclicFrames") { field(VAL, "1") }`;

const nodes = [
  nodeAt('BL07', 'server', []),
  nodeAt('BL07:ETH1', 'device', [
    attribute('reset_frame_counters', { access: 'w' }),
    attribute('lost_cyclic_frames', { datatype: u32 }),
  ]),
  nodeAt('BL07:ETH1:MOD3', 'terminal', [
    attribute('request_state', { access: 'w' }),
    attribute('state_machine', { datatype: u8 }),
    attribute('reset_crc_counters', { access: 'w' }),
    attribute('crc_error_sum', { datatype: u32 }),
    attribute('crc_error_port_a', { datatype: u32 }),
    attribute('gain_idx8000', { datatype: u16, access: 'rw' }),
  ]),
];

/** A plant whose objects are in a map, by `index:subindex`. */
class Objects implements PlantAccess {
  readonly bytes = new Map<string, Uint8Array>();
  readonly types = new Map<string, Datatype>();
  readonly locked = new Set<number>();
  readonly modes: string[] = [];
  refusal: Error | undefined;

  coeObject(_: unknown, place: CoePlaceOf) {
    const datatype = this.types.get(key(place));
    const isLocked = this.locked.has(place.index);
    return { ...(datatype && { datatype }), ...(isLocked && { protection: 'it is calibration' }) };
  }

  async readCoe(_: unknown, place: CoePlaceOf): Promise<Uint8Array> {
    const bytes = this.bytes.get(key(place));
    if (this.refusal || !bytes) throw this.refusal ?? new Error('SDO: no such object');
    return bytes;
  }

  async writeCoe(_: unknown, place: CoePlaceOf, bytes: Uint8Array): Promise<void> {
    if (this.refusal) throw this.refusal;
    this.bytes.set(key(place), bytes);
  }

  alStatusCode = async () => 0x1b;

  async setSystem(_: unknown, mode: string): Promise<void> {
    this.modes.push(mode);
  }
}

function key({ index, subindex }: CoePlaceOf): string {
  return `${index.toString(16)}:${subindex}`;
}

class PlantWorld extends PvWorld {
  readonly plants = new Objects();

  constructor() {
    super(database, nodes);
  }

  /** The plant tells a value. */
  tell(pv: string, value: number): void {
    const field = this.directory.find(pv);
    void field?.put(value, { user: 'plant', host: 'plant' }, this.stop.signal);
    this.directory.flush();
  }

  get all() {
    return { client: this.client, plants: this.plants };
  }
}

describe('ecat_set_state', () => {
  it('asks by the command PV, and tells the state that was reached', async () => {
    const world = new PlantWorld();
    const done = world.run(ecatSetState(world.all), { state: 'SAFEOP' }, MOD);
    await vi.waitFor(() => expect(world.value('BL07:ETH1:MOD3:RequestState')).toBe(3));
    world.tell('BL07:ETH1:MOD3:StateMachine', 4);
    expect(await done).toEqual({ reached: 'SAFEOP', alStatusCode: 0x1b });
    expect(world.trapped[0]).toMatchObject({ user: 'mqtt' });
  });

  it('fails with the state and its code when it is not reached in time', async () => {
    const world = new PlantWorld();
    const done = world.run(ecatSetState(world.all), { state: 'INIT', timeoutMs: 100 }, MOD);
    let isOver = false;
    done.catch(() => {
      isOver = true;
    });
    await vi.waitFor(() => expect(world.value('BL07:ETH1:MOD3:RequestState')).toBe(1));
    world.tell('BL07:ETH1:MOD3:StateMachine', 0x11);
    await vi.waitFor(() => {
      world.rig.clock.advance(100);
      expect(isOver).toBe(true);
    });
    await expect(done).rejects.toMatchObject({
      message: 'BL07_ETH1_MOD3 is not in INIT after 100 ms, but in INIT, error',
      result: { alStatusCode: 0x1b },
    });
  });

  it.each([
    [{ state: 'BOOT' }, MOD, /^bad input: state: /],
    [{}, MOD, /^bad input: state: /],
    [{ state: 'OP' }, SERVER, /^BL07 tells no EtherCAT state$/],
  ])('of %j at %s fails', async (input, topicId, reason) => {
    const world = new PlantWorld();
    await expect(world.run(ecatSetState(world.all), input, topicId)).rejects.toThrow(reason);
  });

  it('is offered to who has a command for it', () => {
    const world = new PlantWorld();
    const { capability } = ecatSetState(world.all);
    expect(capability(world.entity(MOD))).toEqual({ states: ['INIT', 'PREOP', 'SAFEOP', 'OP'] });
    expect(capability(world.entity(SERVER))).toBeUndefined();
  });
});

describe('ecat_reset_counters', () => {
  it('resets by the command PVs, and tells the counters before and after', async () => {
    const world = new PlantWorld();
    const done = world.run(ecatResetCounters(world.client), {}, MOD);
    await vi.waitFor(() => expect(world.value('BL07:ETH1:MOD3:ResetCrcCounters')).toBe(1));
    world.tell('BL07:ETH1:MOD3:CrcErrorSum', 0);
    expect(await done).toEqual({
      before: { crc_error_sum: 7, crc_error_port_a: 0 },
      after: { crc_error_sum: 0, crc_error_port_a: 0 },
    });
  });

  it('fails with what the record says', async () => {
    const world = new PlantWorld();
    const done = world.run(ecatResetCounters(world.client), {}, ETH);
    await expect(done).rejects.toThrow(/DISP is set$/);
    const { capability } = ecatResetCounters(world.client);
    expect(capability(world.entity(ETH))).toEqual({ resets: ['reset_frame_counters'] });
    expect(capability(world.entity(SERVER))).toBeUndefined();
  });
});

describe('coe_read', () => {
  const read = (world: PlantWorld, input: object, topicId = MOD) =>
    world.run(coeRead(world.plants), { ...input }, topicId);

  it('reads an object of a type that is known, or told, or of none', async () => {
    const world = new PlantWorld();
    world.plants.bytes.set('8000:17', Uint8Array.of(0xfe, 0xff));
    const place = { index: '0x8000', subindex: '0x11' };
    expect(await read(world, place)).toEqual({ bytes: 'feff' });
    expect(await read(world, { ...place, type: 'UINT' })).toEqual({ value: 65534, bytes: 'feff' });
    world.plants.types.set('8000:17', i16);
    expect(await read(world, { index: 0x8000, subindex: 17 })).toMatchObject({ value: -2 });
  });

  it.each([
    [{ index: '0x8000', type: 'UDINT' }, MOD, /^the object has 2 bytes where its type has 4$/],
    [{ index: '0x8000', type: 'WORDS' }, MOD, /^bad input: type: "WORDS" is no datatype/],
    [{ index: '0x18000' }, MOD, /^bad input: index: /],
    [{ index: 'object' }, MOD, /^bad input: index: /],
    [{ index: 1, subindex: 256 }, MOD, /^bad input: subindex: /],
    [{}, MOD, /^bad input: index: /],
    [{ index: 1 }, ETH, /^BL07_ETH1 is no slave/],
  ])('of %j at %s fails', async (input, topicId, reason) => {
    const world = new PlantWorld();
    world.plants.bytes.set('8000:0', Uint8Array.of(1, 2));
    await expect(read(world, input, topicId)).rejects.toThrow(reason);
  });

  it('fails with what the slave says', async () => {
    const world = new PlantWorld();
    world.plants.refusal = new Error('SDO: no such object');
    await expect(read(world, { index: 1 })).rejects.toThrow('SDO: no such object');
  });
});

describe('coe_write', () => {
  const write = (world: PlantWorld, input: object, topicId = MOD) =>
    world.run(coeWrite(world.all), { ...input }, topicId);

  it('writes the bytes of a value, and reads them back', async () => {
    const world = new PlantWorld();
    world.plants.bytes.set('8000:17', Uint8Array.of(1, 0));
    const input = { index: '8000', subindex: 17, type: 'INT', value: -2 };
    expect(await write(world, input)).toEqual({ previous: 1, value: -2, bytes: 'feff' });
  });

  it.each([
    ['BOOL', true, '01'],
    ['USINT', 255, 'ff'],
    ['SINT', -128, '80'],
    ['ULINT', '18446744073709551615', 'ffffffffffffffff'],
    ['REAL', 0.5, '0000003f'],
    ['STRING(3)', 'ab', '616200'],
  ])('of %s knows the bytes of %j', async (type, value, bytes) => {
    const world = new PlantWorld();
    await write(world, { index: 1, type, value });
    expect(Buffer.from(world.plants.bytes.get('1:0') ?? []).toString('hex')).toMatch(bytes);
  });

  it.each([
    ['BOOL', 2, /^2 is not true or false$/],
    ['USINT', 256, /^256 is not a whole number from 0 to 255$/],
    ['USINT', -1, /is not a whole number/],
    ['INT', 1.5, /is not a whole number/],
    ['INT', '1.5', /is not a whole number/],
    ['LINT', 2 ** 60, /is not a whole number/],
    ['REAL', 1e300, /is not a number of 32 bits/],
    ['REAL', '1', /is not a number of 32 bits/],
    ['STRING(3)', 'abcde', /is not a text of at most 4/],
    ['INT', null, /is not a whole number/],
    ['INT[2]', [1, 2], /element by element/],
  ])('of %s refuses %j, and writes nothing', async (type, value, reason) => {
    const world = new PlantWorld();
    await expect(write(world, { index: 1, type, value })).rejects.toThrow(reason);
    expect(world.plants.bytes.size).toBe(0);
  });

  it('leaves calibration data alone', async () => {
    const world = new PlantWorld();
    world.plants.locked.add(0x801f);
    const input = { index: '0x801F', type: 'INT', value: 1 };
    await expect(write(world, input)).rejects.toThrow('it is calibration');
    expect(world.plants.bytes.size).toBe(0);
  });

  it('writes nothing when the object is of another length than was told', async () => {
    const world = new PlantWorld();
    world.plants.bytes.set('2000:0', Uint8Array.of(1, 2));
    const input = { index: '0x2000', type: 'UDINT', value: 1 };
    await expect(write(world, input)).rejects.toThrow('the object has 2 bytes');
    expect(world.plants.bytes.get('2000:0')).toEqual(Uint8Array.of(1, 2));
  });

  it('is refused to who may not put to the PV of the object', async () => {
    const world = new PlantWorld();
    const deny = vi.spyOn(world.client, 'grant');
    deny.mockImplementation(({ record }) => ({
      ...{ read: true, trap: false },
      write: record !== 'BL07:ETH1:MOD3:GainIdx8000',
    }));
    const object = { type: 'UINT', value: 1 };
    await expect(write(world, { ...object, index: '0x8000' })).rejects.toThrow(
      '8000:00 of BL07_ETH1_MOD3: BL07:ETH1:MOD3:GainIdx8000 may not be written over the bus',
    );
    await write(world, { ...object, index: '0x8010' });
    expect([...world.plants.bytes.keys()]).toEqual(['8010:0']);
  });

  it('wants the type of what no definition names', async () => {
    const input = { index: '0x2000', subindex: 1, value: 1 };
    await expect(write(new PlantWorld(), input)).rejects.toThrow(
      'nobody knows what 2000:01 holds: give its type',
    );
  });
});

describe('restart', () => {
  it('of the IOC is left to its next process, which says that it was done', async () => {
    const world = new PlantWorld();
    const restartIoc = vi.fn();
    const operation = restart({ plants: world.plants, restartIoc });
    const context = { id: '1', entity: world.entity(IOC) };
    expect(await operation.run({}, context, world.stop.signal)).toBe(leftToNext);
    expect(restartIoc).toHaveBeenCalledOnce();
    expect(await operation.settle?.({}, context, world.stop.signal)).toEqual({
      status: 'successful',
    });
  });

  it('of the IOC is not offered where nobody would start it again', async () => {
    const world = new PlantWorld();
    const operation = restart({ plants: world.plants, restartIoc: undefined });
    expect(operation.capability(world.entity(IOC))).toBeUndefined();
    await expect(world.run(operation, {}, IOC)).rejects.toThrow(/nobody would start/);
  });

  it('of a server brings TwinCAT to run, or to config', async () => {
    const world = new PlantWorld();
    const operation = restart({ plants: world.plants, restartIoc: undefined });
    expect(await world.run(operation, {}, SERVER)).toEqual({ mode: 'run' });
    expect(await world.run(operation, { mode: 'config' }, SERVER)).toEqual({ mode: 'config' });
    expect(world.plants.modes).toEqual(['run', 'config']);
    await expect(world.run(operation, { mode: 'stop' }, SERVER)).rejects.toThrow(/bad input: mode/);
    await expect(world.run(operation, {}, MOD)).rejects.toThrow(/cannot be restarted/);
  });
});
