import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { addAbortSignal } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../kernel/index.ts';
import { type LeastPace, Pace } from './pace.ts';
import { HttpRefusal } from './refusal.ts';

/** How long a client whose request was answered before all of it came may go on to send. */
const LINGER_MS = 2000;

/** Largest body of JSON, as the agent of thin-edge has it. */
const MOST_JSON = 2 ** 20;

/** A request and the answer to it. */
export class Exchange {
  readonly method: string;
  /** Of the URL, escaped as it came, without the part that chose the route. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #least: LeastPace;
  readonly #clock: Clock;

  constructor(
    [request, response]: readonly [IncomingMessage, ServerResponse],
    [path, query]: readonly [string, string],
    [least, clock]: readonly [LeastPace, Clock],
  ) {
    this.method = request.method ?? '';
    this.path = path;
    this.query = new URLSearchParams(query);
    this.#request = request;
    this.#response = response;
    this.#least = least;
    this.#clock = clock;
  }

  /** Bytes of the body, where the client says so beforehand. */
  get length(): number | undefined {
    const { 'content-length': length } = this.#request.headers;
    return length === undefined ? undefined : Number(length);
  }

  /** The body as it comes; breaks off with a client that goes, or that is slow beyond measure. */
  async *body(): AsyncIterable<Uint8Array> {
    if (this.#request.headers.expect !== undefined) this.#response.writeContinue();
    using pace = new Pace(this.#least, this.#clock);
    yield* pace.through(addAbortSignal(pace.signal, this.#request));
  }

  /** The body as JSON. Refuses what is none with 400, what is said to be none with 415. */
  async json(maxBytes = MOST_JSON): Promise<unknown> {
    const type = this.#request.headers['content-type'] ?? '';
    // Else a page in a browser of this machine could send one without being asked (CORS).
    if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
      throw new HttpRefusal(415, 'the body must be JSON: Content-Type: application/json');
    }
    const text = await this.#text(maxBytes);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new HttpRefusal(400, `the body is not JSON: ${(cause as Error).message}`);
    }
  }

  /** Answers with a status and, if there is one, a value as JSON. */
  answer(status: number, value?: unknown, headers: Readonly<Record<string, string>> = {}): void {
    const text = value === undefined ? '' : JSON.stringify(value);
    const type = value === undefined ? {} : { 'content-type': 'application/json' };
    const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(text) };
    this.#response.writeHead(status, { ...headers, ...type, ...length });
    this.#response.end(this.method === 'HEAD' ? '' : text);
    this.#linger();
  }

  /** Answers with an error in JSON. */
  refuse({ status, message, headers }: HttpRefusal): void {
    if (this.#response.headersSent) this.#request.socket.destroy();
    else this.answer(status, { error: message }, headers);
  }

  /** Answers with a file, which is closed at the end. */
  async send({ handle, bytes }: { readonly handle: FileHandle; readonly bytes: number }) {
    const stream = handle.createReadStream();
    const type = { 'content-type': 'application/octet-stream', 'content-length': bytes };
    this.#response.writeHead(200, type);
    if (this.method === 'HEAD') {
      stream.destroy();
      this.#response.end();
      return;
    }
    using pace = new Pace(this.#least, this.#clock);
    await pipeline(stream, (source) => pace.through(source), this.#response, {
      signal: pace.signal,
    });
  }

  async #text(maxBytes: number): Promise<string> {
    const tooLarge = () => new HttpRefusal(413, `the body must not exceed ${maxBytes} bytes`);
    if ((this.length ?? 0) > maxBytes) throw tooLarge();
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of this.body()) {
      bytes += piece.length;
      if (bytes > maxBytes) throw tooLarge();
      pieces.push(piece);
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
    } catch {
      throw new HttpRefusal(400, 'the body is not UTF-8');
    }
  }

  /** The rest of a request goes nowhere; who never comes to its end is cut off. */
  #linger(): void {
    const request = this.#request;
    if (request.complete) return;
    const timer = this.#clock.after(LINGER_MS, () => request.socket.destroy());
    request.once('close', () => timer[Symbol.dispose]());
    request.resume();
  }
}
