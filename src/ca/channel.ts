import type { Grant, PvField } from '../pv/index.ts';
import type { Subscription } from './subscription.ts';

/** A WRITE_NOTIFY whose completion has not come. */
export interface PendingPut {
  readonly type: number;
  readonly count: number;
  readonly ioid: number;
}

/** One client's channel to one field. */
export class Channel {
  readonly sid: number;
  readonly cid: number;
  readonly field: PvField;
  /** What the client may do with the field; another one when access security has new rules. */
  grant: Grant;
  /** Access rights as the client was told them last. */
  told: number;
  /** At most one at a time; the circuit waits with the next (facts/ca.md section 6). */
  pendingPut: PendingPut | undefined;
  #subscriptions: Map<number, Subscription> | undefined;
  #puts: AbortController | undefined;

  constructor(sid: number, cid: number, field: PvField, grant: Grant) {
    this.sid = sid;
    this.cid = cid;
    this.field = field;
    this.grant = grant;
    this.told = this.rights;
  }

  /** Access rights now, as ACCESS_RIGHTS says them: bit 0 read, bit 1 write. */
  get rights(): number {
    return (this.grant.read ? 1 : 0) | (this.grant.write && this.field.writable ? 2 : 0);
  }

  /** By the client's subscription id; made for the channels that have any. */
  get subscriptions(): Map<number, Subscription> {
    this.#subscriptions ??= new Map();
    return this.#subscriptions;
  }

  get hasSubscriptions(): boolean {
    return this.#subscriptions !== undefined && this.#subscriptions.size > 0;
  }

  /** Fires when the puts under way on this channel are no longer wanted. */
  get putSignal(): AbortSignal {
    this.#puts ??= new AbortController();
    return this.#puts.signal;
  }

  /** Tells the puts under way that nobody waits for them. */
  cancelPuts(): void {
    this.pendingPut = undefined;
    this.#puts?.abort();
    this.#puts = undefined;
  }
}
