import type { NumberArray, Slot } from '../model/index.ts';

/** A value on its way into or out of a field: scalar, text, or a row of either. */
export type PvValue = number | bigint | string | NumberArray | readonly string[];

/** Why a put was refused before the plant was asked. */
export type Refusal = 'read-only' | 'no-access' | 'disabled' | 'bad-value' | 'busy' | 'away';

/** How a put ended. `text` says it to a person. */
export type PutOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly text: string }
  /** The plant was asked and said no; `code` is its own error number. */
  | { readonly kind: 'failed'; readonly text: string; readonly code?: number }
  /** The client went away before the plant had answered. */
  | { readonly kind: 'cancelled' };

/** A raw value that a record wants written to the plant; `settle` is called exactly once. */
export interface PutRequest {
  readonly slot: Slot;
  readonly value: PvValue;
  readonly settle: (outcome: PutOutcome) => void;
}

/** Takes raw values to the plant. */
export type PutSink = (request: PutRequest) => void;
