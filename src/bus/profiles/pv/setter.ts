import { type Clock, type Log, messageOf } from '../../../kernel/index.ts';
import type { PutOutcome, Session } from '../../../pv/index.ts';
import type { Received } from '../../message.ts';
import { putFailure } from '../../put-failure.ts';
import { type Asked, askedBy, type Replies } from '../../replies.ts';
import type { PvSetOptions } from './options.ts';
import type { ServedPv } from './served-pv.ts';
import { jsonValue } from './value-text.ts';
import { type NoWish, type Wish, wishOf } from './wish.ts';

/** What a setter works with. */
export interface SetterMeans {
  readonly replies: Replies;
  readonly session: Session;
  readonly clock: Clock;
  readonly log: Log;
  readonly arrays: 'json' | 'base64';
  readonly maxBytes: number;
}

/** How many puts came over MQTT, and how many of them did not get through. */
export interface SetCounters {
  sets: number;
  refused: number;
}

/** What `…/result` says. */
interface Result {
  readonly id?: string | number;
  readonly ok: boolean;
  readonly error?: string;
}

/**
 * Puts what comes on `…/set`, like every other client: within the allow-list, access security, the
 * record's own limits, and with the put log. Every message is answered; what is retained, late or
 * one too many is refused, and an empty one, which clears a retained topic, is none.
 */
export class Setter implements Disposable {
  readonly counters: SetCounters = { sets: 0, refused: 0 };
  readonly #options: PvSetOptions;
  readonly #means: SetterMeans;
  readonly #pending = new Set<AbortController>();
  #told = false;

  constructor(options: PvSetOptions, means: SetterMeans) {
    this.#options = options;
    this.#means = means;
  }

  /** Takes a message on the `set` of a PV. Never throws. */
  take(pv: ServedPv, message: Received): void {
    if (message.payload.length === 0) return;
    this.counters.sets++;
    const asked = askedBy(message);
    const wish = this.#wish(pv, message);
    if ('error' in wish) this.#answer(pv, asked, { ...wish, ok: false });
    else void this.#put(pv, wish, asked);
  }

  /** Gives up what is under way. */
  [Symbol.dispose](): void {
    for (const each of this.#pending) each.abort();
  }

  #wish(pv: ServedPv, { payload, retain }: Received): Wish | NoWish {
    const { maxBytes, clock } = this.#means;
    if (payload.length > maxBytes) return { error: `the payload is longer than ${maxBytes} bytes` };
    const wish = wishOf(payload, pv.field, pv.asText);
    if ('error' in wish) return wish;
    const id = wish.id === undefined ? {} : { id: wish.id };
    if (retain) {
      return { ...id, error: 'retained: it may be of any age; publish without retain' };
    }
    const { maxAge, maxPending } = this.#options;
    if (wish.time !== undefined && Math.abs(clock.now() - wish.time) > maxAge * 1000) {
      return { ...id, error: `expired: "t" is more than ${maxAge} s away from now` };
    }
    if (!pv.isSettable)
      return { ...id, error: 'not allowed: the allow-list does not name this PV' };
    if (this.#pending.size >= maxPending) return { ...id, error: 'busy: too many puts under way' };
    return wish;
  }

  async #put(pv: ServedPv, wish: Wish, asked: Asked): Promise<void> {
    const { timeout } = this.#options;
    const cancel = new AbortController();
    const timer = this.#means.clock.after(timeout * 1000, () => cancel.abort());
    this.#pending.add(cancel);
    const outcome = await this.#outcome(pv, wish, cancel.signal);
    this.#pending.delete(cancel);
    timer[Symbol.dispose]();
    const error = putFailure(outcome, timeout);
    const id = wish.id === undefined ? {} : { id: wish.id };
    const failed = error !== undefined && { error };
    this.#answer(pv, asked, { ...id, ok: error === undefined, ...failed });
  }

  async #outcome({ field }: ServedPv, { value }: Wish, signal: AbortSignal): Promise<PutOutcome> {
    const { session } = this.#means;
    try {
      return await session.put(field, session.grant(field), value, true, signal);
    } catch (cause) {
      return { kind: 'failed', text: messageOf(cause) };
    }
  }

  /** With the value that there is afterwards, which may be another than the one that was wished. */
  #answer(pv: ServedPv, asked: Asked, result: Result): void {
    const { replies, arrays } = this.#means;
    if (!result.ok) this.#refused(pv, result.error ?? '');
    const value = pv.field.maxCount === 1 && pv.grant.read ? pv.field.read() : undefined;
    const shown = value === undefined ? '' : `,"v":${jsonValue(value, arrays, false)}`;
    const payload = `${JSON.stringify(result).slice(0, -1)}${shown}}`;
    replies.send(asked, payload, pv.topics.result);
  }

  #refused({ name }: ServedPv, error: string): void {
    this.counters.refused++;
    if (!this.#told) this.#means.log.warn(`Put to ${name} over MQTT refused: ${error}`);
    this.#told = true;
  }
}
