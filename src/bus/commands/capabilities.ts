import { map, merge, type Observable } from 'rxjs';
import type { Scope } from '../../kernel/index.ts';
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
  const { link, root, operations } = offer;
  let said = new Map<string, string>();
  /** What the broker keeps, from before us. */
  const kept = new Set<string>();
  const say = (isAll: boolean) => {
    const now = offered(offer);
    for (const topic of said.keys()) if (!now.has(topic)) publish(link, topic, '');
    for (const [topic, text] of now) {
      if (isAll || said.get(topic) !== text) publish(link, topic, text);
    }
    said = now;
    for (const topic of kept) {
      if (!isOurs(topic, offer)) continue;
      if (!said.has(topic)) publish(link, topic, '');
      kept.delete(topic);
    }
  };
  const { introduced$ = introductions(offer) } = offer;
  const introduced = introduced$.subscribe(({ occasion }) => say(occasion === 'forgotten'));
  scope.defer(() => introduced.unsubscribe());
  for (const { name } of operations) {
    const filter = capabilityTopic(root, '+/+/+/+', name);
    const retained = link.subscribe(filter, ({ topic, payload, retain }) => {
      if (retain && payload.length > 0 && kept.size < MOST_KEPT) kept.add(topic);
    });
    scope.defer(() => retained[Symbol.dispose]());
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

function offered({ root, book, operations, permits }: Offer): Map<string, string> {
  const found = new Map<string, string>();
  for (const entity of book.entities.all) {
    for (const operation of operations) {
      const capability = capabilityOf(operation, entity, permits);
      if (!capability) continue;
      found.set(capabilityTopic(root, entity.topicId, operation.name), textOf(capability));
    }
  }
  return found;
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

function publish(link: BusLink, topic: string, payload: string): void {
  link.publish({ topic, payload, delivery: 'state' });
}
