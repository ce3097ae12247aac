import type { Base, Family } from '../dbr.ts';
import { Eca } from '../header.ts';
import type { ClientChannel } from './client-channel.ts';
import type { Reading } from './reading.ts';
import { statusText } from './request.ts';

/** What a subscription wants of a field. */
export interface SubscriptionWish {
  /** What comes with the value. */
  readonly family:
    | typeof Family.plain
    | typeof Family.sts
    | typeof Family.time
    | typeof Family.ctrl;
  /** Type of the elements; the channel's own without one. */
  readonly base?: Base;
  /** Elements; 0 for as many as there are. */
  readonly count?: number;
  /** EventMask bits. */
  readonly mask: number;
}

/** Hears of a subscription's updates. */
export interface SubscriptionListener {
  update(reading: Reading): void;
  /** The server cannot tell the value: the text says why. */
  failed?(text: string, status: number): void;
}

/** A subscription of a channel, through all connections that the channel has. */
export class ClientSubscription {
  /** Unique in the client; also the ioid of reads that refresh it (facts/ca.md section 10). */
  readonly id: number;
  readonly channel: ClientChannel;
  readonly wish: SubscriptionWish;
  readonly listener: SubscriptionListener;

  constructor(
    id: number,
    channel: ClientChannel,
    wish: SubscriptionWish,
    listener: SubscriptionListener,
  ) {
    this.id = id;
    this.channel = channel;
    this.wish = wish;
    this.listener = listener;
  }

  /** The DBR type to ask for. */
  get type(): number {
    return this.wish.family * 7 + (this.wish.base ?? this.channel.native);
  }

  /** Elements to ask for. */
  get count(): number {
    return this.wish.count ?? 0;
  }

  take(status: number, reading: Reading | undefined): void {
    if (status === Eca.normal && reading) this.listener.update(reading);
    else this.listener.failed?.(statusText(status), status);
  }
}
