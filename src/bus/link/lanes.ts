import type { Waiting } from './waiting.ts';

/** Messages of one kind, in the order in which they leave. */
export interface Lane {
  readonly size: number;
  /** The one that leaves next. */
  readonly first: Waiting | undefined;
  /** Takes the first away. */
  shift(): Waiting | undefined;
}

/** One message per topic: a newer one takes the place of the older. */
export class NewestPerTopic implements Lane {
  readonly #byTopic = new Map<string, Waiting>();
  /** Goes along with what is taken: a new one would step over all that is gone, each time. */
  #topics = this.#byTopic.keys();
  #next: string | undefined;

  get size(): number {
    return this.#byTopic.size;
  }

  get first(): Waiting | undefined {
    const known = this.#next === undefined ? undefined : this.#byTopic.get(this.#next);
    if (known || this.#byTopic.size === 0) return known;
    let step = this.#topics.next();
    if (step.done) {
      // It came to the end before the newest was there.
      this.#topics = this.#byTopic.keys();
      step = this.#topics.next();
    }
    this.#next = step.value;
    return this.#next === undefined ? undefined : this.#byTopic.get(this.#next);
  }

  /** What gave way, if anything. */
  put(message: Waiting): Waiting | undefined {
    const older = this.#byTopic.get(message.topic);
    if (older) message.order = older.order;
    this.#byTopic.set(message.topic, message);
    return older;
  }

  shift(): Waiting | undefined {
    const { first } = this;
    if (!first) return undefined;
    this.#byTopic.delete(first.topic);
    this.#next = undefined;
    return first;
  }
}

/** Each message counts. */
export class EveryOne implements Lane {
  #messages: (Waiting | undefined)[] = [];
  #gone = 0;

  get size(): number {
    return this.#messages.length - this.#gone;
  }

  get first(): Waiting | undefined {
    return this.#messages[this.#gone];
  }

  put(message: Waiting): undefined {
    this.#messages.push(message);
  }

  shift(): Waiting | undefined {
    const { first } = this;
    if (!first) return undefined;
    this.#messages[this.#gone] = undefined;
    this.#gone++;
    if (this.#gone > 1024 && this.#gone * 2 > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#gone);
      this.#gone = 0;
    }
    return first;
  }
}
