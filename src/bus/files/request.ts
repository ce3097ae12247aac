import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { IocError } from '../../kernel/index.ts';

/** How a server is known and we to it; PEM texts. */
export interface ClientTls {
  readonly ca?: readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ignoreHostName?: boolean | undefined;
}

/** What is sent; `open` is called anew when a redirect asks for it once more. */
export interface Content {
  readonly bytes: number;
  open(): Readable;
}

/** A request to one URL. */
export interface Asked {
  readonly method: 'PUT' | 'GET' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly content?: Content | undefined;
  readonly tls?: ClientTls | undefined;
}

const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 307, 308]);

/**
 * Sends a request, to where it is sent on as well if that is the same host and no less safe, and
 * resolves with the head of the answer; whoever gets it reads or destroys it.
 */
export async function request(
  asked: Asked,
  pass: (source: Readable) => AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let { url } = asked;
  for (let redirects = 0; ; redirects++) {
    const response = await send({ ...asked, url }, pass, signal);
    if (!REDIRECTS.has(response.statusCode ?? 0)) return response;
    response.destroy();
    if (redirects >= MOST_REDIRECTS) throw redirected(`is sent on more than ${redirects} times`);
    url = next(url, response.headers.location);
  }
}

/**
 * node:http and not fetch: a body of known length in a stream, certificates of our own for one
 * server, and no pool that keeps connections.
 */
function send(
  { method, url, headers, content, tls }: Asked,
  pass: (source: Readable) => AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const length = content ? { 'content-length': content.bytes } : {};
    const options = { method, headers: { ...headers, ...length }, agent: false, signal };
    const request =
      url.protocol === 'https:'
        ? tlsRequest(url, { ...options, ...tlsOptions(tls) })
        : plainRequest(url, options);
    const body = content?.open();
    request.once('response', (response) => {
      // An answer that comes before all was sent is the answer.
      body?.destroy();
      resolve(response);
    });
    request.once('error', (error) => reject(signal.aborted ? signal.reason : error));
    if (!body) request.end();
    else pipeline(body, pass, request).catch(reject);
  });
}

function tlsOptions({ ca, cert, key, ignoreHostName }: ClientTls = {}) {
  return {
    ...(ca && { ca: [...ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(ignoreHostName && { checkServerIdentity: () => undefined }),
  };
}

function next(from: URL, location: string | undefined): URL {
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw redirected('is sent on, but to no URL');
  }
  const url = new URL(location, from);
  if (url.hostname !== from.hostname) {
    throw redirected(`is sent on to another host, ${url.hostname}; give its URL if that is right`);
  }
  const isSafe =
    url.protocol === 'https:' || (url.protocol === 'http:' && from.protocol === 'http:');
  if (!isSafe) throw redirected(`is sent on to ${url.protocol}, which is not safe`);
  return url;
}

function redirected(what: string): IocError {
  return new IocError('files/redirect', `the request ${what}`);
}
