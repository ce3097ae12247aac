import type { AmsAddress, NotificationRequest } from '../ads/index.ts';
import type { Device, Watch } from './device.ts';
import type { HandlePool } from './handle-pool.ts';
import { NotificationBatch } from './notification-batch.ts';
import { Result, refused } from './refusal.ts';
import { Subscription, sendsOnChange } from './subscription.ts';

/** The task whose cycles samples are taken in. */
export interface Cycle {
  readonly periodMs: number;
  /** Cycles since the start. */
  readonly number: number;
  /** FILETIME of the newest cycle, in two halves of 32 bits. */
  readonly low: number;
  readonly high: number;
}

/** Notification frames that leave together. */
export type Due = {
  readonly bytes: Uint8Array;
  readonly samples: number;
  readonly frames: number;
};

/** Samples that wait for their maximum delay leave earlier than it when they are more bytes. */
const MAX_BATCH = 256 * 1024;

/** The notifications that one client port has from one server; they die with its connection. */
export class Subscriber {
  readonly server: AmsAddress;
  readonly #pool: HandlePool;
  readonly #batch: NotificationBatch;
  readonly #byHandle = new Map<number, Subscription>();
  /** The same, in a form that is quick to walk. */
  #subscriptions: Subscription[] = [];
  #fresh: Subscription[] = [];
  /** Handles whose variables went away, which the client is still to hear. */
  #vanished: number[] = [];
  /** Deleted subscriptions are still in the lists. */
  #stale = false;
  /** Cycle by which the batch must leave. */
  #deadline = Number.POSITIVE_INFINITY;

  constructor(client: AmsAddress, server: AmsAddress, pool: HandlePool) {
    this.server = server;
    this.#pool = pool;
    this.#batch = new NotificationBatch(client, server);
  }

  get size(): number {
    return this.#byHandle.size;
  }

  /** Throws what the device refuses, 0x713, 0x716 and 0x717. */
  add(device: Device, request: NotificationRequest, cycle: Cycle): number {
    const watch = device.watch(request);
    const onChange = sendsOnChange(request.mode);
    const handle = this.#pool.acquire(watch.size);
    const subscription = new Subscription(handle, watch, onChange, request, cycle.periodMs);
    this.#byHandle.set(handle, subscription);
    this.#subscriptions.push(subscription);
    this.#fresh.push(subscription);
    return handle;
  }

  /** Throws 0x714 when the handle is not this client's. */
  delete(handle: number): void {
    const subscription = this.#byHandle.get(handle);
    if (subscription === undefined) throw refused(Result.invalidNotificationHandle);
    this.#byHandle.delete(handle);
    this.#pool.release(subscription.size);
    this.#stale = true;
  }

  /** Drops one notification, or those that watch certain bytes, without a word; how many. */
  drop(concerns: (subscription: Subscription) => boolean): number {
    const dropped = [...this.#byHandle.values()].filter(concerns);
    for (const { handle } of dropped) this.delete(handle);
    return dropped.length;
  }

  /**
   * Looks at all places again, after symbols moved. What is no longer there sends 0 bytes once and
   * keeps its handle (facts/ads.md section 8).
   */
  rebind(device: Device): void {
    for (const subscription of this.#byHandle.values()) {
      const watch = watchAgain(device, subscription);
      if (watch !== undefined) subscription.watch = watch;
      else if (!subscription.gone) {
        subscription.gone = true;
        this.#vanished.push(subscription.handle);
      }
    }
    this.#stale = true;
  }

  /** Gives all handles back. */
  close(): void {
    for (const { size } of this.#byHandle.values()) this.#pool.release(size);
    this.#byHandle.clear();
    this.#stale = true;
  }

  /** The first sample of what was added since the last call. */
  sampleFresh(cycle: Cycle): void {
    if (this.#stale) this.#forgetDeleted();
    if (this.#fresh.length === 0) return;
    this.#batch.begin(cycle.low, cycle.high);
    for (const subscription of this.#fresh) {
      const at = this.#batch.reserve(subscription.size);
      subscription.watch.sampleInto(this.#batch.target, at);
      subscription.changed(this.#batch.target, at);
      this.#batch.commit(subscription.handle, subscription.size);
      subscription.due = cycle.number + subscription.period;
    }
    this.#fresh = [];
    this.#deadline = cycle.number;
  }

  // hot path
  /** Takes the samples that are due in this cycle. */
  sample(cycle: Cycle): void {
    if (this.#stale) this.#forgetDeleted();
    if (this.#vanished.length > 0) this.#tellVanished(cycle);
    const batch = this.#batch;
    const now = cycle.number;
    const subscriptions = this.#subscriptions;
    batch.begin(cycle.low, cycle.high);
    for (let i = 0; i < subscriptions.length; i++) {
      const each = subscriptions[i]!;
      if (each.due > now) continue;
      each.due = Math.max(each.due + each.period, now + 1);
      const at = batch.reserve(each.size);
      each.watch.sampleInto(batch.target, at);
      if (each.onChange && !each.changed(batch.target, at)) continue;
      batch.commit(each.handle, each.size);
      if (now + each.patience < this.#deadline) this.#deadline = now + each.patience;
    }
  }

  /** Every value again, at so many moments between the cycle before and this one. */
  repeat(cycle: Cycle, times: number): void {
    for (let k = times; k > 0; k--) {
      const ticks = Math.round((cycle.periodMs * 10_000 * k) / (times + 1));
      const low = cycle.low - ticks;
      this.#batch.begin(low >>> 0, low < 0 ? cycle.high - 1 : cycle.high);
      for (const each of this.#subscriptions) {
        const at = this.#batch.reserve(each.size);
        each.watch.sampleInto(this.#batch.target, at);
        this.#batch.commit(each.handle, each.size);
      }
    }
    if (this.#subscriptions.length > 0) this.#deadline = cycle.number;
  }

  /** The frames that may not wait any longer. */
  due(cycle: Cycle): Due | undefined {
    const { samples, length } = this.#batch;
    const waits = this.#deadline > cycle.number && length < MAX_BATCH;
    if (samples === 0 || waits) return undefined;
    this.#deadline = Number.POSITIVE_INFINITY;
    const bytes = this.#batch.take();
    return { bytes, samples, frames: this.#batch.taken };
  }

  #tellVanished(cycle: Cycle): void {
    this.#batch.begin(cycle.low, cycle.high);
    for (const handle of this.#vanished) {
      this.#batch.reserve(0);
      this.#batch.commit(handle, 0);
    }
    this.#vanished = [];
    this.#deadline = cycle.number;
  }

  #forgetDeleted(): void {
    const there = ({ handle, gone }: Subscription) => !gone && this.#byHandle.has(handle);
    this.#subscriptions = [...this.#byHandle.values()].filter(there);
    this.#fresh = this.#fresh.filter(there);
    this.#stale = false;
  }
}

/** A value is still there when as many bytes can be had at its place. */
function watchAgain(device: Device, { place, size }: Subscription): Watch | undefined {
  try {
    const watch = device.watch(place);
    return watch.size === size ? watch : undefined;
  } catch {
    return undefined;
  }
}
