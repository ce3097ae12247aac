import type { Socket } from 'node:net';
import {
  AMS_HEADER,
  AMS_TCP_HEADER,
  type AmsHeader,
  amsTcpRule,
  CommandId,
  decodePacket,
  encodePacket,
  StateFlag,
  toTcp,
} from '../ads/index.ts';
import { Framer, IocError, type Log, MalformedFrame, messageOf } from '../kernel/index.ts';
import type { Counters } from './counters.ts';
import type { LocalRouter } from './local-router.ts';
import { Outlet } from './outlet.ts';
import { type Answer, answer, failed } from './requests.ts';
import type { Router } from './router.ts';
import type { Cycle, Subscriber } from './subscriber.ts';
import { Subscribers } from './subscribers.ts';

/** Requests are small; the largest are sums of writes. */
const requestRule = { ...amsTcpRule, maxSize: 4 * 1024 * 1024 };

/** Answers to one received chunk; a client that makes us hold more is closed. */
const MAX_ANSWERS = 64 * 1024 * 1024;

/** What a connection needs of the simulator around it. */
export interface Surroundings {
  readonly router: Router;
  readonly localRouter: LocalRouter;
  readonly cycle: Cycle;
  readonly counters: Counters;
  readonly log: Log;
  /** While true, nothing is answered or sent. */
  readonly silent: boolean;
}

/** One TCP connection: its requests, its notifications, and nobody else's trouble. */
export class Connection {
  readonly #socket: Socket;
  readonly #around: Surroundings;
  readonly #framer = new Framer(requestRule);
  readonly #outlet: Outlet;
  readonly #subscribers: Subscribers;

  constructor(socket: Socket, around: Surroundings) {
    this.#socket = socket;
    this.#around = around;
    this.#outlet = new Outlet(socket, around.counters);
    this.#subscribers = new Subscribers(around.cycle);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    // The close that follows says it all.
    socket.on('error', () => {});
    socket.on('close', () => this.#subscribers.close());
  }

  /** Takes and sends the samples of one cycle. */
  cycle(): void {
    for (const subscriber of this.#subscribers.all()) {
      // What has waited long enough leaves without the samples of this cycle.
      this.#sendDue(subscriber);
      subscriber.sample(this.#around.cycle);
      this.#sendDue(subscriber);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Uint8Array): void {
    if (this.#socket.destroyed) return;
    const answers: Uint8Array[] = [];
    let bytes = 0;
    try {
      this.#framer.push(chunk, (frame) => {
        const answer = this.#request(frame);
        if (answer === undefined) return;
        answers.push(answer);
        bytes += answer.length;
        if (bytes > MAX_ANSWERS) throw greedy();
      });
    } catch (cause) {
      const { remoteAddress, remotePort } = this.#socket;
      const peer = `${remoteAddress}:${remotePort}`;
      this.#around.log.warn({ peer, cause: messageOf(cause) }, 'connection closed');
      this.close();
      return;
    }
    this.#outlet.answer(answers);
    for (const subscriber of this.#subscribers.all()) {
      subscriber.sampleFresh(this.#around.cycle);
      this.#sendDue(subscriber);
    }
  }

  /** The frame that answers a frame, if one does. */
  #request(frame: Uint8Array): Uint8Array | undefined {
    const { counters, silent } = this.#around;
    if (frame[0] !== 0 || frame[1] !== 0) return this.#routerRequest(frame);
    const { header, payload } = decodePacket(frame.subarray(AMS_TCP_HEADER));
    if (frame.length !== AMS_TCP_HEADER + AMS_HEADER + header.length) {
      throw new MalformedFrame('AMS/TCP and AMS lengths disagree', frame);
    }
    const asks = header.command !== CommandId.deviceNotification;
    if (!asks || (header.stateFlags & StateFlag.response) !== 0) return undefined;
    if (silent) {
      counters.unanswered++;
      return undefined;
    }
    counters.requests++;
    const answer = this.#answer(header, payload);
    const wanted = (header.stateFlags & StateFlag.noReturn) === 0;
    return wanted ? answerFrame(header, answer) : undefined;
  }

  #routerRequest(frame: Uint8Array): Uint8Array | undefined {
    const answer = this.#around.localRouter.answer(frame);
    if (answer === undefined) this.close();
    return answer;
  }

  #answer(header: AmsHeader, payload: Uint8Array): Answer {
    const { target: server, source: client } = header;
    const route = this.#around.router.find(server);
    if (typeof route === 'number') return failed(route);
    return answer({ ...route, client, server, subscribers: this.#subscribers }, header, payload);
  }

  #sendDue(subscriber: Subscriber): void {
    const { cycle, counters, silent } = this.#around;
    const due = subscriber.due(cycle);
    if (due === undefined || silent) return;
    counters.samples += due.samples;
    counters.frames += due.frames;
    this.#outlet.notify(due.bytes);
  }
}

function greedy(): IocError {
  const limit = `${MAX_ANSWERS} bytes of answers`;
  return new IocError('simulator/greedy', `The client asks for more than ${limit} at once`);
}

/** An answer goes back where its request came from, under the request's invoke id. */
function answerFrame(request: AmsHeader, { payload, errorCode }: Answer): Uint8Array {
  const head = {
    target: request.source,
    source: request.target,
    command: request.command,
    stateFlags: request.stateFlags | StateFlag.response,
    errorCode,
    invokeId: request.invokeId,
  };
  return toTcp(encodePacket(head, payload));
}
