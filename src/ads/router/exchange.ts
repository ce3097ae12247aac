import { createSocket, type Socket } from 'node:dgram';
import {
  type Clock,
  encoded,
  IocError,
  messageOf,
  Reader,
  Scope,
  systemClock,
} from '../../kernel/index.ts';
import { type AmsAddress, amsNetId, amsPort } from '../ams.ts';
import {
  ROUTER_ANSWER,
  ROUTER_UDP_PORT,
  type RouterDatagram,
  type RouterService,
  routerDatagram,
  type TaggedBytes,
} from './datagram.ts';

export type RouterOptions = {
  /** 48899 unless told. */
  readonly port?: number | undefined;
  /** How long the answer may take; 5000 ms unless told. */
  readonly timeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
};

/** What is asked once our own address is known. */
export type RouterQuestion = {
  readonly service: RouterService;
  /** For messages: `Add route "ioc" to`. Must not tell credentials. */
  readonly what: string;
  /** Whether the question may be sent again while no answer comes: datagrams do get lost. */
  readonly repeat: boolean;
  /** Given our address as the router sees it. */
  readonly compose: (localAddress: string) => {
    readonly sender: AmsAddress;
    readonly tags: readonly TaggedBytes[];
  };
};

/** Who asks when it has no NetId. */
export const nobody: AmsAddress = { netId: amsNetId('0.0.0.0.0.0'), port: amsPort(0) };

const REPEAT_MS = 1000;

/**
 * Asks the router of a host one question by UDP, from a socket of its own, and resolves with the
 * answer. Rejects with `ads/router-silent` when none comes, or with the signal's reason. What others
 * send, and what cannot be read, is no answer; neither is ever part of a message, since a peer could
 * send credentials back.
 */
export async function askRouter(
  host: string,
  question: RouterQuestion,
  options: RouterOptions,
  signal?: AbortSignal,
): Promise<RouterDatagram> {
  signal?.throwIfAborted();
  const { port = ROUTER_UDP_PORT, clock = systemClock } = options;
  await using scope = new Scope();
  const socket = createSocket('udp4');
  scope.defer(() => {
    socket.close();
  });
  const where = `${question.what} ${host}:${port}`;
  const givenUp = limits(socket, where, { ...options, clock }, scope, signal);
  const connected = new Promise((resolve) => socket.once('connect', resolve));
  // A connected socket takes datagrams from the router's address and port only.
  socket.connect(port, host);
  await Promise.race([connected, givenUp]);
  const { answered, send } = converse(socket, question);
  send();
  if (question.repeat) scope.use(clock.every(REPEAT_MS, send));
  return await Promise.race([answered, givenUp]);
}

/** Rejects when the socket fails, the time is over, or the signal fires. */
function limits(
  socket: Socket,
  where: string,
  { timeoutMs = 5000, clock }: RouterOptions & { readonly clock: Clock },
  scope: Scope,
  signal?: AbortSignal,
): Promise<never> {
  return new Promise((_, reject) => {
    socket.on('error', (cause) => reject(unreachable(where, cause)));
    scope.use(clock.after(timeoutMs, () => reject(silent(where, timeoutMs))));
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    scope.defer(() => signal?.removeEventListener('abort', abort));
  });
}

/** `send` puts the question; `answered` resolves with the first datagram that answers it. */
function converse(
  socket: Socket,
  { service, compose }: RouterQuestion,
): { readonly answered: Promise<RouterDatagram>; send(): void } {
  const invokeId = 1 + Math.floor(Math.random() * 0xffff_fffe);
  const composed = compose(socket.address().address);
  const bytes = encoded(routerDatagram, { invokeId, service, ...composed });
  const answered = new Promise<RouterDatagram>((resolve) => {
    socket.on('message', (message) => {
      const answer = decodedOrNothing(message);
      const isOurs = answer?.invokeId === invokeId && answer.service === answerTo(service);
      if (answer && isOurs) resolve(answer);
    });
  });
  return { answered, send: () => socket.send(bytes) };
}

function answerTo(service: RouterService): number {
  return (service | ROUTER_ANSWER) >>> 0;
}

function decodedOrNothing(message: Uint8Array): RouterDatagram | undefined {
  try {
    return routerDatagram.decode(new Reader(message));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function silent(where: string, timeoutMs: number): IocError {
  const text =
    `${where}: no answer within ${timeoutMs} ms: ` +
    'is TwinCAT running there, and does its firewall let UDP 48899 in?';
  return new IocError('ads/router-silent', text);
}

function unreachable(where: string, cause: unknown): IocError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const advice: Record<string, string> = {
    ECONNREFUSED: 'nobody listens there: is TwinCAT running?',
    ENOTFOUND: 'unknown host name',
  };
  return new IocError('ads/router-silent', `${where}: ${advice[code] ?? messageOf(cause)}`, {
    cause,
  });
}
