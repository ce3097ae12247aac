import type { AmsAddress, NotificationRequest } from '../ads/index.ts';
import type { Counters } from './counters.ts';
import type { Device } from './device.ts';
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

/** Bytes that all notifications of one served address may watch. */
const MAX_WATCHED = 16 * 1024 * 1024;

/** Samples that wait for their maximum delay leave earlier than it when they are more bytes. */
const MAX_BATCH = 256 * 1024;

/** Notification handles of one served address, and how many may be in use. */
export class HandlePool {
  readonly #limit: number;
  readonly #counters: Counters;
  #used = 0;
  #watched = 0;
  #next = 1;

  constructor(limit: number, counters: Counters) {
    this.#limit = limit;
    this.#counters = counters;
  }

  /** A handle for so many bytes; throws 0x716 when all are in use, 0x70a when bytes are. */
  acquire(size: number): number {
    if (this.#used >= this.#limit) throw refused(Result.noMoreHandles);
    if (this.#watched + size > MAX_WATCHED) throw refused(Result.outOfMemory);
    this.#used++;
    this.#counters.notificationHandles++;
    this.#watched += size;
    const handle = this.#next;
    this.#next = handle === 0xffff_ffff ? 1 : handle + 1;
    return handle;
  }

  release(size: number): void {
    this.#used--;
    this.#counters.notificationHandles--;
    this.#watched -= size;
  }
}

/** The notifications that one client port has from one server; they die with its connection. */
export class Subscriber {
  readonly #pool: HandlePool;
  readonly #batch: NotificationBatch;
  readonly #byHandle = new Map<number, Subscription>();
  /** The same, in a form that is quick to walk. */
  #subscriptions: Subscription[] = [];
  #fresh: Subscription[] = [];
  /** Deleted subscriptions are still in the lists. */
  #stale = false;
  /** Cycle by which the batch must leave. */
  #deadline = Number.POSITIVE_INFINITY;

  constructor(client: AmsAddress, server: AmsAddress, pool: HandlePool) {
    this.#pool = pool;
    this.#batch = new NotificationBatch(client, server);
  }

  get size(): number {
    return this.#byHandle.size;
  }

  /** Throws what the device refuses, 0x713 and 0x716. */
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

  /** The frames that may not wait any longer. */
  due(cycle: Cycle): Due | undefined {
    const { samples, length } = this.#batch;
    const waits = this.#deadline > cycle.number && length < MAX_BATCH;
    if (samples === 0 || waits) return undefined;
    this.#deadline = Number.POSITIVE_INFINITY;
    const bytes = this.#batch.take();
    return { bytes, samples, frames: this.#batch.taken };
  }

  #forgetDeleted(): void {
    this.#subscriptions = [...this.#byHandle.values()];
    this.#fresh = this.#fresh.filter(({ handle }) => this.#byHandle.has(handle));
    this.#stale = false;
  }
}
