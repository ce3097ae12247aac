import { AdsState, type AmsNetId, connectAds, Port, writeControl } from '../ads/index.ts';
import { IocError } from '../kernel/index.ts';
import type { Datatype } from '../model/index.ts';
import { EtherCatMaster } from '../twincat/index.ts';
import { definedType, isProtected, type ObjectPlace } from './objects.ts';
import type { Plant } from './plant.ts';
import { slaveKey } from './residents.ts';

/** A slave, as its controller tells it. */
export interface SlavePlace {
  /** NetId of its master, and id of that on the I/O server. */
  readonly netId: AmsNetId;
  readonly deviceId: number;
  readonly address: number;
  readonly name: string;
  readonly type: string;
}

/** Register of an EtherCAT slave controller: AL status code (ETG.1000.4, table 12). */
const AL_STATUS_CODE = 0x0134;

/**
 * What a plant can be asked for beside its values, over the link that those come by. Everything rejects
 * with `pipeline/away` while the plant is not connected, with an AdsError for what it answered.
 */
export class PlantErrands {
  readonly #plant: Plant;

  constructor(plant: Plant) {
    this.#plant = plant;
  }

  /** What an object holds, as the definition of its terminal says; undefined where none does. */
  datatypeOf({ type }: Pick<SlavePlace, 'type'>, place: ObjectPlace): Datatype | undefined {
    return definedType(this.#plant.options.definitions.get(type), place);
  }

  /** Whether an object is calibration or vendor data that the configuration has not unlocked. */
  isProtected({ type }: Pick<SlavePlace, 'type'>, { index }: ObjectPlace): boolean {
    const { definitions, tree } = this.#plant.options;
    return isProtected(definitions.get(type), index, tree?.coeWritable);
  }

  /** SDO upload of at most `length` bytes. */
  readObject(
    { netId, address }: Pick<SlavePlace, 'netId' | 'address'>,
    place: ObjectPlace,
    length: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    return this.#master(netId).readSlaveCoe(address, place, length, signal);
  }

  /** SDO download; refused with `pipeline/away` for a slave that is absent, or not what it should be. */
  async writeObject(
    slave: SlavePlace,
    place: ObjectPlace,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<void> {
    const why = this.#plant.outlet?.refusal(slaveKey(slave.deviceId, slave.name));
    if (why !== undefined) throw away(why);
    await this.#master(slave.netId).writeSlaveCoe(slave.address, place, bytes, signal);
  }

  /** Why a slave left a state, or did not reach one; 0 when all is well. */
  async alStatusCode(
    { netId, address }: Pick<SlavePlace, 'netId' | 'address'>,
    signal: AbortSignal,
  ): Promise<number> {
    const [low = 0, high = 0] = await this.#master(netId).readRegisters(
      address,
      AL_STATUS_CODE,
      signal,
    );
    return low + 256 * high;
  }

  /**
   * Brings TwinCAT to run or to config: a restart of its real-time. In config no plant is served, so
   * there may be no link: then one is opened for that.
   */
  async setSystem(mode: 'run' | 'config', signal: AbortSignal): Promise<void> {
    const { options, outlet } = this.#plant;
    const adsState = mode === 'run' ? AdsState.reset : AdsState.reconfig;
    const request = { adsState, deviceState: 0, bytes: new Uint8Array(0) };
    const target = { netId: options.netId, port: Port.system };
    if (outlet) {
      await outlet.link.client.invoke(writeControl, target, request, {}, signal);
      return;
    }
    await using client = await connectAds(options.connection, signal);
    await client.invoke(writeControl, target, request, {}, signal);
  }

  #master(netId: AmsNetId): EtherCatMaster {
    const { outlet } = this.#plant;
    if (!outlet) throw away('the plant is not connected');
    return new EtherCatMaster(outlet.link.client, netId);
  }
}

function away(text: string): IocError {
  return new IocError('pipeline/away', text);
}
