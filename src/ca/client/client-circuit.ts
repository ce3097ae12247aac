import { type Clock, MalformedFrame, messageOf } from '../../kernel/index.ts';
import { LAST_DBR } from '../dbr.ts';
import { CommandId, EXTENDED_HEADER_MINOR, MINOR_VERSION, type Request } from '../header.ts';
import { Input } from '../input.ts';
import { Output } from '../output.ts';
import { writeText } from '../text.ts';
import { answers } from './answers.ts';
import type { ClientChannel } from './client-channel.ts';
import type { ClientSubscription } from './client-subscription.ts';
import { type Endpoint, endpointText } from './endpoint.ts';
import type { PendingRequest } from './request.ts';
import { type Outgoing, writeOutgoing } from './value-payload.ts';

/** Output that waits for a server that takes nothing, bytes; more is refused. */
const MOST_WAITING = 16 * 1024 * 1024;

/** Ids of requests have the highest bit, so that they never are those of channels or subscriptions. */
const REQUEST_BIT = 0x8000_0000;

/** First minor version whose arrays may be shorter than they can be. */
const DYNAMIC_MINOR = 13;

/** What a circuit needs of the client that it belongs to. */
export interface CircuitHost {
  readonly user: string;
  readonly host: string;
  readonly maxArrayBytes: number;
  readonly clock: Clock;
  /** A channel that its server lost, or never had. */
  refused(channel: ClientChannel): void;
  /** A search was answered over this circuit; the server is at `endpoint`. */
  found(cid: number, endpoint: Endpoint): void;
  /** A server complained about something that nobody waits for. */
  exception(text: string): void;
}

/** A request under way, and whose it is. */
interface Sent {
  readonly channel: ClientChannel;
  readonly request: PendingRequest;
  readonly deadline: Disposable;
}

/**
 * One circuit to a server, without its socket: bytes in by `receive`, bytes out in `output`. All
 * channels of one server and priority share it.
 */
export class ClientCircuit {
  readonly host: CircuitHost;
  readonly server: Endpoint;
  readonly output = new Output();
  /** By our id of them, created or being created. */
  readonly channels = new Map<number, ClientChannel>();
  readonly subscriptions = new Map<number, ClientSubscription>();
  /** The server answers. */
  responsive = true;
  /** The server's minor version; ours until it has said its own. */
  minor = MINOR_VERSION;
  /** By ioid. */
  readonly #requests = new Map<number, Sent>();
  #lastRequest = -1;
  readonly #flush: () => void;
  readonly #input: Input;
  #flushSoon = false;

  /** `flush` writes `output`; called once for all that is appended in one turn of the event loop. */
  constructor(host: CircuitHost, server: Endpoint, priority: number, flush: () => void) {
    this.host = host;
    this.server = server;
    this.#flush = flush;
    this.#input = new Input(host.maxArrayBytes + 400);
    this.output.message(CommandId.version, 0, priority, MINOR_VERSION, 0, 0);
    this.#text(CommandId.clientName, host.user);
    this.#text(CommandId.hostName, host.host);
    this.flushSoon();
  }

  get isFull(): boolean {
    return this.output.length > MOST_WAITING;
  }

  /** Takes received bytes. Throws for what no server may send: the circuit is of no use then. */
  receive(chunk: Uint8Array): void {
    this.#heard();
    const input = this.#input;
    input.push(chunk);
    for (;;) {
      const arrival = input.next(Math.max(this.minor, EXTENDED_HEADER_MINOR));
      if (arrival === 'incomplete') return;
      if (arrival === 'message') this.#answer(input.request);
      else this.#broken(arrival, input.request);
      input.take();
    }
  }

  /** Asks the server to create a channel. */
  open(channel: ClientChannel): void {
    channel.circuit = this;
    this.channels.set(channel.cid, channel);
    this.#text(CommandId.createChan, channel.name, channel.cid, MINOR_VERSION);
    this.flushSoon();
  }

  /** Closes a channel; what was asked for on it fails. */
  close(channel: ClientChannel): void {
    const { sid, cid } = channel;
    if (sid !== undefined) {
      this.output.message(CommandId.clearChannel, 0, 0, 0, sid, cid);
      this.flushSoon();
    }
    this.drop(channel, `${channel.name} was closed`);
  }

  /** Forgets a channel that the server no longer has. */
  drop(channel: ClientChannel, why: string): void {
    this.channels.delete(channel.cid);
    for (const id of channel.subscriptions.keys()) this.subscriptions.delete(id);
    for (const [ioid, sent] of this.#requests) {
      if (sent.channel === channel) this.settled(ioid)?.request.fail(why);
    }
    channel.lost();
  }

  /** Drops all channels: the circuit is lost. Returns them. */
  dropAll(why: string): ClientChannel[] {
    const all = [...this.channels.values()];
    for (const ioid of [...this.#requests.keys()]) this.settled(ioid)?.request.fail(why);
    for (const channel of all) this.drop(channel, why);
    return all;
  }

  read(channel: ClientChannel, request: PendingRequest, type: number, count: number): void {
    const ioid = this.#send(channel, request);
    if (ioid === undefined) return;
    const elements = this.#elements(channel, count);
    this.output.message(CommandId.readNotify, 0, type, elements, channel.sid ?? 0, ioid);
    this.flushSoon();
  }

  write(sid: number, cid: number, value: Outgoing): void {
    this.#value(CommandId.write, value, sid, cid);
  }

  writeNotify(channel: ClientChannel, request: PendingRequest, value: Outgoing): void {
    const ioid = this.#send(channel, request);
    if (ioid !== undefined) this.#value(CommandId.writeNotify, value, channel.sid ?? 0, ioid);
  }

  subscribe(channel: ClientChannel, subscription: ClientSubscription): void {
    const { id, type, wish } = subscription;
    const count = this.#elements(channel, subscription.count);
    this.subscriptions.set(id, subscription);
    const at = this.output.message(CommandId.eventAdd, 16, type, count, channel.sid ?? 0, id);
    this.output.zero(at, 16);
    this.output.view.setUint16(at + 12, wish.mask);
    this.flushSoon();
  }

  unsubscribe(channel: ClientChannel, subscription: ClientSubscription): void {
    const { id, type } = subscription;
    const count = this.#elements(channel, subscription.count);
    this.subscriptions.delete(id);
    this.output.message(CommandId.eventCancel, 0, type, count, channel.sid ?? 0, id);
    this.flushSoon();
  }

  /** Whether somebody waits for the answer to a request. */
  isWaiting(ioid: number): boolean {
    return this.#requests.has(ioid);
  }

  /** The request that was answered, which nobody waits for from now on. */
  settled(ioid: number): Sent | undefined {
    const sent = this.#requests.get(ioid);
    this.#requests.delete(ioid);
    sent?.deadline[Symbol.dispose]();
    return sent;
  }

  /** Asks over this circuit who has a name. */
  search(cid: number, name: string): void {
    const at = this.#claim(CommandId.search, name, 5, MINOR_VERSION, cid, cid);
    writeText(this.output.bytes, at, this.output.length - at - 1, name);
    this.flushSoon();
  }

  /** Asks the server whether it lives. */
  echo(): void {
    this.output.message(CommandId.echo, 0, 0, 0, 0, 0);
    this.flushSoon();
  }

  /** Nothing came for too long: channels are not connected until something does. */
  fallSilent(): void {
    this.responsive = false;
    for (const channel of this.channels.values()) channel.noticed();
  }

  flushSoon(): void {
    if (this.#flushSoon) return;
    this.#flushSoon = true;
    queueMicrotask(() => {
      this.#flushSoon = false;
      this.#flush();
    });
  }

  /** A server that answers again has not told what changed meanwhile: everything is read anew. */
  #heard(): void {
    if (this.responsive) return;
    this.responsive = true;
    for (const channel of this.channels.values()) {
      const { sid } = channel;
      if (sid === undefined) continue;
      for (const subscription of channel.subscriptions.values()) {
        const { id, type } = subscription;
        const count = this.#elements(channel, subscription.count);
        this.output.message(CommandId.readNotify, 0, type, count, sid, id);
      }
      channel.noticed();
    }
    this.flushSoon();
  }

  /** 0 means as many as there are; old servers do not know that. */
  #elements({ info }: ClientChannel, count: number): number {
    return count === 0 && this.minor < DYNAMIC_MINOR ? (info?.count ?? 1) : count;
  }

  #send(channel: ClientChannel, request: PendingRequest): number | undefined {
    if (this.isFull) {
      request.fail(`${channel.name}: its server takes nothing`);
      return undefined;
    }
    const { seconds } = request;
    this.#lastRequest = (this.#lastRequest + 1) & ~REQUEST_BIT;
    const ioid = (this.#lastRequest | REQUEST_BIT) >>> 0;
    const deadline = this.host.clock.after(seconds * 1000, () => {
      this.settled(ioid)?.request.fail(`${channel.name} did not answer within ${seconds} s`);
    });
    this.#requests.set(ioid, { channel, request, deadline });
    return ioid;
  }

  #value(command: number, value: Outgoing, p1: number, p2: number): void {
    const at = this.output.message(command, value.size, value.base, value.count, p1, p2);
    writeOutgoing(this.output, at, value);
    this.flushSoon();
  }

  #text(command: number, text: string, p1 = 0, p2 = 0): void {
    const at = this.#claim(command, text, 0, 0, p1, p2);
    writeText(this.output.bytes, at, this.output.length - at - 1, text);
  }

  /** Room for a text and its NUL, zeroed. */
  #claim(command: number, text: string, type: number, count: number, p1: number, p2: number) {
    const size = Math.ceil((Buffer.byteLength(text) + 1) / 8) * 8;
    const at = this.output.message(command, size, type, count, p1, p2);
    this.output.zero(at, size);
    return at;
  }

  /** What a listener throws is its own fault, and not the server's. */
  #answer(request: Request): void {
    try {
      answers[request.command]?.(this, request);
    } catch (cause) {
      this.host.exception(`${endpointText(this.server)}: ${messageOf(cause)}`);
    }
  }

  /** A value that is too large for us is lost, and no more. */
  #broken(arrival: 'misaligned' | 'too-large', request: Request): void {
    const { bytes, headerAt, headerSize, p2, type } = request;
    if (arrival === 'misaligned' || type > LAST_DBR) {
      const what = `${endpointText(this.server)} sent what is no CA message`;
      throw new MalformedFrame(what, bytes.subarray(headerAt, headerAt + headerSize));
    }
    const text = `an array of ${request.size} bytes is more than we take`;
    const sent = this.settled(p2);
    if (sent) sent.request.fail(text);
    else this.host.exception(text);
  }
}
