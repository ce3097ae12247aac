import type { Socket } from 'node:net';
import { AMS_TCP_HEADER, amsTcpRule } from '../ads/index.ts';
import { Framer, IocError, messageOf } from '../kernel/index.ts';
import { Conversation, type Surroundings } from './conversation.ts';
import type { LocalRouter } from './local-router.ts';
import { Outlet } from './outlet.ts';

/** Requests are small; the largest are sums of writes. */
const requestRule = { ...amsTcpRule, maxSize: 4 * 1024 * 1024 };

/** Answers to one received chunk, with those that are delayed; a client that makes us hold more is closed. */
const MAX_ANSWERS = 64 * 1024 * 1024;

/** One TCP connection: its requests, its notifications, and nobody else's trouble. */
export class Connection {
  readonly #socket: Socket;
  readonly #around: Surroundings;
  readonly #localRouter: LocalRouter;
  readonly #framer = new Framer(requestRule);
  readonly #outlet: Outlet;
  readonly #conversation: Conversation;
  readonly #delays = new Set<Disposable>();
  /** Bytes of answers to the newest chunk, and to those whose answers are delayed. */
  #held = 0;

  constructor(socket: Socket, around: Surroundings, localRouter: LocalRouter) {
    this.#socket = socket;
    this.#around = around;
    this.#localRouter = localRouter;
    const outlet = new Outlet(socket, around.counters);
    this.#outlet = outlet;
    this.#conversation = new Conversation(around, (batch) => outlet.notify(batch));
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    // The close that follows says it all.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Ends with RST, as a system does that knows nothing of the connection. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Stays open, but reads and sends nothing any more. */
  freeze(): void {
    this.#outlet.freeze();
  }

  #closed(): void {
    for (const delay of this.#delays) delay[Symbol.dispose]();
    this.#conversation.close();
  }

  #receive(chunk: Uint8Array): void {
    if (this.#socket.destroyed) return;
    const answers: Uint8Array[] = [];
    const before = this.#held;
    try {
      this.#framer.push(chunk, (frame) => {
        const answer = this.#answer(frame);
        if (answer === undefined) return;
        answers.push(answer);
        this.#held += answer.length;
        if (this.#held > MAX_ANSWERS) throw greedy();
      });
    } catch (cause) {
      const { remoteAddress, remotePort } = this.#socket;
      const peer = `${remoteAddress}:${remotePort}`;
      this.#around.log.warn({ peer, cause: messageOf(cause) }, 'connection closed');
      this.close();
      return;
    }
    this.#send(answers, this.#held - before);
    this.#conversation.sendFresh();
  }

  /** The frame that answers a frame, if one does. */
  #answer(frame: Uint8Array): Uint8Array | undefined {
    if (frame[0] === 0 && frame[1] === 0) {
      return this.#conversation.answer(frame.subarray(AMS_TCP_HEADER));
    }
    const answer = this.#localRouter.answer(frame);
    if (answer === undefined) this.close();
    return answer;
  }

  #send(answers: readonly Uint8Array[], bytes: number): void {
    const { clock, disturbance } = this.#around;
    const leave = () => {
      this.#held -= bytes;
      this.#outlet.answer(answers);
    };
    if (disturbance.delayMs === 0) {
      leave();
      return;
    }
    const delay = clock.after(disturbance.delayMs, () => {
      this.#delays.delete(delay);
      leave();
    });
    this.#delays.add(delay);
  }
}

function greedy(): IocError {
  const limit = `${MAX_ANSWERS} bytes of answers`;
  return new IocError('simulator/greedy', `The client asks for more than ${limit} at once`);
}
