import { messageOf } from '../../kernel/index.ts';
import { CircuitLink } from './circuit-link.ts';
import type { CircuitHost } from './client-circuit.ts';
import { endpointOf } from './endpoint.ts';
import type { CompleteClientOptions } from './options.ts';
import type { Search } from './searches.ts';

/** How often a name server that is away is connected to again. */
const RETRY_MS = 5000;

/** Servers that are asked over TCP who has a name (facts/ca.md section 9). */
export class NameServers implements Disposable {
  readonly #host: CircuitHost;
  readonly #options: CompleteClientOptions;
  readonly #connected: () => void;
  /** By what the configuration calls them. */
  readonly #links = new Map<string, CircuitLink>();
  readonly #retries = new Set<Disposable>();
  readonly #inspection: Disposable;
  #ended = false;

  /** `connected`: a server can be asked now that could not be before. */
  constructor(host: CircuitHost, options: CompleteClientOptions, connected: () => void) {
    this.#host = host;
    this.#options = options;
    this.#connected = connected;
    this.#inspection = options.clock.every(1000, () => {
      for (const link of this.#links.values()) link.inspect();
    });
    for (const text of options.nameServers) void this.#connect(text);
  }

  send(searches: readonly Search[]): void {
    for (const { circuit, connected } of this.#links.values()) {
      if (!connected || circuit.isFull) continue;
      for (const { cid, name } of searches) circuit.search(cid, name);
    }
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#inspection[Symbol.dispose]();
    for (const retry of this.#retries) retry[Symbol.dispose]();
    for (const link of this.#links.values()) link[Symbol.dispose]();
  }

  async #connect(text: string): Promise<void> {
    const { serverPort, connectionTimeout, log } = this.#options;
    try {
      const server = await endpointOf(text, serverPort);
      if (this.#ended) return;
      const link = new CircuitLink(this.#host, { server, priority: 0 }, connectionTimeout, {
        opened: this.#connected,
        lost: () => {
          this.#links.delete(text);
          this.#retry(text);
        },
      });
      this.#links.set(text, link);
    } catch (cause) {
      log.warn(`CA name server ${text} cannot be asked: ${messageOf(cause)}`);
      this.#retry(text);
    }
  }

  #retry(text: string): void {
    if (this.#ended) return;
    const retry = this.#options.clock.after(RETRY_MS, () => {
      this.#retries.delete(retry);
      void this.#connect(text);
    });
    this.#retries.add(retry);
  }
}
