import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../../kernel/index.ts';

/** What a server shows, and whom it lets in; PEM texts. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  /** Clients must show a certificate of one of these authorities. */
  readonly ca?: readonly string[];
}

/** How a server listens. */
export interface ListenerOptions {
  readonly tls: ServerTls | undefined;
  /** How long a client may take to say what it wants. */
  readonly patienceMs: number;
  readonly clock: Clock;
}

const KEEP_ALIVE_MS = 5000;

/** Who is slow to say what it wants is cut off; a body may be long: its pace is watched instead. */
function limits(patienceMs: number) {
  return {
    headersTimeout: patienceMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 0,
    connectionsCheckingInterval: patienceMs / 10,
    maxHeaderSize: 16_384,
  };
}

/** First byte of a TLS record that begins a handshake, RFC 8446 section 5.1. */
const HANDSHAKE = 22;

/** An HTTP server; over TLS one that sends clients which come without to the same URL with it. */
export function httpServer(
  listener: RequestListener,
  { tls, patienceMs, clock }: ListenerOptions,
): Server {
  if (!tls) return createPlainServer(limits(patienceMs), listener);
  const { ca } = tls;
  const access = ca ? { requestCert: true, rejectUnauthorized: true, ca: [...ca] } : {};
  const server = createTlsServer(
    {
      ...limits(patienceMs),
      ...access,
      cert: tls.cert,
      key: tls.key,
      handshakeTimeout: patienceMs,
    },
    listener,
  );
  const [secure] = server.listeners('connection') as ((socket: Socket) => void)[];
  const plain = createPlainServer(limits(patienceMs), redirect);
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const patience = clock.after(patienceMs, () => socket.destroy());
    socket.once('close', () => patience[Symbol.dispose]());
    socket.on('error', () => {});
    socket.once('data', (first: Uint8Array) => {
      socket.pause();
      socket.unshift(first);
      if (first[0] === HANDSHAKE) {
        patience[Symbol.dispose]();
        secure?.call(server, socket);
      } else {
        // Within its patience all of a request that is answered with two lines must come.
        plain.emit('connection', socket);
        process.nextTick(() => socket.resume());
      }
    });
  });
  return server;
}

const redirect: RequestListener = ({ headers: { host }, url = '/' }, response) => {
  // Both go into a header.
  const isSane = /^[\w.:[\]-]+$/.test(host ?? '') && /^\/[\x21-\x7e]*$/.test(url);
  const headers = { connection: 'close', 'content-length': 0 };
  if (isSane) response.writeHead(308, { ...headers, location: `https://${host}${url}` });
  else response.writeHead(400, headers);
  response.end();
};
