import type { BusLink } from './link.ts';
import type { Received } from './message.ts';

/** Bytes of a topic for answers, at most. */
const LONGEST_TOPIC = 1024;

/** What of a message its answer needs. */
export type Asked = Pick<Received, 'responseTopic' | 'correlation'>;

/** The same of a message that is answered later, which is gone by then. */
export function askedBy({ responseTopic, correlation }: Received): Asked {
  return {
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlation && { correlation: correlation.slice() }),
  };
}

/**
 * Answers messages where their senders want it: at the MQTT 5 response topic, else at a topic of our
 * own. Nobody makes us speak where our word counts: below `reserved` topics and those of the broker.
 */
export class Replies {
  readonly #link: BusLink;
  readonly #reserved: readonly string[];

  constructor(link: BusLink, reserved: readonly string[]) {
    this.#link = link;
    this.#reserved = reserved;
  }

  /** `fallback`: where to without a response topic; nowhere if there is none. */
  send({ responseTopic, correlation }: Asked, payload: string, fallback?: string): void {
    const topic = responseTopic ?? fallback;
    if (topic === undefined) return;
    if (responseTopic !== undefined && !this.#isAnswerable(responseTopic)) return;
    const told = correlation && { correlation };
    this.#link.publish({ topic, payload, delivery: 'event', ...told });
  }

  #isAnswerable(topic: string): boolean {
    const isTopic = topic !== '' && topic.length <= LONGEST_TOPIC && !/[+#\0]/.test(topic);
    if (!isTopic || topic.startsWith('$')) return false;
    return !this.#reserved.some((prefix) => topic === prefix || topic.startsWith(`${prefix}/`));
  }
}
