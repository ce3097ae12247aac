import { filtersOverlap, matchesFilter } from '../topic-filter.ts';
import type { BrokerRights } from './options.ts';

/** What one client may do: the rights of its user with its own names filled in. */
export class ClientRights {
  readonly #publish: readonly string[];
  readonly #subscribe: readonly string[];

  constructor({ publish, subscribe }: BrokerRights, user: string, clientId: string) {
    const own = (filter: string) => filled(filter, user, clientId);
    this.#publish = publish.flatMap(own);
    this.#subscribe = subscribe.flatMap(own);
  }

  mayPublish(topic: string): boolean {
    return this.#publish.some((filter) => matchesFilter(filter, topic));
  }

  /** Whether anything could come of a subscription; each message is looked at again. */
  maySubscribe(filter: string): boolean {
    return this.#subscribe.some((each) => filtersOverlap(each, filter));
  }

  mayHear(topic: string): boolean {
    return this.#subscribe.some((filter) => matchesFilter(filter, topic));
  }
}

/** No filter at all when a name would make another one of it (CVE-2017-7650 of mosquitto). */
function filled(filter: string, user: string, clientId: string): string[] {
  const isUnfit = (mark: string, name: string) =>
    filter.includes(mark) && (name === '' || /[+#/]/.test(name));
  if (isUnfit('%u', user) || isUnfit('%c', clientId)) return [];
  return [filter.replace(/%[uc]/g, (mark) => (mark === '%u' ? user : clientId))];
}
