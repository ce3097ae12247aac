import { IndexGroup, type Place, type ReadWriteRequest } from '../ads/index.ts';
import { cp1252Bytes, cp1252Text, Writer } from '../kernel/index.ts';
import { complete, type Device, MAX_WATCH, type Watch, watchByReading } from './device.ts';
import type { Image, Location } from './image.ts';
import { versionOf } from './io-server.ts';
import type { Plant } from './plant.ts';
import { Result, refused } from './refusal.ts';
import type { SymbolHandles } from './symbol-handles.ts';
import { addressable } from './symbol-names.ts';
import { SymbolTables } from './symbol-tables.ts';
import { encodeTable } from './symbols.ts';

/** Group 0xF011: a data type by its name, as newer servers give it. */
const DATA_TYPE_BY_NAME = 0xf011;

/** Symbol table and process image, AMS port 27905, of one configuration (facts/ads.md section 7). */
export class SymbolServer implements Device {
  readonly #plant: Plant;
  readonly #image: Image;
  readonly #handles: SymbolHandles;
  readonly #tables: SymbolTables;

  constructor(plant: Plant) {
    this.#plant = plant;
    this.#image = plant.image;
    this.#handles = plant.symbolHandles;
    this.#tables = new SymbolTables(plant.layout);
  }

  info() {
    const { version, build, name } = this.#plant.chain.server;
    return { ...versionOf(version), build, name };
  }

  state() {
    return this.#plant.state;
  }

  writeControl(adsState: number): void {
    this.#plant.control(adsState);
  }

  read(place: Place): Uint8Array {
    const { group, offset, length } = place;
    const location = this.#image.locate(group, offset, length);
    if (location !== undefined) return this.#image.read(location);
    switch (group) {
      case IndexGroup.symbolValueByHandle:
        return this.#image.read(this.#handles.named(offset).location).subarray(0, length);
      case IndexGroup.symbolVersion:
        return number(this.#plant.version, length);
      case IndexGroup.deviceData:
        return this.#deviceData(offset, length);
      default:
        return complete(this.#table(group), length);
    }
  }

  /** Tables, and what there is to know about their sizes. */
  #table(group: number): Uint8Array {
    switch (group) {
      case IndexGroup.symbolUpload:
        return this.#tables.symbols;
      case IndexGroup.symbolUploadInfo:
        return this.#tables.info.subarray(0, 8);
      case IndexGroup.symbolUploadInfo2:
        return this.#tables.info;
      case IndexGroup.dataTypeUpload:
        return this.#tables.types;
      case IndexGroup.inputSize:
        return number(this.#image.size('outputs'), 4);
      case IndexGroup.outputSize:
        return number(this.#image.size('inputs'), 4);
      default:
        throw refused(Result.invalidGroup);
    }
  }

  write(group: number, offset: number, bytes: Uint8Array): void {
    const location = this.#image.locate(group, offset, bytes.length);
    if (location !== undefined) {
      this.#image.write(location, bytes);
      return;
    }
    switch (group) {
      case IndexGroup.symbolValueByHandle:
        this.#image.write(this.#handles.named(offset).location, bytes);
        break;
      case IndexGroup.symbolValueByName:
        this.#writeByName(bytes);
        break;
      case IndexGroup.symbolReleaseHandle:
        this.#handles.release(handleIn(bytes));
        break;
      default:
        throw refused(Result.invalidGroup);
    }
  }

  readWrite({ group, readLength, bytes }: ReadWriteRequest): Uint8Array {
    const name = cp1252Text(bytes);
    switch (group) {
      case IndexGroup.symbolHandleByName:
        return this.#acquire(name, readLength);
      case IndexGroup.symbolValueByName:
        return complete(this.#image.read(this.#plant.names.resolve(name).location), readLength);
      case IndexGroup.symbolInfoByName:
      case IndexGroup.symbolInfoByNameExtended:
        return complete(encodeTable([addressable(this.#plant.names.resolve(name))]), readLength);
      case DATA_TYPE_BY_NAME:
        return complete(this.#tables.type(name), readLength);
      default:
        throw refused(Result.invalidGroup);
    }
  }

  watch(place: Place): Watch {
    const { group, offset, length } = place;
    if (length > MAX_WATCH) throw refused(Result.invalidWatchSize);
    const image = this.#image;
    const location =
      group === IndexGroup.symbolValueByHandle
        ? sized(this.#handles.named(offset).location, length)
        : image.locate(group, offset, length);
    if (location === undefined) return watchByReading(this, place);
    return {
      size: location.size,
      location,
      sampleInto: (target, at) => image.readInto(location, target, at),
    };
  }

  /** The handle; clients that leave room for it get size and type as well. */
  #acquire(name: string, readLength: number): Uint8Array {
    if (readLength < 4) throw refused(Result.invalidSize);
    const handle = this.#handles.acquire(name);
    const { location, symbol } = this.#handles.named(handle);
    const type = cp1252Bytes(symbol.typeName);
    const w = new Writer();
    w.u32(handle);
    w.u32(location.size);
    w.u32(0);
    w.u16(type.length);
    w.bytes(type);
    w.u8(0);
    return readLength < w.length ? w.take().subarray(0, 4) : w.take();
  }

  /** The name and its NUL, then the value. */
  #writeByName(bytes: Uint8Array): void {
    const end = bytes.indexOf(0);
    if (end < 0) throw refused(Result.invalidData);
    const { location } = this.#plant.names.resolve(cp1252Text(bytes));
    this.#image.write(location, bytes.subarray(end + 1));
  }

  #deviceData(offset: number, length: number): Uint8Array {
    const { adsState, deviceState } = this.#plant.state;
    const w = new Writer();
    if (offset === 0) w.u16(adsState);
    else if (offset !== 2) throw refused(Result.invalidOffset);
    w.u16(deviceState);
    return w.take().subarray(0, length);
  }
}

/** A value is watched whole, or from its start. */
function sized(location: Location, length: number): Location {
  if (length === location.size) return location;
  if (length > location.size || length === 0) throw refused(Result.invalidSize);
  return { ...location, bits: length * 8, size: length };
}

/** A little-endian number cut to what the client asks for. */
function number(value: number, length: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24).subarray(0, length);
}

function handleIn(bytes: Uint8Array): number {
  if (bytes.length !== 4) throw refused(Result.invalidSize);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}
