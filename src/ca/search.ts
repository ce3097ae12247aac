import type { PvDirectory } from '../pv/index.ts';
import type { Tally } from './counters.ts';
import {
  CommandId,
  HEADER_SIZE,
  MINOR_VERSION,
  NONE,
  OLDEST_MINOR,
  payloadTextEnd,
  type Request,
} from './header.ts';
import { Input } from './input.ts';
import { Output } from './output.ts';

/** Nothing larger comes over UDP. */
const LARGEST_DATAGRAM = 0xffff;
/** Largest datagram that is sent (facts/ca.md section 9). */
const MOST_REPLY_BYTES = 1024;
/** One reply: header, minor version, pad. */
const REPLY_BYTES = HEADER_SIZE + 8;
/** First minor version whose datagrams carry, and get back, a sequence number. */
const SEQUENCE_MINOR = 11;

/** Answers search datagrams: names that this server has, and silence for all others. */
export class SearchResponder {
  readonly #directory: PvDirectory;
  readonly #tcpPort: number;
  readonly #tally: Tally;
  readonly #out = new Output();
  readonly #input = new Input(LARGEST_DATAGRAM);

  constructor(directory: PvDirectory, tcpPort: number, tally: Tally) {
    this.#directory = directory;
    this.#tcpPort = tcpPort;
    this.#tally = tally;
  }

  /**
   * Sends what a datagram asks for as datagrams of at most 1024 bytes, each behind one VERSION.
   * A broken message drops the rest of its datagram, never of the next one.
   */
  answer(datagram: Uint8Array, send: (reply: Uint8Array) => void): void {
    const input = this.#input;
    const { request } = input;
    // What the last datagram left behind is no part of this one (facts/ca.md section 2.2).
    input.clear();
    input.push(datagram);
    if (input.next(0) !== 'message' || !isVersion(request)) {
      this.#tally.malformedDatagrams++;
      return;
    }
    const { count: minor, p1: sequence } = request;
    this.#begin(minor, sequence);
    const empty = this.#out.length;
    for (input.take(); input.next(minor) === 'message'; input.take()) {
      if (request.command === CommandId.version) continue;
      if (request.command !== CommandId.search) break;
      if (!this.#found(request)) continue;
      if (this.#out.length + REPLY_BYTES > MOST_REPLY_BYTES) this.#send(send, minor, sequence);
      this.#reply(request.p2);
    }
    if (this.#out.length > empty) this.#send(send, minor, sequence);
  }

  #begin(minor: number, sequence: number): void {
    this.#out.reset(true);
    if (minor < SEQUENCE_MINOR) return;
    this.#out.message(CommandId.version, 0, 1, MINOR_VERSION, sequence, 0);
  }

  #found(request: Request): boolean {
    this.#tally.searches++;
    const found = request.size > 1 && this.#has(request);
    if (found) this.#tally.found++;
    return found;
  }

  #has(request: Request): boolean {
    return this.#directory.hasBytes(request.bytes, request.payloadAt, payloadTextEnd(request));
  }

  #reply(cid: number): void {
    const out = this.#out;
    const at = out.message(CommandId.search, 8, this.#tcpPort, 0, NONE, cid);
    out.zero(at, 8);
    out.view.setUint16(at, MINOR_VERSION);
  }

  #send(send: (reply: Uint8Array) => void, minor: number, sequence: number): void {
    send(this.#out.pending().slice());
    this.#begin(minor, sequence);
  }
}

function isVersion({ command, count: minor }: Request): boolean {
  return command === CommandId.version && minor >= OLDEST_MINOR;
}
