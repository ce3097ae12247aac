import type { FieldType } from '../field-type.ts';
import type { Metadata } from '../metadata.ts';
import type { PutOutcome, PvValue } from '../put.ts';

/**
 * What a link gives: a value; `undefined`, when it has none to give after record initialisation (a
 * constant); `null`, when it should have given one and could not, which makes the record LINK/INVALID.
 */
export type Given<T> = T | undefined | null;

/** A moment in EPICS time. */
export interface Moment {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** The link of one field of a record to where its value comes from or goes. */
export interface Link extends Disposable {
  readonly kind: 'constant' | 'local' | 'remote' | 'calc' | 'state' | 'device' | 'broken';
  /** Constants give nothing after record initialisation; every other link is asked each time. */
  readonly isConstant: boolean;
  readonly isConnected: boolean;
  /** Type and most elements of what it leads to; undefined while that is not known. */
  readonly type: FieldType | undefined;
  readonly count: number;
  /** What a constant gives at record initialisation, as a type or a row of it. */
  initial(type: FieldType, most: number): PvValue | undefined;
  number(): Given<number>;
  /** A scalar of a type, or with `most` beyond 1 a row of at most so many. */
  value(type: FieldType, most: number): Given<PvValue>;
  /** Writes; false when it cannot. */
  put(value: PvValue): boolean;
  /** Writes, and tells when everything that it started is over; undefined when it cannot tell. */
  putThen(value: PvValue, settle: (outcome: PutOutcome) => void): boolean | undefined;
  /** Processes what a forward link leads to, if it is passive. */
  forward(): void;
  /** Time stamp and alarm of what it leads to; undefined when it has none. */
  time(): Moment | undefined;
  alarm(): { readonly status: number; readonly severity: number } | undefined;
  metadata(): Metadata | undefined;
}
