import { join } from 'node:path';
import { type BusLinkOptions, type MqttBusLink, openBusLink } from './bus/index.ts';
import type { BusLinkConfig } from './config/index.ts';
import type { Log, Scope } from './kernel/index.ts';

/** A further link to the same broker. */
export interface FurtherLink {
  /** Behind our client id: each client of a broker has its own. */
  readonly suffix: string;
  readonly will: BusLinkOptions['will'];
}

/** Opens links to the broker of the configuration, which end with the scope; none has started. */
export class BusLinks {
  readonly #config: BusLinkConfig;
  readonly #log: Log;
  readonly #scope: Scope;

  constructor(config: BusLinkConfig, log: Log, scope: Scope) {
    this.#config = config;
    this.#log = log;
    this.#scope = scope;
  }

  /** The link that profiles share. */
  open(will?: BusLinkOptions['will']): MqttBusLink {
    const { maxMessages, maxBytes, maxAge, folder } = this.#config.outbox;
    const outbox = { maxMessages, maxBytes, maxAgeSeconds: maxAge };
    const name = `${this.#config.clientId.replace(/[^\w-]+/g, '_')}.outbox`;
    const journal = folder === undefined ? undefined : join(folder, name);
    return this.#opened({ ...this.#broker(), outbox, journal, will });
  }

  /** A small one for a will of its own: a connection has only one. Nothing is kept for it. */
  openFurther({ suffix, will }: FurtherLink): MqttBusLink {
    const broker = this.#broker();
    const clientId = `${broker.clientId}-${suffix}`;
    return this.#opened({ ...broker, clientId, will, sessionExpirySeconds: 0 });
  }

  /** For a bridge: it hears nothing of what it says itself, and the broker remembers it. */
  openBridge(name: string, isBridge: boolean): MqttBusLink {
    const broker = this.#broker();
    return this.#opened({ ...broker, clientId: `${broker.clientId}-bridge-${name}`, isBridge });
  }

  #opened(options: BusLinkOptions): MqttBusLink {
    const log = this.#log.child({ room: 'bus', client: options.clientId });
    return this.#scope.use(openBusLink({ ...options, log }, this.#scope.signal));
  }

  #broker() {
    const { keepAlive, sessionExpiry, connectTimeout, outbox: _, ...rest } = this.#config;
    return {
      ...rest,
      keepAliveSeconds: keepAlive,
      sessionExpirySeconds: sessionExpiry,
      connectTimeoutMs: connectTimeout * 1000,
      log: this.#log,
    };
  }
}
