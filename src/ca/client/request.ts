import { Eca } from '../header.ts';
import type { Reading } from './reading.ts';

/** How a read ended. */
export type ReadOutcome =
  | { readonly kind: 'read'; readonly reading: Reading }
  | { readonly kind: 'failed'; readonly text: string; readonly status?: number };

/** How a write ended. */
export type WriteOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly text: string; readonly status?: number };

/** A request whose answer has not come; settled exactly once. */
export interface PendingRequest {
  /** How long the answer may take. */
  readonly seconds: number;
  /** A value came, or with WRITE_NOTIFY the bare success. */
  succeed(reading: Reading | undefined): void;
  fail(text: string, status?: number): void;
}

const texts: Readonly<Record<number, string>> = {
  [Eca.allocMem]: 'the server has no room for it',
  [Eca.tooLarge]: 'the array is too large for the server',
  [Eca.badType]: 'the server does not know the type',
  [Eca.internal]: 'the server failed',
  [Eca.getFail]: 'the server could not read it',
  [Eca.putFail]: 'the server could not write it',
  176: 'the server refused the number of elements',
  [Eca.putCbInProgress]: 'the server gave up waiting for it',
  [Eca.noReadAccess]: 'no read access',
  [Eca.noWriteAccess]: 'no write access',
  400: 'the server cannot convert it',
};

/** What an ECA status says, to a person. */
export function statusText(status: number): string {
  return texts[status] ?? `ECA status ${status}`;
}
