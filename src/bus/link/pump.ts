import { type Clock, type Log, nextTurn } from '../../kernel/index.ts';
import type { Connection } from './connection.ts';
import type { Grant } from './grant.ts';
import type { Outbox } from './outbox.ts';
import { Repeats } from './repeats.ts';
import type { Waiting } from './waiting.ts';
import { Window } from './window.ts';

/** A broker that acknowledges nothing for so long is given up. */
const PATIENCE_MS = 30_000;

/** Of a PUBLISH beside topic and payload, at most, unless it has properties. */
const PACKET_HEAD = 32;

/**
 * Moves what waits in the outbox to the connection: once per turn of the event loop, so that what a
 * turn brought leaves with one write, and as far as window and stream are open.
 */
export class Pump {
  readonly #outbox: Outbox;
  readonly #window = new Window();
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #repeats = new Repeats();
  #way: { readonly connection: Connection; readonly grant: Grant } | undefined;
  #isDue = false;
  #heardAt = 0;
  /** Messages that left, for good or to be acknowledged; a repeated one counts again. */
  sent = 0;
  /** The message of this connection that the broker refused last. */
  lastRefusal: { readonly code: number; readonly topic: string } | undefined;
  /** Called when messages were settled. */
  settled: () => void = () => {};

  constructor(outbox: Outbox, clock: Clock, log: Log) {
    this.#outbox = outbox;
    this.#clock = clock;
    this.#log = log;
  }

  get inFlight(): number {
    return this.#window.size + this.#repeats.size;
  }

  /** The lowest number of all that is unsettled. */
  get oldest(): number {
    return Math.min(this.#outbox.oldest, this.#window.oldest, this.#repeats.oldest);
  }

  open(connection: Connection, grant: Grant): void {
    this.#way = { connection, grant };
    this.#window.limit = Math.min(Window.most, grant.receiveMaximum);
    this.#heardAt = this.#clock.monotonic();
    this.wake();
  }

  /** The connection is gone: what was in flight waits, what went stale is dropped. */
  close(): void {
    this.#way = undefined;
    this.lastRefusal = undefined;
    const inFlight = this.#window.empty();
    const isStale = ({ delivery }: Waiting) => delivery === 'telemetry';
    for (const message of inFlight.filter(isStale)) this.#outbox.giveUp(message, 'stale');
    const blamed = this.#repeats.add(inFlight.filter((message) => !isStale(message)));
    if (blamed) {
      this.#log.error(
        `Bus: each connection breaks over a message on ${blamed.topic}; it is dropped`,
      );
      this.#outbox.giveUp(blamed, 'refused');
    }
    this.#outbox.dropStale();
    this.settled();
  }

  /** There may be something to do. */
  wake(): void {
    if (this.#isDue || !this.#way) return;
    this.#isDue = true;
    void nextTurn().then(() => {
      this.#isDue = false;
      this.#run();
    });
  }

  /** What the broker said to a message in flight; 0 is success. */
  acknowledged(id: number, reasonCode: number): void {
    this.#heardAt = this.#clock.monotonic();
    const message = this.#window.take(id);
    if (!message) return;
    this.#repeats.clear(message);
    if (reasonCode < 0x80) {
      this.#outbox.settle(message);
    } else {
      this.#outbox.giveUp(message, 'refused');
      this.lastRefusal = { code: reasonCode, topic: message.topic };
    }
    this.wake();
  }

  /** Whether the broker has long acknowledged nothing that waits for it. */
  get isStuck(): boolean {
    if (this.#window.size === 0) return false;
    return this.#clock.monotonic() - this.#heardAt > PATIENCE_MS;
  }

  #run(): void {
    const way = this.#way;
    if (!way) return;
    const { connection, grant } = way;
    const now = this.#clock.monotonic();
    while (connection.isWritable) {
      const isOpen = this.#repeats.allow(this.#window);
      const repeated = isOpen ? this.#repeats.shift() : undefined;
      const message = repeated ?? this.#outbox.take(isOpen, now);
      if (!message) break;
      this.#send(message, repeated !== undefined, connection, grant, now);
    }
    this.settled();
  }

  #send(
    message: Waiting,
    isRepeated: boolean,
    connection: Connection,
    grant: Grant,
    now: number,
  ): void {
    if (isTooLarge(message, grant.maxPacketBytes)) {
      this.#outbox.giveUp(message, 'tooLarge');
      return;
    }
    const qos = message.qos === 1 ? grant.maxQos : 0;
    if (qos === 1) {
      if (this.#window.size === 0) this.#heardAt = now;
      if (isRepeated) this.#window.putBack(message);
      else this.#window.add(message);
    }
    const retain = message.retain && grant.canRetain;
    connection.send(message, qos, retain, isRepeated && grant.hasSession, now);
    this.sent++;
    if (qos === 0) this.#outbox.settle(message);
  }
}

function isTooLarge({ topic, payload }: Waiting, maxPacketBytes: number): boolean {
  if (maxPacketBytes === Number.POSITIVE_INFINITY) return false;
  return PACKET_HEAD + Buffer.byteLength(topic) + Buffer.byteLength(payload) > maxPacketBytes;
}
