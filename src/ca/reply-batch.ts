import type { Socket } from 'node:dgram';

/** Where a reply goes. */
export interface Sender {
  readonly address: string;
  readonly port: number;
}

/** Largest datagram that is sent (facts/ca.md section 9). */
const MOST_BYTES = 1024;

/**
 * Replies to one client that are due in the same turn of the event loop, joined to as few datagrams
 * as hold them: a client that opens many channels asks in many datagrams at once. The C server does
 * so, too.
 */
export class ReplyBatch {
  readonly #socket: Socket;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #to: Sender | undefined;
  #isScheduled = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** `reply`: whole messages, at most 1024 bytes. */
  add(reply: Uint8Array, to: Sender): void {
    const isSame = this.#to?.port === to.port && this.#to.address === to.address;
    if (!isSame || this.#bytes + reply.length > MOST_BYTES) this.#flush();
    this.#to = to;
    this.#waiting.push(reply);
    this.#bytes += reply.length;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const [waiting, to] = [this.#waiting, this.#to];
    if (to === undefined || waiting.length === 0) return;
    this.#waiting = [];
    this.#bytes = 0;
    try {
      this.#socket.send(waiting, to.port, to.address, ignoreFailure);
    } catch {
      // The socket was closed in this turn.
    }
  }
}

/** The client is gone, or the network away: it will search again. */
function ignoreFailure(): void {}
