import type { JsonObject } from '../../commands/json.ts';
import type { Entity } from '../../profiles/thin-edge/entity.ts';
import type { Content } from '../request.ts';

/** A file as it is now. */
export interface ConfigFile {
  readonly content: Content;
  /** Where it lies in the file system of the IOC; undefined of what is made when asked for. */
  readonly path?: string | undefined;
}

/** A kind of file that configures the IOC, or tells how it is configured. */
export interface ConfigType {
  /** `ioc-config`: what commands call it. */
  readonly type: string;
  /** As it is now, of what belongs to an entity. Throws a `CommandFailure` where there is none. */
  snapshot(entity: Entity, signal: AbortSignal): Promise<ConfigFile>;
  /** Largest new one; any that can be fetched unless told. */
  readonly maxBytes?: number;
  /**
   * Takes a new one in the place of the old, from a file that is removed afterwards; resolves with
   * what there is to say. Rejects with why it cannot be taken; all is as it was then. Undefined of
   * what cannot be changed.
   */
  readonly update?: (file: string, signal: AbortSignal) => Promise<JsonObject>;
}
