import { type AmsAddress, formatAddress, type NotificationRequest } from '../ads/index.ts';
import type { Device } from './device.ts';
import { Result, refused } from './refusal.ts';
import { type Cycle, type HandlePool, Subscriber } from './subscriber.ts';

/** Who asks whom on one connection. */
export interface Dialogue {
  readonly client: AmsAddress;
  readonly server: AmsAddress;
  readonly device: Device;
  /** Notification handles of the server. */
  readonly handles: HandlePool;
}

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

  /** Gives all handles back. */
  close(): void {
    for (const subscriber of this.#byPair.values()) subscriber.close();
    this.#byPair.clear();
  }
}

function pairOf(client: AmsAddress, server: AmsAddress): string {
  return `${formatAddress(client)} ${formatAddress(server)}`;
}
