import { randomUUID } from 'node:crypto';
import { mkdir, unlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { type Clock, IocError, messageOf } from '../../kernel/index.ts';
import { type LeastPace, Pace } from '../http/pace.ts';
import { advice, refuseFailure, shownUrl } from './answers.ts';
import { placeDraft, type Written, writeDraft } from './draft.ts';
import { type Asked, type ClientTls, type Content, request } from './request.ts';

/** How files are sent and fetched. */
export interface FileClientOptions {
  readonly tls?: ClientTls;
  /** For servers that want one; goes only to hosts that are allowed. */
  readonly token?: string;
  /** Whether files may go to a host and come from it: URLs come with commands, from anybody. */
  readonly allows: (url: URL) => boolean;
  /** Largest file that is fetched. */
  readonly maxBytes: number;
  /** Who moves less is given up. */
  readonly least: LeastPace;
  readonly clock: Clock;
}

/** Sends files to a file transfer service and fetches them from one. */
export class FileClient {
  readonly #options: FileClientOptions;

  constructor(options: FileClientOptions) {
    this.#options = options;
  }

  /** Puts a file under a URL, in the place of what is there. */
  async upload(url: string, content: Content, signal: AbortSignal): Promise<void> {
    await this.#ask('PUT', url, `Upload ${content.bytes} bytes to`, signal, content);
  }

  /** Fetches a file into the place of `path`, which keeps what it had until all is there and right. */
  download(
    url: string,
    path: string,
    sha256: string | undefined,
    signal: AbortSignal,
  ): Promise<Written> {
    const { maxBytes } = this.#options;
    return this.#ask('GET', url, 'Download', signal, undefined, async (response, pace) => {
      const bytes = lengthOf(response);
      if (bytes !== undefined && bytes > maxBytes) throw tooLarge(bytes, maxBytes);
      await mkdir(dirname(path), { recursive: true });
      // Beside it, for a rename does not leave its disk.
      const draft = `${path}.${randomUUID()}.part`;
      const written = await writeDraft(draft, pace.through(response), { maxBytes, bytes, sha256 });
      await placeDraft(draft, path).catch(async (error) => {
        await unlink(draft);
        throw error;
      });
      return written;
    });
  }

  /** Deletes the file under a URL. */
  async remove(url: string, signal: AbortSignal): Promise<void> {
    await this.#ask('DELETE', url, 'Delete', signal);
  }

  /** One request, of which `take` reads the answer. Every error says what was tried, and on what. */
  async #ask<T>(
    method: Asked['method'],
    given: string,
    what: string,
    signal: AbortSignal,
    content?: Content,
    take?: (response: IncomingMessage, pace: Pace) => Promise<T>,
  ): Promise<T> {
    const { least, clock } = this.#options;
    const url = this.#allowed(given, what);
    using pace = new Pace(least, clock);
    const both = AbortSignal.any([signal, pace.signal]);
    try {
      const { tls, token } = this.#options;
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const asked = { method, url, headers, content, tls };
      const response = await request(asked, (source) => pace.through(source), both);
      try {
        await refuseFailure(response);
        return (await take?.(response, pace)) as T;
      } finally {
        response.destroy();
      }
    } catch (cause) {
      const reason = both.aborted ? both.reason : cause;
      const code = reason instanceof IocError ? reason.code : 'files/transfer';
      const text = `${what} ${shownUrl(url)}: ${messageOf(reason)}${advice(reason)}`;
      throw new IocError(code, text);
    }
  }

  #allowed(given: string, what: string): URL {
    const url = URL.canParse(given) ? new URL(given) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw new IocError('files/url', `${what} "${given}": this is not an http(s) URL`);
    }
    if (this.#options.allows(url)) return url;
    const text = `${what} ${shownUrl(url)}: files do not go to ${url.hostname}; add it to bus.files.hosts if they may`;
    throw new IocError('files/host', text);
  }
}

function lengthOf({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

function tooLarge(bytes: number, maxBytes: number): IocError {
  const text = `it has ${bytes} bytes, and at most ${maxBytes} are taken`;
  return new IocError('files/too-large', text);
}
