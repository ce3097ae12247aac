import { createServer, type Server, type Socket } from 'node:net';
import { IocError, type Log, listening, messageOf, Scope } from '../kernel/index.ts';

/** Ports tried before giving up, when several interfaces must share one. */
const TRIES = 8;
/** Idle time after which TCP asks whether the client still lives; ten probes a second apart. */
const KEEPALIVE_MS = 15_000;

type Accept = (socket: Socket) => void;

/** Listens for circuits on some addresses, all at the same port. */
export class CircuitListeners implements AsyncDisposable {
  readonly port: number;
  readonly #accept: Accept;
  readonly #scope: Scope;
  readonly #missing: Set<string>;

  private constructor(accept: Accept, { scope, port, missing }: Attempt) {
    this.port = port;
    this.#accept = accept;
    this.#scope = scope;
    this.#missing = missing;
  }

  /**
   * Listens at the wanted port if it is free, else at another, which search replies then name
   * (facts/ca.md section 9). Throws `ca/listen` when not one of the addresses can be had; one that
   * this host does not have now is tried again at each `refresh`.
   */
  static async open(
    wanted: number,
    addresses: readonly string[],
    accept: Accept,
    log: Log,
  ): Promise<CircuitListeners> {
    let failure: unknown;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      try {
        const made = await listenAll(attempt === 0 ? wanted : 0, addresses, accept);
        const { port, missing } = made;
        if (wanted !== 0 && port !== wanted) {
          log.warn({ wanted, port }, `CA TCP port ${wanted} is taken, serving on port ${port}`);
        }
        for (const address of missing) log.warn(`CA interface ${address} is not there yet`);
        return new CircuitListeners(accept, made);
      } catch (cause) {
        if (codeOf(cause) !== 'EADDRINUSE') throw refusal(wanted, addresses, cause);
        failure = cause;
      }
    }
    throw refusal(wanted, addresses, failure);
  }

  /** Listens where it could not before, now that the interfaces changed. */
  async refresh(): Promise<void> {
    for (const address of this.#missing) {
      const attempt = new Scope();
      try {
        await listen(this.port, address, this.#accept, attempt);
        this.#missing.delete(address);
      } catch {
        // Still not there; whoever watches the interfaces calls again.
      }
      if (this.#scope.signal.aborted) await attempt[Symbol.asyncDispose]();
      else this.#scope.use(attempt);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope[Symbol.asyncDispose]();
  }
}

type Attempt = { readonly scope: Scope; readonly port: number; readonly missing: Set<string> };

async function listenAll(
  wanted: number,
  addresses: readonly string[],
  accept: Accept,
): Promise<Attempt> {
  const scope = new Scope();
  const missing = new Set<string>();
  let port = wanted;
  try {
    for (const address of addresses) {
      const failure = await listen(port, address, accept, scope).then(
        (bound) => {
          port = bound;
        },
        (cause: unknown) => cause,
      );
      if (failure === undefined) continue;
      missing.add(address);
      const isAbsent = codeOf(failure) === 'EADDRNOTAVAIL';
      if (!isAbsent || missing.size === addresses.length) throw failure;
    }
  } catch (cause) {
    await scope[Symbol.asyncDispose]();
    throw cause;
  }
  return { scope, port, missing };
}

async function listen(port: number, host: string, accept: Accept, scope: Scope): Promise<number> {
  const server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS },
    accept,
  );
  await listening(server, { port, host });
  scope.defer(() => new Promise((resolve) => server.close(() => resolve())));
  return portOf(server);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

function refusal(port: number, addresses: readonly string[], cause: unknown): IocError {
  const where = `${addresses.join(', ')} port ${port}`;
  const text = `Listen for CA circuits on ${where} failed: ${messageOf(cause)}; check EPICS_CAS_INTF_ADDR_LIST`;
  return new IocError('ca/listen', text, { cause });
}
