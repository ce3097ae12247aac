import type { Publication, Receiver } from '../../../src/bus/index.ts';
import { FakeBusLink } from '../fake-bus-link.ts';

/** A link to a broker that keeps what is retained, and brings our own messages back. */
export class LoopbackBusLink extends FakeBusLink {
  /** What the broker keeps, by topic. */
  readonly kept: Map<string, string>;

  constructor(kept: Iterable<readonly [string, string]> = []) {
    super();
    this.kept = new Map(kept);
  }

  override publish(message: Publication): void {
    super.publish(message);
    const { topic, payload, delivery, retain = delivery === 'state' } = message;
    if (!this.isConnected) return;
    if (retain && payload.length === 0) this.kept.delete(topic);
    else if (retain) this.kept.set(topic, String(payload));
    queueMicrotask(() => this.bring(topic, payload));
  }

  override subscribe(filter: string, receive: Receiver): Disposable {
    const subscription = super.subscribe(filter, receive);
    queueMicrotask(() => this.bringKept([filter]));
    return subscription;
  }

  override connect(hasSession = false): void {
    this.isConnected = true;
    if (!hasSession) this.bringKept(this.filters);
    super.connect(hasSession);
  }

  /** The broker tells what it keeps to those who subscribed to some filters. */
  bringKept(filters: readonly string[]): void {
    for (const [topic, payload] of this.kept) {
      if (filters.some((filter) => matchesFilter(filter, topic))) {
        this.bring(topic, payload, { retain: true });
      }
    }
  }
}

function matchesFilter(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  return (
    levels.length === wanted.length &&
    wanted.every((level, at) => level === '+' || level === levels[at])
  );
}
