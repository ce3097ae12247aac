import {
  AdsState,
  dataTypeEntry,
  IndexGroup,
  type Place,
  type ReadWriteRequest,
  SymbolFlag,
  uploadInfo,
} from '../ads/index.ts';
import { cp1252Text, encoded, Writer } from '../kernel/index.ts';
import type { PlcProgram, PlcVariable, Value } from '../model/index.ts';
import { complete, type Device, MAX_WATCH, type Watch, watchByReading } from './device.ts';
import { PLC_DATA, type Placed, PlcMemory, plcSymbol, plcTypes } from './plc-memory.ts';
import { Result, refused } from './refusal.ts';
import { encodeTable } from './symbols.ts';

/** Group 0xF011: a data type by its name. */
const DATA_TYPE_BY_NAME = 0xf011;

/** Of the gap in front of the variables; who writes to a place that is no more changes it. */
const CANARY = 0xca;

/** Between the handles of one life and the next. */
const LIFE = 0x1_0000;

/** A simulated PLC: variables in memory, by name, by handle, and by group and offset. */
export class Plc implements Device {
  readonly port: number;
  adsState: number = AdsState.run;
  #memory: PlcMemory;
  #variables: readonly PlcVariable[];
  #version = 1;
  #gap = 0;
  readonly #changed: () => void;
  readonly #handles = new Map<number, string>();
  #next = 0x100;
  #valid = this.#next;

  /** `changed` is called when symbols moved, and what is notified must be looked at again. */
  constructor({ port, variables }: PlcProgram, changed: () => void) {
    this.port = port;
    this.#variables = variables;
    this.#changed = changed;
    this.#memory = new PlcMemory(variables, 0);
  }

  /** Value of a variable or array element; throws 0x710 as AdsError. */
  value(name: string): Value {
    return this.#memory.read(name);
  }

  set(name: string, value: Value): void {
    this.#memory.write(name, value);
  }

  /**
   * An online change or download: other variables, or the same elsewhere. Handles from before are
   * refused with 0x711, and where variables were there is the canary.
   */
  download(variables: readonly PlcVariable[] = this.#variables): void {
    this.#gap = this.#memory.bytes.length;
    this.#variables = variables;
    this.#memory = new PlcMemory(variables, this.#gap, this.#memory);
    this.#memory.bytes.fill(CANARY, 0, this.#gap);
    this.#version = (this.#version % 255) + 1;
    this.#handles.clear();
    this.#valid = this.#next;
    this.#changed();
  }

  /** The system begins anew: handles are unknown, and are not given again. */
  forget(): void {
    this.#handles.clear();
    this.#next += LIFE;
    this.#valid = 0;
  }

  /** Bytes of the canary that somebody wrote to. */
  get canaryTouched(): number {
    const gap = this.#memory.bytes.subarray(0, this.#gap);
    return gap.reduce((sum, byte) => (byte === CANARY ? sum : sum + 1), 0);
  }

  info() {
    return { major: 3, minor: 1, build: 4024, name: 'Plc30 App' };
  }

  state() {
    return { adsState: this.adsState, deviceState: 0 };
  }

  writeControl(adsState: number): void {
    if (adsState !== AdsState.run && adsState !== AdsState.stop) throw refused(Result.invalidState);
    this.adsState = adsState;
  }

  read({ group, offset, length }: Place): Uint8Array {
    switch (group) {
      case PLC_DATA:
        return this.#bytes(offset, length).slice();
      case IndexGroup.symbolValueByHandle:
        return this.#held(offset, length).slice();
      case IndexGroup.symbolVersion:
        return Uint8Array.of(this.#version).subarray(0, length);
      case IndexGroup.deviceData:
        return Uint8Array.of(this.adsState, 0, 0, 0).subarray(offset, offset + length);
      default:
        return complete(this.#table(group), length);
    }
  }

  write(group: number, offset: number, bytes: Uint8Array): void {
    switch (group) {
      case PLC_DATA:
        this.#bytes(offset, bytes.length).set(bytes);
        break;
      case IndexGroup.symbolValueByHandle: {
        const placed = this.#memory.find(this.#name(offset));
        if ((plcSymbol(placed).flags & SymbolFlag.readOnly) !== 0)
          throw refused(Result.invalidAccess);
        if (bytes.length !== placed.size) throw refused(Result.invalidSize);
        this.#bytes(placed.offset, placed.size).set(bytes);
        break;
      }
      case IndexGroup.symbolReleaseHandle:
        this.#handles.delete(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
        break;
      default:
        throw refused(Result.invalidGroup);
    }
  }

  readWrite({ group, readLength, bytes }: ReadWriteRequest): Uint8Array {
    const name = cp1252Text(bytes);
    switch (group) {
      case IndexGroup.symbolHandleByName: {
        this.#memory.find(name);
        const handle = this.#next++;
        this.#handles.set(handle, name);
        return complete(u32(handle), readLength);
      }
      case IndexGroup.symbolInfoByName:
      case IndexGroup.symbolInfoByNameExtended:
        return complete(encodeTable([plcSymbol(this.#memory.find(name))]), readLength);
      case DATA_TYPE_BY_NAME: {
        const type = plcTypes(this.#memory.placed).get(name.toLowerCase());
        if (!type) throw refused(Result.symbolNotFound);
        return complete(encoded(dataTypeEntry, type), readLength);
      }
      default:
        throw refused(Result.invalidGroup);
    }
  }

  watch(place: Place): Watch {
    const { group, offset, length } = place;
    if (length > MAX_WATCH) throw refused(Result.invalidWatchSize);
    const isMemory = group === PLC_DATA || group === IndexGroup.symbolValueByHandle;
    if (!isMemory) return watchByReading(this, place);
    const bytes = group === PLC_DATA ? this.#bytes(offset, length) : this.#held(offset, length);
    return { size: length, sampleInto: (target, at) => target.set(bytes, at) };
  }

  #table(group: number): Uint8Array {
    const { placed } = this.#memory;
    const symbols = [...placed].map(plcSymbol);
    const types = [...plcTypes(placed).values()];
    const w = new Writer();
    for (const type of types) dataTypeEntry.encode(w, type);
    const dataTypes = w.take();
    const table = encodeTable(symbols);
    const info = encoded(uploadInfo, {
      ...{ symbolCount: symbols.length, symbolBytes: table.length },
      ...{ dataTypeCount: types.length, dataTypeBytes: dataTypes.length },
    });
    switch (group) {
      case IndexGroup.symbolUpload:
        return table;
      case IndexGroup.symbolUploadInfo:
        return info.subarray(0, 8);
      case IndexGroup.symbolUploadInfo2:
        return info;
      case IndexGroup.dataTypeUpload:
        return dataTypes;
      default:
        throw refused(Result.invalidGroup);
    }
  }

  #held(handle: number, length: number): Uint8Array {
    const { offset, size }: Placed = this.#memory.find(this.#name(handle));
    if (length > size) throw refused(Result.invalidSize);
    return this.#bytes(offset, length);
  }

  #name(handle: number): string {
    const name = this.#handles.get(handle);
    if (name !== undefined) return name;
    throw refused(handle < this.#valid ? Result.symbolVersionInvalid : Result.symbolNotFound);
  }

  #bytes(offset: number, length: number): Uint8Array {
    const { bytes } = this.#memory;
    if (offset >= bytes.length) throw refused(Result.invalidOffset);
    if (offset + length > bytes.length) throw refused(Result.invalidSize);
    return bytes.subarray(offset, offset + length);
  }
}

function u32(n: number): Uint8Array {
  return Uint8Array.of(n, n >>> 8, n >>> 16, n >>> 24);
}
