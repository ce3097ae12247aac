import { map, merge, type Observable } from 'rxjs';
import { type Log, messageOf, nextTurn, type Scope } from '../../kernel/index.ts';
import type { BusLink } from '../link.ts';
import type { Entity } from '../profiles/thin-edge/entity.ts';
import type { EntityBook } from '../profiles/thin-edge/entity-book.ts';
import type { Introduced } from '../profiles/thin-edge/thin-edge.ts';
import { subjectOf } from './command.ts';
import type { JsonObject } from './json.ts';
import type { Operation } from './operation.ts';
import type { Permits } from './permits.ts';
import { capabilityTopic } from './topic.ts';

/** What is offered to whom. */
export interface Offer {
  readonly link: BusLink;
  readonly root: string;
  readonly book: EntityBook;
  readonly operations: readonly Operation[];
  readonly permits: Permits;
  readonly log: Log;
  /** When what is said of the entities may follow; at each connection unless told. */
  readonly introduced$?: Observable<Introduced>;
}

/** Some clouds take 16,184 bytes of a message, topic and all, and no more (facts/mqtt.md section 1.9). */
const LONGEST = 15_000;

/** Most capabilities from before us that are looked at; others' are among them. */
const MOST_KEPT = 100_000;

/**
 * Says on the bus what each entity can be asked for: retained, again after each connection without a
 * session, changed when the entities change. What a former process offered and nobody does now is
 * withdrawn.
 */
export function serveCapabilities(offer: Offer, scope: Scope): void {
  const { link, root, operations, introduced$ = introductions(offer) } = offer;
  const capabilities = new Capabilities(offer, scope.signal);
  const introduced = introduced$.subscribe(({ occasion }) => {
    capabilities.say(occasion === 'forgotten').catch((error: unknown) => {
      offer.log.error(`Bus: capabilities cannot be told: ${messageOf(error)}`);
    });
  });
  scope.defer(() => introduced.unsubscribe());
  for (const { name } of operations) {
    const filter = capabilityTopic(root, '+/+/+/+', name);
    const retained = link.subscribe(filter, ({ topic, payload, retain }) => {
      if (retain && payload.length > 0) capabilities.keep(topic);
    });
    scope.defer(() => retained[Symbol.dispose]());
  }
}

/** What is said of all entities, one in each turn of the event loop: a plant has a thousand. */
class Capabilities {
  readonly #offer: Offer;
  readonly #signal: AbortSignal;
  readonly #said = new Map<string, string>();
  /** What the broker keeps, from before us. */
  readonly #kept = new Set<string>();
  #round = 0;
  /** What was said once must be said again. */
  #isAllDue = false;

  constructor(offer: Offer, signal: AbortSignal) {
    this.#offer = offer;
    this.#signal = signal;
  }

  keep(topic: string): void {
    if (this.#kept.size < MOST_KEPT) this.#kept.add(topic);
  }

  /** Says what is news, or all; a later call takes over from one that is not through. */
  async say(isAll: boolean): Promise<void> {
    const round = ++this.#round;
    this.#isAllDue ||= isAll;
    const offered = new Set<string>();
    for (const [at, entity] of this.#offer.book.entities.all.entries()) {
      if (at > 0) await nextTurn();
      if (round !== this.#round || this.#signal.aborted) return;
      for (const topic of this.#sayOf(entity)) offered.add(topic);
    }
    this.#isAllDue = false;
    this.#withdraw(offered);
  }

  /** The topics of what an entity is offered. */
  #sayOf(entity: Entity): readonly string[] {
    const { root, operations, permits } = this.#offer;
    return operations.flatMap((operation) => {
      const capability = capabilityOf(operation, entity, permits);
      if (!capability) return [];
      const topic = capabilityTopic(root, entity.topicId, operation.name);
      const text = textOf(capability);
      if (this.#isAllDue || this.#said.get(topic) !== text) this.#publish(topic, text);
      this.#said.set(topic, text);
      return [topic];
    });
  }

  #withdraw(offered: ReadonlySet<string>): void {
    for (const topic of this.#said.keys()) {
      if (offered.has(topic)) continue;
      this.#publish(topic, '');
      this.#said.delete(topic);
    }
    for (const topic of this.#kept) {
      if (!isOurs(topic, this.#offer)) continue;
      if (!offered.has(topic)) this.#publish(topic, '');
      this.#kept.delete(topic);
    }
  }

  #publish(topic: string, payload: string): void {
    this.#offer.link.publish({ topic, payload, delivery: 'state' });
  }
}

/** Whether a capability is told of an entity that is known here. */
function isOurs(topic: string, { root, book }: Offer): boolean {
  const topicId = topic.slice(root.length + 1, topic.lastIndexOf('/cmd/'));
  return book.entities.byTopicId(topicId) !== undefined;
}

function introductions({ link, book }: Offer): Observable<Introduced> {
  return merge(
    book.changed$.pipe(map((): Introduced => ({ occasion: 'others' }))),
    link.connected$.pipe(
      map(({ hasSession }): Introduced => ({ occasion: hasSession ? 'remembered' : 'forgotten' })),
    ),
  );
}

/** An operation that names its own subjects knows which of them are allowed. */
function capabilityOf(
  operation: Operation,
  entity: Entity,
  permits: Permits,
): JsonObject | undefined {
  const isOff = operation.subject
    ? !permits.isOffered(operation)
    : permits.refusal(operation, subjectOf(entity)) !== undefined;
  return isOff ? undefined : operation.capability(entity);
}

/** Without the list of attributes where that makes it too long: the twin has their names. */
function textOf(capability: JsonObject): string {
  const whole = JSON.stringify(capability);
  if (whole.length <= LONGEST) return whole;
  const { attributes: _, ...rest } = capability;
  return JSON.stringify({ ...rest, isWithoutAttributes: true });
}
