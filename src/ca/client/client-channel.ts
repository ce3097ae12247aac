import type { PvValue } from '../../pv/index.ts';
import { Base } from '../dbr.ts';
import type { CaClient } from './client.ts';
import type { ClientCircuit } from './client-circuit.ts';
import {
  ClientSubscription,
  type SubscriptionListener,
  type SubscriptionWish,
} from './client-subscription.ts';
import type { PendingRequest, ReadOutcome, WriteOutcome } from './request.ts';
import { outgoing } from './value-payload.ts';

/** What a server told of a channel. */
export interface ChannelInfo {
  /** `address:port`. */
  readonly server: string;
  readonly type: Base;
  /** Most elements. */
  readonly count: number;
}

/** Hears of a channel's life. */
export interface ChannelListener {
  /** It is connected now, or not; also when its access rights changed. */
  changed?(channel: ClientChannel): void;
}

/** What a read wants. */
export type ReadWish = Omit<SubscriptionWish, 'mask'>;

/**
 * A name on the network: searched until a server has it, and again when the server goes. Reads and
 * writes of a channel that is not connected fail at once; subscriptions begin anew each time.
 */
export class ClientChannel implements Disposable {
  readonly name: string;
  readonly cid: number;
  readonly priority: number;
  readonly subscriptions = new Map<number, ClientSubscription>();
  /** Where it is or is being created. */
  circuit: ClientCircuit | undefined;
  /** The server's id of it, once it is created. */
  sid: number | undefined;
  readable = false;
  writable = false;
  readonly #client: CaClient;
  #listener: ChannelListener;
  #info: ChannelInfo | undefined;

  /** Made by `CaClient.channel`. */
  constructor(
    client: CaClient,
    id: { readonly name: string; readonly cid: number; readonly priority: number },
    listener: ChannelListener,
  ) {
    this.#client = client;
    this.name = id.name;
    this.cid = id.cid;
    this.priority = id.priority;
    this.#listener = listener;
  }

  /** A server has it and answers. */
  get connected(): boolean {
    return this.sid !== undefined && this.circuit?.responsive === true;
  }

  /** What it is, or last was. */
  get info(): ChannelInfo | undefined {
    return this.#info;
  }

  /** Type of its elements, as far as is known. */
  get native(): Base {
    return this.#info?.type ?? Base.double;
  }

  /** Asks for the value once. `seconds`: how long an answer may take. */
  read(wish: ReadWish, seconds: number): Promise<ReadOutcome> {
    const { circuit, sid } = this;
    if (!circuit || sid === undefined) return Promise.resolve(this.#away());
    const { family, base = this.native, count = 0 } = wish;
    return new Promise((resolve) => {
      const request: PendingRequest = {
        seconds,
        succeed: (reading) =>
          resolve(reading ? { kind: 'read', reading } : { kind: 'failed', text: 'no value came' }),
        fail: (text, status) => resolve(failure(text, status)),
      };
      circuit.read(this, request, family * 7 + base, count);
    });
  }

  /** Writes; whether that succeeded is known only of failures, which come to `CaClient.onException`. */
  write(value: PvValue, as: Base = this.native): WriteOutcome {
    const { circuit, sid } = this;
    if (!circuit || sid === undefined) return this.#away();
    if (circuit.isFull) return { kind: 'failed', text: `${this.name}: its server takes nothing` };
    circuit.write(sid, this.cid, outgoing(value, as));
    return { kind: 'done' };
  }

  /** Writes, and resolves when everything that the write started is over. */
  writeNotify(value: PvValue, seconds: number, as: Base = this.native): Promise<WriteOutcome> {
    const { circuit, sid } = this;
    if (!circuit || sid === undefined) return Promise.resolve(this.#away());
    return new Promise((resolve) => {
      const request: PendingRequest = {
        seconds,
        succeed: () => resolve({ kind: 'done' }),
        fail: (text, status) => resolve(failure(text, status)),
      };
      circuit.writeNotify(this, request, outgoing(value, as));
    });
  }

  /** Updates from now on, through all connections, until disposed of. */
  subscribe(wish: SubscriptionWish, listener: SubscriptionListener): Disposable {
    const subscription = new ClientSubscription(this.#client.nextId(), this, wish, listener);
    this.subscriptions.set(subscription.id, subscription);
    if (this.sid !== undefined) this.circuit?.subscribe(this, subscription);
    return {
      [Symbol.dispose]: () => {
        if (!this.subscriptions.delete(subscription.id)) return;
        if (this.sid !== undefined) this.circuit?.unsubscribe(this, subscription);
      },
    };
  }

  /** The server created it. */
  created(info: ChannelInfo, sid: number): void {
    this.#info = info;
    this.sid = sid;
    for (const subscription of this.subscriptions.values()) {
      this.circuit?.subscribe(this, subscription);
    }
    this.#listener.changed?.(this);
  }

  allow(rights: number): void {
    this.readable = (rights & 1) !== 0;
    this.writable = (rights & 2) !== 0;
    if (this.sid !== undefined) this.#listener.changed?.(this);
  }

  /** The circuit fell silent, or answers again. */
  noticed(): void {
    if (this.sid !== undefined) this.#listener.changed?.(this);
  }

  /** The server is gone, or does not have it after all. */
  lost(): void {
    const wasCreated = this.sid !== undefined;
    this.circuit = undefined;
    this.sid = undefined;
    if (wasCreated) this.#listener.changed?.(this);
  }

  /** Its listener hears nothing more. */
  [Symbol.dispose](): void {
    this.#listener = {};
    this.#client.forget(this);
    this.subscriptions.clear();
  }

  #away(): WriteOutcome & { readonly kind: 'failed' } {
    return { kind: 'failed', text: `${this.name} is not connected` };
  }
}

function failure(text: string, status: number | undefined) {
  return { kind: 'failed', text, ...(status !== undefined && { status }) } as const;
}
