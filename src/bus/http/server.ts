import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Clock, IocError, type Log, listening, messageOf } from '../../kernel/index.ts';
import { Exchange } from './exchange.ts';
import { httpServer, type ServerTls } from './listener.ts';
import type { LeastPace } from './pace.ts';
import { HttpRefusal } from './refusal.ts';
import { checkToken } from './token.ts';

/** Connections at one time; more wait for none, they are closed. */
const MOST_CONNECTIONS = 64;

/** How long a client may take to say what it wants, in seconds. */
const PATIENCE = 10;

/** A client that moves less is slow on purpose, or gone. */
const LEAST: LeastPace = { seconds: 15, bytes: 16_384 };

/** Where a server listens and who may come. */
export interface HttpOptions {
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  readonly tls?: ServerTls;
  /** Every request must bring it. */
  readonly token?: string;
  /** Hosts that clients may call it by; any unless told. */
  readonly names?: readonly string[];
  readonly least?: LeastPace;
  /** Seconds within which a client must have said what it wants. */
  readonly patience?: number;
  readonly maxConnections?: number;
  readonly log: Log;
  readonly clock: Clock;
}

/** A part of the URLs of a server. */
export interface Route {
  /** `/te/v1/files`; what follows it must begin with a slash, or be nothing. */
  readonly path: string;
  /** Answers, or throws an `HttpRefusal`. */
  answer(exchange: Exchange): Promise<void>;
}

/** A server that runs until it is disposed of. */
export interface HttpServer extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:8000` */
  readonly url: string;
}

/** Serves routes over HTTP, or over HTTPS. Rejects with `bus/http` where it cannot listen. */
export async function serveHttp(
  routes: readonly Route[],
  options: HttpOptions,
): Promise<HttpServer> {
  const { host, port, tls, clock } = options;
  const { maxConnections = MOST_CONNECTIONS, patience = PATIENCE } = options;
  const attend = (request: IncomingMessage, response: ServerResponse) =>
    void answer(routes, options, request, response).catch(() => request.socket.destroy());
  const server = httpServer(attend, { tls, patienceMs: patience * 1000, clock });
  server.maxConnections = maxConnections;
  // Whoever asks first whether it may send is answered by what reads the body, or refused.
  server.on('checkContinue', attend);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  try {
    await listening(server, { host, port });
  } catch (cause) {
    const text = `Serve files and entities on ${host}:${port}: ${messageOf(cause)}; give another address or port`;
    throw new IocError('bus/http', text, { cause });
  }
  const { port: bound } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    port: bound,
    url: `${tls ? 'https' : 'http'}://${name}:${bound}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function answer(
  routes: readonly Route[],
  { token, names, least = LEAST, clock, log }: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // An absolute URL is for proxies, but must be understood: RFC 9112 section 3.2.2.
  const [path = '', query = ''] = (request.url ?? '').replace(/^https?:\/\/[^/]*/i, '').split('?');
  const route = routes.find((each) => leadsTo(path, each.path));
  const rest = path.slice(route?.path.length ?? 0);
  const exchange = new Exchange([request, response], [rest, query], [least, clock]);
  try {
    checkName(request, names);
    checkToken(request, token);
    if (!route) throw new HttpRefusal(404, 'there is nothing at this path');
    await route.answer(exchange);
  } catch (error) {
    if (error instanceof HttpRefusal) return exchange.refuse(error);
    if (hasLeft(error)) return;
    log.warn(`${request.method} ${path}: ${messageOf(error)}`);
    exchange.refuse(new HttpRefusal(500, 'Internal error'));
  }
}

/** Keeps out web pages whose name was made to lead to this machine (DNS rebinding). */
function checkName({ headers: { host } }: IncomingMessage, names?: readonly string[]): void {
  if (!names || host === undefined) return;
  const name = host.replace(/:\d*$/, '').toLowerCase();
  if (names.includes(name)) return;
  throw new HttpRefusal(421, `this service is not called ${name}; see bus.files.service.url`);
}

/** The client broke off; there is nobody to tell, and nothing to mend. */
function hasLeft(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE';
}

function leadsTo(path: string, route: string): boolean {
  return path === route || path.startsWith(`${route}/`);
}
