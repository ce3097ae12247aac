import { type Clock, type Log, messageOf } from '../kernel/index.ts';
import type { PvDirectory } from '../pv/index.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { Channel } from './channel.ts';
import { CircuitAccess } from './circuit-access.ts';
import { commandOf } from './commands/table.ts';
import type { CircuitEnd, Tally } from './counters.ts';
import { appendError } from './error-message.ts';
import {
  CommandId,
  Eca,
  EXTENDED_HEADER_MINOR,
  MINOR_VERSION,
  NONE,
  OLDEST_MINOR,
  type Request,
} from './header.ts';
import { Input } from './input.ts';
import { Monitors } from './monitors.ts';
import type { Limits } from './options.ts';
import { Output } from './output.ts';
import type { Publisher } from './publisher.ts';
import { PutWait } from './put-wait.ts';

/** Largest padded payload that the 16-byte header can tell. */
const LARGEST_PLAIN_PAYLOAD = 0xfff8;

/** What all circuits of a server share. */
export interface CircuitWorld {
  readonly directory: PvDirectory;
  readonly publisher: Publisher;
  readonly limits: Limits;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly log: Log;
  /** Memory for large arrays. */
  readonly pool: BufferPool;
  /** TCP port that search replies name. */
  readonly tcpPort: number;
  /** Ids of channels are unique in the server. */
  nextSid(): number;
}

/**
 * One client's circuit without its socket: bytes in by `receive`, bytes out in `output`. What it
 * cannot answer yet, because the client does not take its answers or a put must end first, waits.
 */
export class Circuit {
  readonly world: CircuitWorld;
  /** Writes `output` to the socket, then calls `resume`. */
  readonly flush: () => void;
  readonly output: Output;
  readonly channels = new Map<number, Channel>();
  readonly access: CircuitAccess;
  readonly monitors: Monitors;
  /** The client's minor version; 0 until it has said VERSION. */
  minor = 0;
  /** 0 to 99; one thread serves all alike. */
  priority = 0;
  /** Updates sent, and those that gave way to newer ones. */
  updates = 0;
  squashed = 0;
  bytesIn = 0;
  /** The client wants no updates for now: EVENTS_OFF. */
  eventsOff = false;
  /** The client has more to take than it may: no updates, no answers until it took it. */
  congested = false;
  /** Will be flushed at the publisher's release. */
  touched = false;
  readonly #input: Input;
  readonly #wait: PutWait;
  #ended: CircuitEnd | undefined;
  #flushSoon = false;
  #resuming = false;

  /** `address`: the client's. */
  constructor(world: CircuitWorld, address: string, flush: () => void) {
    this.world = world;
    this.access = new CircuitAccess(this, address);
    this.flush = flush;
    this.output = new Output(world.pool);
    this.#input = new Input(world.limits.maxArrayBytes, world.pool);
    this.#wait = new PutWait(this);
    this.monitors = new Monitors(this);
    this.output.message(CommandId.version, 0, 0, MINOR_VERSION, 0, 0);
  }

  /** Set when the circuit must be closed as soon as `output` is written. */
  get ended(): CircuitEnd | undefined {
    return this.#ended;
  }

  /** Received bytes that wait: for the rest of a message, for room, or for a put to end. */
  get waitingBytes(): number {
    return this.#input.pending;
  }

  /** The client can be sent more. */
  get hasRoom(): boolean {
    return !this.congested && this.output.length < this.world.limits.outputBytes;
  }

  get takesUpdates(): boolean {
    return !this.eventsOff && this.hasRoom;
  }

  /** Requests wait, so the client should send no more of them. */
  get stalled(): boolean {
    return this.congested || this.#wait.active;
  }

  /**
   * Answers as much of the received bytes as can be answered now, and flushes once, together with
   * the other circuits that the requests brought updates to. Never throws.
   */
  receive(chunk: Uint8Array): void {
    if (this.#ended) return;
    const { publisher, tally } = this.world;
    this.bytesIn += chunk.length;
    tally.bytesIn += chunk.length;
    publisher.hold();
    try {
      this.#input.push(chunk);
      this.resume();
      publisher.touch(this);
    } finally {
      publisher.release();
    }
  }

  /** Goes on with what waited: rights, then requests, then owed updates. Never throws. */
  resume(): void {
    // A put that is answered here posts events, whose flush comes back to here.
    if (this.#resuming) return;
    this.#resuming = true;
    try {
      this.access.catchUp();
      this.#answerRequests();
      this.monitors.owed.pay();
    } catch (cause) {
      const { origin } = this.access.session;
      this.world.log.error({ peer: origin, cause: messageOf(cause) }, 'CA circuit failed');
      this.end('fault');
    } finally {
      this.#resuming = false;
    }
  }

  /** The channel that a request's p1 names; an unknown one ends the circuit. */
  channelOf(request: Request): Channel | undefined {
    const channel = this.channels.get(request.p1);
    if (channel === undefined) {
      this.refuse(request, NONE, Eca.internal, `no channel with server id ${request.p1}`);
    }
    return channel;
  }

  /** Answers ERROR; the circuit goes on. */
  error(request: Request, cid: number, status: Eca, text: string): void {
    this.world.tally.errors++;
    appendError(this.output, request, cid, status, text);
  }

  /** Answers ERROR and ends the circuit. */
  refuse(request: Request, cid: number, status: Eca, text: string): void {
    this.error(request, cid, status, text);
    this.end('protocol');
  }

  end(reason: CircuitEnd): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.world.tally.ended[reason]++;
    this.#input.clear();
  }

  /** Largest payload that may be sent: old clients know only the 16-byte header. */
  get maxPayload(): number {
    const { maxArrayBytes } = this.world.limits;
    return this.minor < EXTENDED_HEADER_MINOR ? LARGEST_PLAIN_PAYLOAD : maxArrayBytes;
  }

  /** Answers a wish for more than `maxPayload`; the circuit goes on. */
  tooLarge(request: Request, cid: number): void {
    const old = this.minor < EXTENDED_HEADER_MINOR;
    this.error(request, cid, old ? Eca.arrayClient16k : Eca.tooLarge, 'array too large');
  }

  /** Flushes after everything that is due in this turn, so that many completions are one write. */
  flushSoon(): void {
    if (this.#flushSoon) return;
    this.#flushSoon = true;
    queueMicrotask(() => {
      this.#flushSoon = false;
      this.flush();
    });
  }

  /** Releases channels, subscriptions and puts; nothing of the circuit is left in the server. */
  dispose(): void {
    this.#wait.end();
    for (const channel of this.channels.values()) this.close(channel);
    this.access.dispose();
    this.#input.clear();
  }

  /** Forgets a channel with its subscriptions and puts. */
  close(channel: Channel): void {
    if (channel.hasSubscriptions) {
      for (const subscription of channel.subscriptions.values()) this.monitors.end(subscription);
    }
    channel.cancelPuts();
    this.channels.delete(channel.sid);
    this.world.tally.channels--;
  }

  // hot path
  #answerRequests(): void {
    const input = this.#input;
    while (this.#ended === undefined && this.hasRoom) {
      const arrival = input.next(this.minor);
      if (arrival === 'incomplete') return;
      if (arrival === 'message') {
        if (this.#answer(input.request) === 'later') return;
        if (this.#wait.active) this.#wait.end();
      } else this.#answerBroken(arrival, input.request);
      if (this.#ended === undefined) input.take();
    }
  }

  // hot path
  #answer(request: Request): 'later' | undefined {
    const command = commandOf(request.command);
    if (command === undefined) {
      this.refuse(request, NONE, Eca.internal, `no command ${request.command}`);
      return undefined;
    }
    if (this.minor < OLDEST_MINOR && request.command !== CommandId.version) {
      this.error(request, NONE, Eca.defunct, 'say VERSION 4 or later first');
      return undefined;
    }
    const verdict = command.answer(this, request);
    if (verdict === undefined) return undefined;
    this.#wait.begin(verdict);
    return 'later';
  }

  #answerBroken(arrival: 'misaligned' | 'too-large', request: Request): void {
    if (arrival === 'too-large') {
      const text = `payload of ${request.size} bytes, limit ${this.world.limits.maxArrayBytes}`;
      this.error(request, NONE, Eca.tooLarge, text);
    } else {
      this.refuse(request, NONE, Eca.internal, `payload of ${request.size} bytes, not 8·n`);
    }
  }
}
