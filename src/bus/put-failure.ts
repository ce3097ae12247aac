import type { PutOutcome } from '../pv/index.ts';

/** Why a put over the bus is not done, which had some seconds; undefined when it is. */
export function putFailure(outcome: PutOutcome, seconds: number): string | undefined {
  switch (outcome.kind) {
    case 'done':
      return undefined;
    case 'refused':
    case 'failed':
      return outcome.text;
    case 'cancelled':
      return `not over within ${seconds} s; the plant may still take it`;
  }
}
