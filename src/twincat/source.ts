import type { AmsAddress } from '../ads/index.ts';
import type { Value } from '../model/index.ts';

/**
 * A range of the plant's memory that is read as a whole, and how it is kept up to date: by device
 * notifications, by polling, or read once per session (CoE objects).
 */
export interface Region {
  readonly target: AmsAddress;
  readonly group: number;
  readonly offset: number;
  readonly length: number;
  readonly update: 'notify' | 'poll' | 'once';
  /** The answer may be shorter than `length`; the rest counts as zero. */
  readonly mayBeShort?: boolean;
}

/** Where a put goes: exactly `length` bytes to one group and offset. */
export interface WriteTarget {
  readonly target: AmsAddress;
  readonly group: number;
  readonly offset: number;
  readonly length: number;
}

/** Where the value of a plant attribute comes from. */
export type PlantSource =
  /** Known since discovery; lasts as long as the session. */
  | { readonly kind: 'constant'; readonly value: Value }
  /** Bytes of a region, from a byte and bit on. Equal regions are read once. */
  | {
      readonly kind: 'region';
      readonly region: Region;
      readonly byte: number;
      readonly bit: number;
      readonly write?: WriteTarget;
    }
  /** The plant's time of the newest sample of a region, as ISO text. */
  | { readonly kind: 'stamp'; readonly region: Region };
