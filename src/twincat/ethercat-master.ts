import {
  type AdsClient,
  AdsError,
  type AmsNetId,
  amsPort,
  exchangeBytes,
  Port,
  readBytes,
  writeBytes,
} from '../ads/index.ts';
import { type Codec, encoded, IocError } from '../kernel/index.ts';
import type { EtherCatState, Value } from '../model/index.ts';
import {
  COE_GROUP,
  type CoePlace,
  coeOffset,
  readCoe,
  readCoeValue,
  type TypedCoePlace,
  writeCoe,
  writeCoeValue,
} from './coe.ts';
import {
  type CoeValues,
  readCoeObject,
  type TypedCoeObject,
  writeCoeObject,
} from './coe-object.ts';
import { type CrcCounters, crcCounters } from './crc-counters.ts';
import { ESC_COMMAND_LENGTH, ESC_DATA_OFFSET, isAnswered, readRegisters } from './esc-command.ts';
import type { Identity } from './facts.ts';
import { type FrameCounters, frameCounters } from './frame-counters.ts';
import { identity } from './identity.ts';
import {
  DC_STATISTICS_LENGTH,
  MASTER_REQUEST_OFFSET,
  MASTER_STATE_OFFSET,
  MasterGroup,
} from './master-group.ts';
import { listOf, PlantReader, u16, u32 } from './plant-reader.ts';
import { type PortNeighbours, TOPOLOGY_RECORD_LENGTH, topologyRecord } from './port-neighbours.ts';
import { type SlaveState, slaveState } from './slave-state.ts';

/** First of the objects that describe the slaves in bus order: 02 is the type, 03 the name. */
const FIRST_SLAVE_OBJECT = 0x8000;
/** First of those that tell how they are: 06 to 09 are the addresses at ports A to D (ETG.1510). */
const FIRST_DIAGNOSIS_OBJECT = 0xa000;
/** Lengths asked for, and those that servers are known to answer (facts/ads.md section 6). */
const TYPE_LENGTH = { ample: 64, usual: 16 } as const;
const NAME_LENGTH = { ample: 128, usual: 32 } as const;

/** An EtherCAT master, on AMS port 65535 of its own NetId. */
export class EtherCatMaster {
  readonly netId: AmsNetId;
  readonly #client: AdsClient;
  readonly #reader: PlantReader;

  constructor(client: AdsClient, netId: AmsNetId) {
    this.netId = netId;
    this.#client = client;
    this.#reader = new PlantReader(client, { netId, port: Port.ethercatMaster });
  }

  /** From its CoE object 1018, four entries at once. */
  async identity(signal?: AbortSignal): Promise<Identity> {
    const entry = (subindex: number) => {
      const offset = coeOffset({ index: 0x1018, subindex });
      return this.#reader.struct(u32, { group: COE_GROUP, offset, length: 4 }, signal);
    };
    const entries = [entry(1), entry(2), entry(3), entry(4)] as const;
    const [vendor, product, revision, serial] = await Promise.all(entries);
    return { vendor, product, revision, serial };
  }

  /** An `EtherCatState`. */
  state(signal?: AbortSignal): Promise<number> {
    const place = { group: MasterGroup.state, offset: MASTER_STATE_OFFSET, length: 2 };
    return this.#reader.struct(u16, place, signal);
  }

  /** Slaves of the configuration, present or not. */
  slaveCount(signal?: AbortSignal): Promise<number> {
    const place = { group: MasterGroup.slaveCount, offset: 0, length: 2 };
    return this.#reader.struct(u16, place, signal);
  }

  /** Station addresses in bus order; `count` must be the slave count. */
  slaveAddresses(count: number, signal?: AbortSignal): Promise<number[]> {
    return this.#all(u16, MasterGroup.slaveAddresses, 2, count, signal);
  }

  slaveIdentity(address: number, signal?: AbortSignal): Promise<Identity> {
    const place = { group: MasterGroup.slaveIdentity, offset: address, length: 16 };
    return this.#reader.struct(identity, place, signal);
  }

  /** `EL3104`, of the slave at a position on the bus, from 0. */
  slaveType(position: number, signal?: AbortSignal): Promise<string> {
    const place = { ...slaveObject(position, 2), length: TYPE_LENGTH.ample };
    return this.#reader.text(place, TYPE_LENGTH.usual, signal);
  }

  /** `Term 5 (EL3104)`, of the slave at a position on the bus, from 0. */
  slaveName(position: number, signal?: AbortSignal): Promise<string> {
    const place = { ...slaveObject(position, 3), length: NAME_LENGTH.ample };
    return this.#reader.text(place, NAME_LENGTH.usual, signal);
  }

  /** State bytes of all slaves in bus order; `count` must be the slave count. */
  slaveStates(count: number, signal?: AbortSignal): Promise<SlaveState[]> {
    return this.#all(slaveState, MasterGroup.slaveStates, 2, count, signal);
  }

  slaveState(address: number, signal?: AbortSignal): Promise<SlaveState> {
    const place = { group: MasterGroup.slaveStates, offset: address, length: 2 };
    return this.#reader.struct(slaveState, place, signal);
  }

  frameCounters(signal?: AbortSignal): Promise<FrameCounters> {
    const place = { group: MasterGroup.frameCounters, offset: 0, length: 20 };
    return this.#reader.struct(frameCounters, place, signal);
  }

  resetFrameCounters(signal?: AbortSignal): Promise<void> {
    return this.#write(MasterGroup.frameCounters, 0, new Uint8Array(0), signal);
  }

  /** Of all slaves, or of the one at an address. */
  resetCrcCounters(address = 0, signal?: AbortSignal): Promise<void> {
    return this.#write(MasterGroup.crc, address, new Uint8Array(0), signal);
  }

  /** Requests a state of the master, and so of all slaves; whether it is reached shows later. */
  async setState(state: EtherCatState, signal?: AbortSignal): Promise<void> {
    const bytes = encoded(u16, state);
    try {
      await this.#write(MasterGroup.state, MASTER_REQUEST_OFFSET, bytes, signal);
    } catch (error) {
      if (!(error instanceof AdsError && error.code === 'ads/refused')) throw error;
      await this.#write(MasterGroup.state, MASTER_STATE_OFFSET, bytes, signal);
    }
  }

  /** Requests a state of one slave; whether it is reached shows later. */
  setSlaveState(address: number, state: EtherCatState, signal?: AbortSignal): Promise<void> {
    return this.#write(MasterGroup.slaveStates, address, encoded(u16, state), signal);
  }

  /** CRC errors of each slave, all ports added up, in bus order; `count` must be the slave count. */
  crcSums(count: number, signal?: AbortSignal): Promise<number[]> {
    return this.#all(u32, MasterGroup.crc, 4, count, signal);
  }

  crcPorts(address: number, signal?: AbortSignal): Promise<CrcCounters> {
    const place = { group: MasterGroup.crc, offset: address, length: 16 };
    return this.#reader.struct(crcCounters, place, signal);
  }

  /** What is plugged into the ports of each slave, in bus order; `count` must be the slave count. */
  async topology(count: number, signal?: AbortSignal): Promise<PortNeighbours[]> {
    const { topology } = MasterGroup;
    const records = await this.#all(
      topologyRecord,
      topology,
      TOPOLOGY_RECORD_LENGTH,
      count,
      signal,
    );
    return records.map(({ neighbours }) => neighbours);
  }

  /** The same of the slave at a position on the bus, from the master's objects. */
  async slaveNeighbours(position: number, signal?: AbortSignal): Promise<PortNeighbours> {
    const at = (subindex: number) => {
      const offset = coeOffset({ index: FIRST_DIAGNOSIS_OBJECT + position, subindex });
      return this.#reader.struct(u16, { group: COE_GROUP, offset, length: 2 }, signal);
    };
    return Promise.all([at(6), at(7), at(8), at(9)]);
  }

  /**
   * Four bytes of the registers of a slave's EtherCAT controller. Throws `twincat/no-answer` when the
   * slave takes no part.
   */
  async readRegisters(
    address: number,
    register: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const place = { group: MasterGroup.escCommand, offset: 0, length: ESC_COMMAND_LENGTH };
    const { target } = this.#reader;
    const request = readRegisters(address, register);
    const answer = await exchangeBytes(this.#client, target, place, request, signal);
    if (answer.length === ESC_COMMAND_LENGTH && isAnswered(answer)) {
      return answer.slice(ESC_DATA_OFFSET, ESC_DATA_OFFSET + 4);
    }
    const what = `Read register 0x${register.toString(16)} of slave ${address} of ${this.netId}`;
    throw new IocError('twincat/no-answer', `${what}: no slave answered; is it there?`);
  }

  /** SDO upload from a slave's mailbox. */
  readSlaveCoe(
    address: number,
    place: CoePlace,
    length: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    return readCoe(this.#client, this.#mailbox(address), place, length, signal);
  }

  /** SDO download to a slave's mailbox. */
  writeSlaveCoe(
    address: number,
    place: CoePlace,
    bytes: Uint8Array,
    signal?: AbortSignal,
  ): Promise<void> {
    return writeCoe(this.#client, this.#mailbox(address), place, bytes, signal);
  }

  /** SDO upload of a value from a slave's mailbox. */
  readSlaveValue(address: number, place: TypedCoePlace, signal?: AbortSignal): Promise<Value> {
    return readCoeValue(this.#client, this.#mailbox(address), place, signal);
  }

  /** SDO download of a value to a slave's mailbox. */
  writeSlaveValue(
    address: number,
    place: TypedCoePlace,
    value: Value,
    signal?: AbortSignal,
  ): Promise<void> {
    return writeCoeValue(this.#client, this.#mailbox(address), place, value, signal);
  }

  /** An object of a slave, by complete access where the slave can do that. */
  readSlaveObject(
    address: number,
    object: TypedCoeObject,
    signal?: AbortSignal,
  ): Promise<CoeValues> {
    return readCoeObject(this.#client, this.#mailbox(address), object, signal);
  }

  /** Subindices of an object of a slave, all at once where the slave can do that. */
  writeSlaveObject(
    address: number,
    object: TypedCoeObject,
    values: CoeValues,
    signal?: AbortSignal,
  ): Promise<void> {
    return writeCoeObject(this.#client, this.#mailbox(address), object, values, signal);
  }

  /** A slave's mailbox: its station address is its AMS port. */
  #mailbox(address: number) {
    return { netId: this.netId, port: amsPort(address) };
  }

  #write(group: number, offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    return writeBytes(this.#client, this.#reader.target, { group, offset }, bytes, signal);
  }

  /** Whether the master counts how far its distributed clocks are off; rejects when it does not. */
  async hasDcStatistics(signal?: AbortSignal): Promise<boolean> {
    const place = { group: MasterGroup.dcStatistics, offset: 0, length: DC_STATISTICS_LENGTH };
    const bytes = await readBytes(this.#client, this.#reader.target, place, signal);
    return bytes.length === DC_STATISTICS_LENGTH;
  }

  async #all<T>(
    codec: Codec<T>,
    group: number,
    size: number,
    count: number,
    signal?: AbortSignal,
  ): Promise<T[]> {
    // A read of no bytes is refused by some servers.
    if (count === 0) return [];
    const place = { group, offset: 0, length: size * count };
    return this.#reader.struct(listOf(codec, count), place, signal);
  }
}

function slaveObject(position: number, subindex: number): { group: number; offset: number } {
  const index = FIRST_SLAVE_OBJECT + position;
  return { group: COE_GROUP, offset: coeOffset({ index, subindex }) };
}
