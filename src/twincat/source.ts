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
  /** What is written to read it: it is the answer of a ReadWrite. */
  readonly command?: Uint8Array;
  /** Polled at every so-manieth poll only; at each unless told. */
  readonly every?: number;
}

/** Where a put goes: exactly `length` bytes to one group and offset. */
export interface WriteTarget {
  readonly target: AmsAddress;
  readonly group: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * What a command asks for when a value other than 0 is put to it; 0 asks for nothing, so that a
 * client that restores or resets its setpoints commands nothing.
 */
export type PlantRequest =
  /** These bytes, whatever the value; none at all is what a reset takes. */
  | { readonly kind: 'write'; readonly write: WriteTarget; readonly bytes: Uint8Array }
  /** The value itself, as the attribute's datatype; to another place where the first is refused. */
  | {
      readonly kind: 'write-value';
      readonly write: WriteTarget;
      readonly otherwise?: WriteTarget;
    }
  /** Discovery again, and the tree from what it finds. */
  | { readonly kind: 'rescan' }
  /** These regions (`once`) again, one after the other. */
  | { readonly kind: 'refresh'; readonly regions: readonly Region[] };

/** The bytes of some regions, one after the other without gaps, at one time. */
export interface Reading {
  /** Seconds of a clock that never goes back. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A value from what some regions hold now and, for rates, held before; undefined: not known yet. */
export type Derive = (now: Reading, before: Reading | undefined) => Value | undefined;

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
  | { readonly kind: 'stamp'; readonly region: Region }
  /**
   * Computed from regions whenever one of them was read: see `Derivation`. `span` is how many
   * seconds before now `before` was, about; 0 for what needs no past. An input that the plant
   * refuses leaves the value unknown, unless it `mayMiss` some: then it stays as it was, zeros at
   * first.
   */
  | {
      readonly kind: 'derived';
      readonly inputs: readonly Region[];
      readonly span: number;
      readonly derive: Derive;
      readonly mayMiss?: boolean;
    }
  /** Nothing to read: a put asks the plant, or the IOC, to do something. */
  | { readonly kind: 'command'; readonly request: PlantRequest };
