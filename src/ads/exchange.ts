import { MalformedFrame, Reader, type Writer } from '../kernel/index.ts';
import { type AmsAddress, formatAddress } from './ams.ts';
import type { AdsResult, Command } from './command.ts';
import type { Expiring } from './deadlines.ts';
import type { Lane } from './lane.ts';
import { refused, undelivered } from './request-errors.ts';

/** What every exchange is to the client that carries it, whatever its command. */
export interface Pending extends Expiring {
  readonly commandId: number;
  readonly target: AmsAddress;
  readonly payload: Uint8Array;
  readonly timeoutMs: number;
  readonly lane: Lane;
  /** 0 while it waits to be sent. */
  invokeId: number;
  /** Settles with the answer; throws MalformedFrame, after settling, when it cannot be read. */
  answer(errorCode: number, payload: Uint8Array): void;
  /** Settles with an error. */
  fail(error: unknown): void;
  /** What was attempted on whom. */
  describe(): string;
}

/** How long an exchange may last, and what becomes of it then. */
export type ExchangeLife = {
  readonly timeoutMs: number;
  readonly lane: Lane;
  readonly onExpired: (exchange: Pending) => void;
};

/** One request on its way from question to answer. */
export class Exchange<Req, Res extends AdsResult> implements Pending {
  readonly target: AmsAddress;
  readonly payload: Uint8Array;
  readonly timeoutMs: number;
  readonly lane: Lane;
  readonly answered: Promise<Res>;
  invokeId = 0;
  tick = 0;
  readonly #command: Command<Req, Res>;
  readonly #request: Req;
  readonly #onExpired: (exchange: Pending) => void;
  #resolve: (response: Res) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(
    command: Command<Req, Res>,
    target: AmsAddress,
    request: Req,
    scratch: Writer,
    { timeoutMs, lane, onExpired }: ExchangeLife,
  ) {
    this.#command = command;
    this.target = target;
    this.#request = request;
    this.timeoutMs = timeoutMs;
    this.lane = lane;
    this.#onExpired = onExpired;
    scratch.reset();
    command.request.encode(scratch, request);
    this.payload = scratch.take();
    this.answered = new Promise<Res>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get commandId(): number {
    return this.#command.id;
  }

  describe(): string {
    return this.#command.describe(this.#request, formatAddress(this.target));
  }

  answer(errorCode: number, payload: Uint8Array): void {
    if (errorCode !== 0) {
      this.fail(undelivered(this.describe(), errorCode));
      return;
    }
    try {
      const response = this.#command.response.decode(new Reader(payload));
      if (response.result === 0) this.#resolve(response);
      else this.fail(refused(this.describe(), response.result));
    } catch (cause) {
      const error = new MalformedFrame(`Answer to ${this.describe()}`, payload, { cause });
      this.fail(error);
      throw error;
    }
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  expire(): void {
    this.#onExpired(this);
  }
}
