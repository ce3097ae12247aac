import { defer, type Observable, Subject, startWith } from 'rxjs';
import type { BusLink, Connected, Publication, Received, Receiver } from '../../src/bus/index.ts';

/** A link whose broker is the test: it shows what was published, and brings what the test gives. */
export class FakeBusLink implements BusLink {
  readonly clientId = 'fake';
  readonly mqttVersion: '3.1.1' | '5';
  readonly connected$: Observable<Connected>;
  /** All that was published, oldest first. */
  readonly published: Publication[] = [];
  isConnected = false;
  readonly #connected = new Subject<Connected>();
  #hasSession = false;
  readonly #subscriptions = new Set<{ filter: string; receive: Receiver }>();

  constructor(mqttVersion: '3.1.1' | '5' = '3.1.1') {
    this.mqttVersion = mqttVersion;
    this.connected$ = defer(() =>
      this.isConnected
        ? this.#connected.pipe(startWith({ hasSession: this.#hasSession }))
        : this.#connected,
    );
  }

  /** Filters that are subscribed to now. */
  get filters(): readonly string[] {
    return [...this.#subscriptions].map(({ filter }) => filter);
  }

  /** What the broker would keep now, by topic. */
  get retained(): ReadonlyMap<string, string> {
    const kept = new Map<string, string>();
    for (const { topic, payload, delivery, retain = delivery === 'state' } of this.published) {
      if (!retain) continue;
      if (payload.length === 0) kept.delete(topic);
      else kept.set(topic, textOf(payload));
    }
    return kept;
  }

  /** Payloads of a topic as text, oldest first. */
  on(topic: string): readonly string[] {
    return this.published
      .filter((each) => each.topic === topic)
      .map((each) => textOf(each.payload));
  }

  publish(message: Publication): void {
    this.published.push(message);
  }

  subscribe(filter: string, receive: Receiver): Disposable {
    const subscription = { filter, receive };
    this.#subscriptions.add(subscription);
    return { [Symbol.dispose]: () => this.#subscriptions.delete(subscription) };
  }

  async flushed(_signal?: AbortSignal): Promise<void> {}

  connect(hasSession = false): void {
    this.isConnected = true;
    this.#hasSession = hasSession;
    this.#connected.next({ hasSession });
  }

  disconnect(): void {
    this.isConnected = false;
  }

  /** The broker brings a message. */
  bring(topic: string, payload: string | Uint8Array, more: Partial<Received> = {}): void {
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
    const usual = { retain: false, qos: 1, isDuplicate: false, sinceConnected: 60_000 };
    const message = { ...usual, ...more, topic, payload: bytes };
    for (const { filter, receive } of [...this.#subscriptions]) {
      if (matches(filter, topic)) receive(message as Received);
    }
  }
}

/** MQTT 3.1.1 section 4.7; a share is a subscription of one member (MQTT 5 section 4.8.2). */
function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.replace(/^\$share\/[^/]+\//, '').split('/');
  for (const [at, level] of wanted.entries()) {
    if (level === '#') return true;
    if (at >= levels.length || (level !== '+' && level !== levels[at])) return false;
  }
  return wanted.length === levels.length;
}

function textOf(payload: string | Uint8Array): string {
  return typeof payload === 'string' ? payload : new TextDecoder().decode(payload);
}
