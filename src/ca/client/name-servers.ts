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
  /** Those that did not answer the last time. */
  readonly #away = new Set<string>();
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
    const { serverPort, connectionTimeout } = this.#options;
    try {
      const server = await endpointOf(text, serverPort);
      if (this.#ended) return;
      const link = new CircuitLink(this.#host, { server, priority: 0 }, connectionTimeout, {
        opened: () => {
          this.#away.delete(text);
          this.#connected();
        },
        lost: (_, why) => {
          this.#links.delete(text);
          this.#missed(text, why);
        },
      });
      this.#links.set(text, link);
    } catch (cause) {
      this.#missed(text, messageOf(cause));
    }
  }

  /** Tells the log once until it answers again. */
  #missed(text: string, why: string): void {
    if (this.#ended) return;
    if (!this.#away.has(text)) {
      this.#options.log.warn(`CA name server ${text} cannot be asked: ${why}`);
    }
    this.#away.add(text);
    this.#retry(text);
  }

  #retry(text: string): void {
    const retry = this.#options.clock.after(RETRY_MS, () => {
      this.#retries.delete(retry);
      void this.#connect(text);
    });
    this.#retries.add(retry);
  }
}
