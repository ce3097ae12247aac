import type { Log } from '../../kernel/index.ts';
import { isTopicFilter } from '../topic-filter.ts';
import type { Connection, Denied } from './connection.ts';
import { reasonText } from './failure.ts';
import type { Filter, Subscriptions } from './subscriptions.ts';

/** MQTT 5's word for it; we say it before we ask. */
const FILTER_INVALID = 143;

/** Denied filters that a text names; the rest are counted. */
const MOST_NAMED = 3;

/** What the broker was asked to bring: the filters that it knows of us, and those that it denies. */
export class AskedFilters {
  readonly #wanted: Subscriptions;
  readonly #log: Log;
  /** In the broker's session of ours, through connections. */
  readonly #known = new Set<string>();
  readonly #denied = new Map<string, number>();
  #connection: Connection | undefined;

  constructor(wanted: Subscriptions, log: Log) {
    this.#wanted = wanted;
    this.#log = log;
  }

  /** What the broker denies, in words; empty when it denies nothing. */
  get denials(): string {
    if (this.#denied.size === 0) return '';
    const those = [...this.#denied].map(([filter, code]) => `${filter} (${reasonText(code)})`);
    const more = those.length - MOST_NAMED;
    const named = those.slice(0, MOST_NAMED).join(', ');
    return `may not subscribe to ${named}${more > 0 ? ` and ${more} more` : ''}`;
  }

  /**
   * Lets the broker know what is wanted on a new connection, and nothing else; resolves with false
   * when it broke meanwhile.
   */
  async agree(connection: Connection, hasSession: boolean): Promise<boolean> {
    this.#connection = connection;
    if (!hasSession) this.#known.clear();
    for (const filter of this.#known) if (!this.#wanted.has(filter)) this.forget(filter);
    for (const [filter, code] of this.#denied) {
      if (code !== FILTER_INVALID) this.#denied.delete(filter);
    }
    // Somebody may subscribe while the broker thinks about the others.
    for (let asked = this.#unasked(); asked.length > 0; asked = this.#unasked()) {
      const isAnswered = await this.#ask(asked);
      if (!isAnswered || this.#connection !== connection) return false;
    }
    return true;
  }

  /** The connection is gone; the broker may remember. */
  lost(): void {
    this.#connection = undefined;
  }

  /** Asks for one filter, known or not: what was retained comes again. */
  async ask(filter: string): Promise<void> {
    await this.#ask([{ filter, qos: this.#wanted.qosOf(filter) }]);
  }

  forget(filter: string): void {
    this.#denied.delete(filter);
    if (this.#connection && this.#known.delete(filter)) this.#connection.unsubscribe(filter);
  }

  #unasked(): readonly Filter[] {
    return this.#wanted
      .filters()
      .filter(({ filter }) => !this.#known.has(filter) && !this.#denied.has(filter));
  }

  /** Whether the broker answered; if not, the connection broke, and the next one asks again. */
  async #ask(filters: readonly Filter[]): Promise<boolean> {
    const [valid, others] = [filters.filter(isValid), filters.filter((each) => !isValid(each))];
    for (const { filter } of others) this.#deny({ filter, code: FILTER_INVALID });
    const denied = await this.#connection?.subscribe(valid).catch(() => undefined);
    if (!denied) return false;
    for (const { filter } of valid) {
      this.#known.add(filter);
      this.#denied.delete(filter);
    }
    for (const each of denied) this.#deny(each);
    return true;
  }

  #deny({ filter, code }: Denied): void {
    this.#known.delete(filter);
    this.#denied.set(filter, code);
    this.#log.warn(`Bus: subscription to ${filter} denied: ${reasonText(code)}`);
  }
}

/** Others would cost us the connection. */
function isValid({ filter }: Filter): boolean {
  return isTopicFilter(filter);
}
