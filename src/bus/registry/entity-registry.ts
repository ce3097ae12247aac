import type { Clock, Scope } from '../../kernel/index.ts';
import type { Json, JsonObject } from '../commands/json.ts';
import type { BusLink } from '../link.ts';
import type { Received } from '../message.ts';
import { payloadOf, type Registered, type Registration, registrationOf } from './registration.ts';
import { RetainedClearing } from './retained-clearing.ts';
import { isTwinKey } from './topic-id.ts';
import { Twin, TwinBudget } from './twin.ts';

/** An entity as its retained messages tell it. */
export interface KnownEntity {
  readonly topicId: string;
  /** Undefined until its registration came: what belongs to it may come first. */
  registration: Registration | undefined;
  readonly twin: Twin;
  /** Its settings, as `config`. */
  readonly settings: Twin;
  /** Its registration is ours to keep, for it came over HTTP. */
  isKept: boolean;
  /** When its registration was heard last, by the clock's monotonic time. */
  heardAt: number;
}

/** More are not taken: they are somebody's mistake. */
const MOST_ENTITIES = 20_000;
/** Of twins and settings, as JSON. */
const MOST_BYTES = 64 * 2 ** 20;

/** A broker that does not remember us has told all that it keeps when so long went by. */
const TOLD_MS = 5000;
/** What it keeps may come before we know that the connection stands. */
const EARLY_MS = 2000;

/**
 * All entities of the bus, ours and those of others, by their retained messages: the part of an agent
 * that answers for them where there is none. What is changed here is a retained message, too.
 */
export class EntityRegistry {
  readonly isOurs: (topicId: string) => boolean;
  readonly #link: BusLink;
  readonly #root: string;
  readonly #clearing: RetainedClearing;
  readonly #clock: Clock;
  readonly #entities = new Map<string, KnownEntity>();
  readonly #budget = new TwinBudget(MOST_BYTES);
  #told: Disposable | undefined;

  /** `isOurs` tells which entities this IOC registers and keeps itself. */
  constructor(
    link: BusLink,
    root: string,
    isOurs: (topicId: string) => boolean,
    clock: Clock,
    scope: Scope,
  ) {
    this.#clock = clock;
    this.isOurs = isOurs;
    this.#link = link;
    this.#root = root;
    this.#clearing = scope.use(new RetainedClearing(link));
    const all = `${root}/+/+/+/+`;
    for (const filter of [all, `${all}/twin/+`, `${all}/config`]) {
      scope.use(link.subscribe(filter, (message) => this.#hear(message)));
    }
    const connected = link.connected$.subscribe(({ hasSession }) => {
      if (!hasSession) this.#begin();
    });
    scope.defer(() => connected.unsubscribe());
    scope.defer(() => this.#told?.[Symbol.dispose]());
  }

  /** Entities that are registered. */
  *all(): Iterable<KnownEntity & { readonly registration: Registration }> {
    for (const each of this.#entities.values()) if (isRegistered(each)) yield each;
  }

  find(topicId: string): (KnownEntity & { readonly registration: Registration }) | undefined {
    const found = this.#entities.get(topicId);
    return found && isRegistered(found) ? found : undefined;
  }

  /** An entity and all below it, parents first. */
  subtree(topicId: string): string[] {
    if (!this.find(topicId)) return [];
    const children = new Map<string, string[]>();
    for (const { topicId: id, registration } of this.all()) {
      const { parent = '' } = registration;
      const siblings = children.get(parent);
      if (siblings) siblings.push(id);
      else children.set(parent, [id]);
    }
    const found = new Set([topicId]);
    // The set grows while it is read: each brings what is below it.
    for (const id of found) for (const below of children.get(id) ?? []) found.add(below);
    return [...found];
  }

  /** Registers an entity for somebody; false when there are too many. */
  register(topicId: string, { twin, ...registration }: Registered): boolean {
    const entity = this.#entity(topicId);
    if (!entity) return false;
    entity.registration = registration;
    entity.isKept = true;
    this.#publish(topicId, payloadOf(registration));
    for (const [key, value] of Object.entries(twin)) this.setTwin(topicId, key, value);
    return true;
  }

  /** Sets a fragment, or with null removes it; false when there are too many. */
  setTwin(topicId: string, key: string, value: Json): boolean {
    const twin = this.find(topicId)?.twin;
    if (!twin) return false;
    if (value === null) twin.delete(key);
    else if (!twin.set(key, value, JSON.stringify(value).length)) return false;
    this.#publish(`${topicId}/twin/${key}`, value);
    return true;
  }

  /** Removes an entity and all below it, leaves first, with what the broker keeps of them. */
  remove(topicId: string): string[] {
    const gone = this.subtree(topicId).filter((id) => !this.isOurs(id));
    for (const id of gone.toReversed()) this.#clear(id);
    return gone;
  }

  #clear(topicId: string): void {
    const entity = this.#entities.get(topicId);
    for (const key of entity?.twin.keys ?? []) this.#publish(`${topicId}/twin/${key}`, null);
    this.#drop(topicId);
    this.#clearing.begin(`${this.#root}/${topicId}`);
    this.#publish(topicId, null);
  }

  /** A broker that does not remember us tells all it keeps anew; what it lost of HTTP's, we know. */
  #begin(): void {
    for (const { topicId, registration, twin, isKept } of this.#entities.values()) {
      if (!isKept || !registration) continue;
      this.#publish(topicId, payloadOf(registration));
      for (const [key, value] of Object.entries(twin.value)) {
        this.#publish(`${topicId}/twin/${key}`, value);
      }
    }
    const since = this.#clock.monotonic() - EARLY_MS;
    this.#told?.[Symbol.dispose]();
    this.#told = this.#clock.after(TOLD_MS, () => this.#forget(since));
  }

  /** Of what it did not tell of again nothing is kept any more. */
  #forget(since: number): void {
    for (const { topicId, isKept, heardAt } of [...this.#entities.values()]) {
      if (!isKept && heardAt < since) this.#drop(topicId);
    }
  }

  #drop(topicId: string): void {
    const entity = this.#entities.get(topicId);
    entity?.twin.drop();
    entity?.settings.drop();
    this.#entities.delete(topicId);
  }

  #publish(topic: string, value: Json): void {
    const payload = value === null ? '' : JSON.stringify(value);
    this.#link.publish({ topic: `${this.#root}/${topic}`, payload, delivery: 'state' });
  }

  #hear({ topic, payload }: Received): void {
    const levels = topic.slice(this.#root.length + 1).split('/');
    const topicId = levels.slice(0, 4).join('/');
    const [channel, key = ''] = levels.slice(4);
    const value = jsonOf(payload);
    if (value === undefined) this.#complain(`${topic}: the payload is not JSON`);
    else if (channel === undefined) this.#hearRegistration(topicId, value);
    else if (channel === 'config' || isTwinKey(key)) {
      const [name, bytes] = [channel === 'config' ? channel : key, payload.length];
      this.#hearFragment(topicId, channel, name, value, bytes);
    }
  }

  #hearFragment(topicId: string, channel: string, key: string, value: Json, bytes: number): void {
    const entity = value === null ? this.#entities.get(topicId) : this.#entity(topicId);
    const kept = channel === 'config' ? entity?.settings : entity?.twin;
    // One that finds no room is not told of, rather than told of as it was.
    if (value === null || !kept?.set(key, value, bytes)) kept?.delete(key);
  }

  #hearRegistration(topicId: string, value: Json): void {
    if (value === null) {
      // Who cleared it on the bus means all of it; what is ours its owner registers again.
      if (this.find(topicId)) this.remove(topicId);
      return;
    }
    const found = isObject(value) ? registrationOf(topicId, value) : 'it is no JSON object';
    if (typeof found === 'string') {
      this.#complain(`registration of ${topicId}: ${found}`);
      return;
    }
    const entity = this.#entity(topicId);
    if (!entity) return;
    const isNew = !entity.registration;
    const { twin, ...registration } = found;
    entity.registration = registration;
    entity.heardAt = this.#clock.monotonic();
    if (isNew) this.#tellTwin(entity, twin);
  }

  /** Twin data of a registration become fragments, unless there are such already. */
  #tellTwin({ topicId, twin: known }: KnownEntity, twin: Registered['twin']): void {
    for (const [key, value] of Object.entries(twin)) {
      if (known.get(key) === undefined) this.setTwin(topicId, key, value);
    }
  }

  #entity(topicId: string): KnownEntity | undefined {
    const known = this.#entities.get(topicId);
    if (known || this.#entities.size >= MOST_ENTITIES) return known;
    const entity: KnownEntity = {
      ...{ topicId, registration: undefined, isKept: false },
      heardAt: this.#clock.monotonic(),
      ...{ twin: new Twin(this.#budget), settings: new Twin(this.#budget) },
    };
    this.#entities.set(topicId, entity);
    return entity;
  }

  /** As an agent does; for people, newest wins. */
  #complain(payload: string): void {
    this.#link.publish({ topic: `${this.#root}/errors`, payload, delivery: 'telemetry', qos: 1 });
  }
}

function isRegistered(
  entity: KnownEntity,
): entity is KnownEntity & { readonly registration: Registration } {
  return entity.registration !== undefined;
}

/** The value of a payload; null of an empty one, undefined of one that is no JSON. */
function jsonOf(payload: Uint8Array): Json | undefined {
  if (payload.length === 0) return null;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) as Json;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
