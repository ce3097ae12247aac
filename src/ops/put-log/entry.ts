import type { FieldType, PvValue, Snapshot, TrappedPut } from '../../pv/index.ts';

/** One put as a put log tells it. */
export interface PutEntry {
  /** When it was over, milliseconds since 1970. */
  readonly at: number;
  readonly host: string;
  readonly user: string;
  readonly pv: string;
  readonly type: FieldType;
  readonly isArray: boolean;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Why the put did not succeed. */
  readonly failure?: string;
  /** Set when the entry stands for several puts. */
  readonly burst?: Burst;
}

/** What puts that were squashed into one entry had between the first and the last. */
export interface Burst {
  readonly min: number | bigint;
  readonly max: number | bigint;
  /** Puts after the first. */
  readonly count: number;
}

export function entryOf(put: TrappedPut, at: number): PutEntry {
  const { field, host, user, before, after, outcome } = put;
  return {
    ...{ at, host, user, before, after },
    pv: field.field === 'VAL' ? field.record : `${field.record}.${field.field}`,
    type: field.type,
    isArray: field.maxCount > 1,
    ...(outcome.kind === 'refused' || outcome.kind === 'failed' ? { failure: outcome.text } : {}),
  };
}

/** The text in a row of characters, up to its NUL; of other values undefined. */
export function longText({ type }: PutEntry, { value }: Snapshot): string | undefined {
  if (type !== 'CHAR' || !ArrayBuffer.isView(value)) return undefined;
  const bytes = Buffer.from(Uint8Array.from(value));
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? undefined : end);
}

/** Whether two snapshots say the same. */
export function isSameValue(one: Snapshot, other: Snapshot): boolean {
  return one.size === other.size && areSame(one.value, other.value);
}

function areSame(one: PvValue, other: PvValue): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return Object.is(one, other);
  if (one.length !== other.length) return false;
  return Array.prototype.every.call(one, (element, i) => Object.is(element, other[i]));
}
