import type { Datatype } from '../../model/index.ts';
import type { Entity } from '../profiles/thin-edge/entity.ts';

/** An object of a slave's dictionary, as far as it is known here. */
export interface CoeObjectFacts {
  /** What it holds; undefined of objects that no terminal definition names. */
  readonly datatype?: Datatype;
  /** Why it must not be written: it is calibration or vendor data that nobody unlocked. */
  readonly protection?: string;
}

/** Place of an object in a slave's dictionary. */
export interface CoePlaceOf {
  readonly index: number;
  readonly subindex: number;
}

/**
 * What commands ask of a plant that no PV stands for. All methods reject with words for who asked:
 * that the plant is not connected, what the slave said.
 */
export interface PlantAccess {
  /** What is known of an object. */
  coeObject(entity: Entity, place: CoePlaceOf): CoeObjectFacts;
  /** SDO upload of at most `length` bytes. */
  readCoe(
    entity: Entity,
    place: CoePlaceOf,
    length: number,
    signal: AbortSignal,
  ): Promise<Uint8Array>;
  /** SDO download of exactly these bytes. */
  writeCoe(
    entity: Entity,
    place: CoePlaceOf,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<void>;
  /** AL status code of a slave: why it left a state, or refused one (ETG.1000.6, table 11). */
  alStatusCode(entity: Entity, signal: AbortSignal): Promise<number>;
  /** Brings the TwinCAT system of a plant to run, or to config. */
  setSystem(entity: Entity, mode: 'run' | 'config', signal: AbortSignal): Promise<void>;
}
