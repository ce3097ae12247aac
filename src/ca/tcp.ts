import { createServer, type Server, type Socket } from 'node:net';
import { IocError, type Log, messageOf, Scope } from '../kernel/index.ts';

/** Ports tried before giving up, when several interfaces must share one. */
const TRIES = 8;
/** Idle time after which TCP asks whether the client still lives; ten probes a second apart. */
const KEEPALIVE_MS = 15_000;

/**
 * Listens for circuits on all `addresses` at the same port: the wanted one if it is free, else
 * another, which search replies then name (facts/ca.md section 9). Returns the port.
 */
export async function listenTcp(
  wanted: number,
  addresses: readonly string[],
  accept: (socket: Socket) => void,
  scope: Scope,
  log: Log,
): Promise<number> {
  let failure: unknown;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      const port = await listenAll(attempt === 0 ? wanted : 0, addresses, accept, scope);
      if (wanted !== 0 && port !== wanted) {
        log.warn({ wanted, port }, `CA TCP port ${wanted} is taken, serving on port ${port}`);
      }
      return port;
    } catch (cause) {
      if (!isPortTaken(cause)) throw refusal(wanted, addresses, cause);
      failure = cause;
    }
  }
  throw refusal(wanted, addresses, failure);
}

async function listenAll(
  wanted: number,
  addresses: readonly string[],
  accept: (socket: Socket) => void,
  scope: Scope,
): Promise<number> {
  const attempt = new Scope();
  let port = wanted;
  try {
    for (const address of addresses) port = await listen(port, address, accept, attempt);
  } catch (cause) {
    await attempt[Symbol.asyncDispose]();
    throw cause;
  }
  scope.use(attempt);
  return port;
}

async function listen(
  port: number,
  host: string,
  accept: (socket: Socket) => void,
  scope: Scope,
): Promise<number> {
  const server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS },
    accept,
  );
  const bound = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => resolve(portOf(server)));
  });
  server.removeAllListeners('error');
  // accept() can fail later, for want of descriptors say; the server listens on.
  server.on('error', () => {});
  scope.defer(() => new Promise((resolve) => server.close(() => resolve())));
  return bound;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function isPortTaken(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
}

function refusal(port: number, addresses: readonly string[], cause: unknown): IocError {
  const where = `${addresses.join(', ')} port ${port}`;
  const text = `Listen for CA circuits on ${where} failed: ${messageOf(cause)}; check EPICS_CAS_INTF_ADDR_LIST`;
  return new IocError('ca/listen', text, { cause });
}
