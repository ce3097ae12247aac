import { createServer as createWebServer, type Server as WebServer } from 'node:http';
import { createServer as createTlsWebServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { type Clock, IocError, type Log, listening, messageOf, sleep } from '../../kernel/index.ts';
import type { BrokerCertificates, BrokerLimits, BrokerListener } from './options.ts';

/** Somebody came. */
export interface Arrival {
  readonly stream: Duplex;
  readonly where: string;
  /** Common name of its certificate, where that is its name. */
  readonly certified: string | undefined;
}

export interface ListenerMeans {
  readonly limits: BrokerLimits;
  readonly log: Log;
  readonly clock: Clock;
  readonly arrived: (arrival: Arrival) => void;
}

/** Sockets beyond the clients, of those who are being refused. */
const SPARE_SOCKETS = 16;
const HANDSHAKE_MS = 10_000;
/** A client that went without a word is found out in a few minutes whatever its keep-alive. */
const TCP_KEEPALIVE_MS = 60_000;
/** Between two tries at a port that another has. */
const RETRY_MS = 5000;

/** A place where clients come. */
export class Listener implements AsyncDisposable {
  readonly options: BrokerListener;
  readonly #means: ListenerMeans;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port: number | undefined;

  constructor(options: BrokerListener, means: ListenerMeans) {
    this.options = options;
    this.#means = means;
    this.#server = serverOf(options, means);
    this.#server.maxConnections = means.limits.clients + SPARE_SOCKETS;
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // Until the stream on it has its own.
      socket.on('error', () => {});
    });
  }

  /** Undefined while it does not listen. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Where clients come, as they write it; undefined while it does not listen. */
  get url(): string | undefined {
    if (this.#port === undefined) return undefined;
    const { kind, host, path, tls } = this.options;
    const name = host.includes(':') ? `[${host}]` : host;
    return `${kind}${tls ? 's' : ''}://${name}:${this.#port}${kind === 'ws' ? path : ''}`;
  }

  /** Tries to listen; says so, and resolves with false, when the port cannot be had. */
  async listen(): Promise<boolean> {
    const { log } = this.#means;
    try {
      await this.#listenNear();
    } catch (error) {
      log.error(`${messageOf(error)}; the IOC goes on, and tries again`);
      return false;
    }
    const { port } = this.options;
    if (port !== 0 && this.#port !== port) {
      log.warn(`port ${port} is taken: the broker listens on ${this.#port}`);
    }
    return true;
  }

  /** Tries again until it listens, or the signal fires. */
  async listenAtLast(signal: AbortSignal): Promise<void> {
    const { log, clock } = this.#means;
    while (!signal.aborted) {
      await sleep(RETRY_MS, signal, clock).catch(() => {});
      if (signal.aborted) return;
      try {
        await this.#listenNear();
        log.info(`the broker listens on ${this.url} now`);
        return;
      } catch {
        // It was said already.
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** On its port, or one of the next that will do. */
  async #listenNear(): Promise<void> {
    const { host, port, nextPorts } = this.options;
    for (let at = port; ; at++) {
      try {
        await listening(this.#server, { host, port: at });
        this.#port = portOf(this.#server);
        return;
      } catch (cause) {
        if (at < port + nextPorts && isTaken(cause)) continue;
        const text = `The broker cannot listen on ${host}:${port} (${messageOf(cause)})`;
        throw new IocError('bus/broker-port', text, { cause });
      }
    }
  }
}

function serverOf(options: BrokerListener, means: ListenerMeans): Server {
  const { kind, tls } = options;
  const socketOptions = {
    ...{ noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEPALIVE_MS },
  };
  if (kind === 'ws') {
    const web = tls ? createTlsWebServer(tlsOf(tls)) : createWebServer(socketOptions);
    serveWebSockets(web, options, means);
    return web;
  }
  const server = tls
    ? createTlsServer({ ...socketOptions, ...tlsOf(tls) })
    : createServer(socketOptions);
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    means.arrived({ stream: socket, ...whoIs(socket, tls) });
  });
  return server;
}

function serveWebSockets(web: WebServer, options: BrokerListener, means: ListenerMeans): void {
  const { path, origins, tls } = options;
  const sockets = new WebSocketServer({
    ...{ server: web, path, perMessageDeflate: false, maxPayload: means.limits.packet + 5 },
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
    // Any page in the browser of an operator could else reach a broker of the loopback.
    verifyClient: ({ origin }: { origin?: string }) => !origin || origins.includes(origin),
  });
  // Those of the server, which are told by who listens.
  sockets.on('error', () => {});
  sockets.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket);
    means.arrived({ stream, ...whoIs(request.socket, tls) });
  });
}

function tlsOf({ cert, key, ca }: BrokerCertificates): TlsOptions {
  const asks = ca ? { ca: [...ca], requestCert: true, rejectUnauthorized: true } : {};
  return { cert, key, ...asks, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS };
}

function whoIs(
  socket: Socket,
  tls: BrokerCertificates | undefined,
): Pick<Arrival, 'where' | 'certified'> {
  const where = socket.remoteAddress ?? 'nowhere';
  if (!tls?.namesUsers || !('getPeerCertificate' in socket)) return { where, certified: undefined };
  const { subject } = (socket as TLSSocket).getPeerCertificate();
  const name = subject?.CN;
  // One without a name is nobody, not somebody who may say another.
  return { where, certified: typeof name === 'string' && name !== '' ? name : '(no name)' };
}

function portOf(server: Server): number | undefined {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : undefined;
}

function isTaken(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
}
