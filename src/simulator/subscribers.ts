import { type AmsAddress, formatAddress, type NotificationRequest, Port } from '../ads/index.ts';
import type { Device } from './device.ts';
import type { HandlePool } from './handle-pool.ts';
import { Result, refused } from './refusal.ts';
import { type Cycle, Subscriber } from './subscriber.ts';
import type { Subscription } from './subscription.ts';

/** Who asks whom on one connection. */
export interface Dialogue {
  readonly client: AmsAddress;
  readonly server: AmsAddress;
  readonly device: Device;
  /** Notification handles of the server. */
  readonly handles: HandlePool;
}

/** Whether something is about a notification. */
export type Concern = (subscription: Subscription) => boolean;

/** The client ports of one connection that have notifications. */
export class Subscribers {
  readonly #cycle: Cycle;
  readonly #byPair = new Map<string, Subscriber>();

  constructor(cycle: Cycle) {
    this.#cycle = cycle;
  }

  /** Those that have notifications now. */
  all(): Iterable<Subscriber> {
    return this.#byPair.values();
  }

  /** Throws what the device refuses, 0x713 and 0x716. */
  add({ client, server, device, handles }: Dialogue, request: NotificationRequest): number {
    const pair = pairOf(client, server);
    const subscriber = this.#byPair.get(pair) ?? new Subscriber(client, server, handles);
    const handle = subscriber.add(device, request, this.#cycle);
    this.#byPair.set(pair, subscriber);
    return handle;
  }

  /** Throws 0x714 when the handle is not this client's. */
  delete({ client, server }: Dialogue, handle: number): void {
    const pair = pairOf(client, server);
    const subscriber = this.#byPair.get(pair);
    if (subscriber === undefined) throw refused(Result.invalidNotificationHandle);
    subscriber.delete(handle);
    if (subscriber.size === 0) this.#byPair.delete(pair);
  }

  /** Drops notifications without a word; how many. */
  drop(concern: Concern): number {
    let dropped = 0;
    for (const [pair, subscriber] of this.#byPair) {
      dropped += subscriber.drop(concern);
      if (subscriber.size === 0) this.#byPair.delete(pair);
    }
    return dropped;
  }

  /** Looks at all places again: symbols moved. */
  rebind(find: (server: AmsAddress) => { readonly device: Device } | number): void {
    this.#closeUnless((subscriber) => {
      const route = find(subscriber.server);
      if (typeof route === 'number') return false;
      subscriber.rebind(route.device);
      return true;
    });
  }

  /** The servers of the plant went; the system service stays. */
  endPlant(): void {
    this.#closeUnless(({ server }) => server.port === Port.system);
  }

  #closeUnless(keeps: (subscriber: Subscriber) => boolean): void {
    for (const [pair, subscriber] of this.#byPair) {
      if (keeps(subscriber)) continue;
      subscriber.close();
      this.#byPair.delete(pair);
    }
  }

  /** Gives all handles back. */
  close(): void {
    for (const subscriber of this.#byPair.values()) subscriber.close();
    this.#byPair.clear();
  }
}

function pairOf(client: AmsAddress, server: AmsAddress): string {
  return `${formatAddress(client)} ${formatAddress(server)}`;
}
