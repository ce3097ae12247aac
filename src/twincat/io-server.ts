import {
  type AdsClient,
  AdsError,
  AdsErrorCode,
  type AdsSymbol,
  type AmsNetId,
  type AmsPort,
  amsNetId,
  type DataTypeEntry,
  type DeviceInfo,
  netIdBytes,
  Port,
  readDeviceInfo,
  readState,
  type ServerState,
  uploadDataTypes,
  uploadSymbols,
} from '../ads/index.ts';
import type { Codec } from '../kernel/index.ts';
import { EtherCatMaster } from './ethercat-master.ts';
import { listOf, PlantReader, u16, u32 } from './plant-reader.ts';

/** Types of I/O devices that are EtherCAT masters; others have no slaves that ADS can reach. */
export const DeviceType = {
  /** EtherCAT in direct mode. */
  etherCat: 94,
  /** EtherCAT by protocol driver, which newer projects have. */
  etherCatProtocol: 111,
} as const;
export type DeviceType = (typeof DeviceType)[keyof typeof DeviceType];

/** A fieldbus device of the I/O server. */
export type IoDevice = {
  readonly id: number;
  /** A `DeviceType`, or that of another fieldbus. */
  readonly type: number;
  readonly name: string;
  /** Undefined for a device that has none of its own. */
  readonly netId: AmsNetId | undefined;
};

export function isEtherCat({ type }: IoDevice): boolean {
  return type === DeviceType.etherCat || type === DeviceType.etherCatProtocol;
}

/** Group of the server itself; that of a device is its id higher (facts/ads.md section 5). */
const IO_GROUP = 0x5000;
const IoOffset = { ids: 1, name: 1, count: 2, netId: 5, type: 7 } as const;

/** The I/O server of a TwinCAT system, seen through ADS: AMS port 300. */
export class IoServer {
  readonly client: AdsClient;
  readonly systemNetId: AmsNetId;
  readonly #reader: PlantReader;

  constructor(client: AdsClient, systemNetId: AmsNetId) {
    this.client = client;
    this.systemNetId = systemNetId;
    this.#reader = new PlantReader(client, { netId: systemNetId, port: Port.ioServer });
  }

  deviceInfo(signal?: AbortSignal): Promise<DeviceInfo> {
    return this.client.invoke(readDeviceInfo, this.#reader.target, undefined, {}, signal);
  }

  /** `adsState` is 5 (run) when all is well. */
  state(signal?: AbortSignal): Promise<ServerState> {
    return this.client.invoke(readState, this.#reader.target, undefined, {}, signal);
  }

  /** Ids in the order of the TwinCAT tree; they need not be contiguous. */
  async deviceIds(signal?: AbortSignal): Promise<readonly number[]> {
    const countPlace = { group: IO_GROUP, offset: IoOffset.count, length: 4 };
    const count = await this.#reader.struct(u32, countPlace, signal);
    if (count === 0) return [];
    const length = 2 * (count + 1);
    return this.#reader.struct(
      deviceIdList,
      { group: IO_GROUP, offset: IoOffset.ids, length },
      signal,
    );
  }

  /** Every fieldbus device, asked all at once; on-board I/O that is no fieldbus is left out. */
  async devices(signal?: AbortSignal): Promise<readonly IoDevice[]> {
    const ids = await this.deviceIds(signal);
    const devices = await Promise.all(ids.map((id) => this.device(id, signal)));
    return devices.filter((device) => device !== undefined);
  }

  /** Undefined for a device that answers "wrong interface" to its type: it is no fieldbus. */
  async device(id: number, signal?: AbortSignal): Promise<IoDevice | undefined> {
    const place = (offset: number, length: number) => ({ group: IO_GROUP + id, offset, length });
    const [type, name, netId] = await Promise.all([
      unlessRefused(this.#reader.struct(u16, place(IoOffset.type, 2), signal)),
      unlessRefused(this.#reader.text(place(IoOffset.name, 255), undefined, signal)),
      unlessRefused(this.#reader.struct(netIdBytes, place(IoOffset.netId, 6), signal)),
    ]);
    if (type instanceof AdsError) {
      if (type.adsCode === AdsErrorCode.invalidInterface) return undefined;
      throw type;
    }
    return {
      id,
      type,
      name: name instanceof AdsError ? `Device ${id}` : name,
      netId: netId instanceof AdsError ? undefined : absolute(netId, this.systemNetId),
    };
  }

  master(netId: AmsNetId): EtherCatMaster {
    return new EtherCatMaster(this.client, netId);
  }

  /** The symbol table of the process image. */
  symbols(port: AmsPort, signal?: AbortSignal): Promise<readonly AdsSymbol[]> {
    return uploadSymbols(this.client, { netId: this.systemNetId, port }, {}, signal);
  }

  /** The types of those symbols: structures and their members; none from servers without a table. */
  dataTypes(port: AmsPort, signal?: AbortSignal): Promise<readonly DataTypeEntry[]> {
    return uploadDataTypes(this.client, { netId: this.systemNetId, port }, {}, signal);
  }
}

/** A NetId that begins with four zeros is meant relative to the system's, as in Beckhoff's AdsLib. */
function absolute(netId: AmsNetId, system: AmsNetId): AmsNetId {
  const [a, b, c, d, e, f] = netId.split('.');
  const isRelative = [a, b, c, d].every((part) => part === '0') && e !== '0';
  if (!isRelative) return netId;
  return amsNetId([...system.split('.').slice(0, 4), e, f].join('.'));
}

/** The count comes first, once more. */
export const deviceIdList: Codec<number[]> = {
  encode(w, ids) {
    w.u16(ids.length);
    for (const id of ids) w.u16(id);
  },
  decode: (r) => listOf(u16, r.u16()).decode(r),
};

/** The refusal as a value, so that one does not hide what the other answers say. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | AdsError> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AdsError && error.code === 'ads/refused') return error;
    throw error;
  }
}
