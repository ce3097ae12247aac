import { z } from 'zod';
import type { Json, JsonObject } from '../commands/json.ts';
import type { Exchange } from '../http/exchange.ts';
import { HttpRefusal } from '../http/refusal.ts';
import type { Route } from '../http/server.ts';
import { type EntityRegistry, isObject, type KnownEntity } from './entity-registry.ts';
import {
  issuesText,
  MAIN,
  payloadOf,
  type Registration,
  registrationOf,
  topicId,
} from './registration.ts';
import { fragment, fragments, settings } from './sub-resources.ts';
import { entityPath } from './topic-id.ts';

/** Where the entity API of thin-edge is. */
export const ENTITIES_PATH = '/te/v1/entities';

/** An entity that is registered. */
export type Entry = KnownEntity & { readonly registration: Registration };

/**
 * The entity API of thin-edge on a registry. Entities of this IOC are there as long as the plant has
 * them: nobody else moves or removes them.
 */
export function entityService(registry: EntityRegistry): Route {
  return {
    path: ENTITIES_PATH,
    async answer(exchange) {
      if (/^\/?$/.test(exchange.path)) return collection(registry, exchange);
      const path = entityPath(exchange.path);
      if (!path) throw new HttpRefusal(400, `"${exchange.path}" is not the topic id of an entity`);
      const entity = registry.find(path.topicId);
      const [channel, key, ...more] = path.channel;
      if (more.length > 0) throw notFound(exchange.path);
      if (exchange.method === 'DELETE' && channel === undefined) {
        return remove(registry, path.topicId, exchange);
      }
      if (!entity) throw notFound(path.topicId);
      switch (channel) {
        case undefined:
          return single(registry, entity, exchange);
        case 'twin':
          return key === undefined
            ? fragments(registry, entity, exchange)
            : fragment(registry, entity, key, exchange);
        case 'config':
          return settings(entity, key, exchange);
        default:
          throw notFound(exchange.path);
      }
    },
  };
}

async function collection(registry: EntityRegistry, exchange: Exchange): Promise<void> {
  switch (exchange.method) {
    case 'GET':
      return exchange.answer(200, list(registry, exchange.query));
    case 'POST':
      return register(registry, exchange);
    default:
      throw notAllowed('GET, POST');
  }
}

const kinds = { main: 'device', 'child-device': 'child-device', service: 'service' } as const;

function list(registry: EntityRegistry, query: URLSearchParams): readonly JsonObject[] {
  const [root, parent, type] = ['root', 'parent', 'type'].map((name) => query.get(name));
  if (root && parent) throw new HttpRefusal(400, 'give root or parent, not both');
  if (type && !Object.hasOwn(kinds, type)) {
    throw new HttpRefusal(400, `type must be ${Object.keys(kinds).join(', ')}, not "${type}"`);
  }
  const below = root ? new Set(registry.subtree(known(registry, root))) : undefined;
  const above = parent ? known(registry, parent) : undefined;
  const wanted = type && kinds[type as keyof typeof kinds];
  return [...registry.all()]
    .filter(({ topicId: id }) => !below || below.has(id))
    .filter(({ registration }) => above === undefined || registration.parent === above)
    .filter(({ registration }) => !wanted || registration.type === wanted)
    .map(metadata);
}

async function register(registry: EntityRegistry, exchange: Exchange): Promise<void> {
  const body = await exchange.json();
  if (!isObject(body)) throw new HttpRefusal(400, 'the body must be a JSON object');
  const named = topicId.safeParse(body['@topic-id']);
  if (!named.success) throw new HttpRefusal(400, `@topic-id: ${issuesText(named.error)}`);
  const id = named.data;
  if (registry.find(id)) throw new HttpRefusal(409, `${id} is registered already`);
  const registered = registrationOf(id, body);
  if (typeof registered === 'string') throw new HttpRefusal(400, registered);
  checkRelations(registry, id, registered);
  checkExternalId(registry, registered);
  if (!registry.register(id, registered)) throw new HttpRefusal(507, 'there are too many entities');
  exchange.answer(201, { '@topic-id': id });
}

const changes = z.strictObject({ '@parent': topicId.optional(), '@health': topicId.optional() });

async function single(registry: EntityRegistry, entity: Entry, exchange: Exchange): Promise<void> {
  switch (exchange.method) {
    case 'GET':
      return exchange.answer(200, metadata(entity));
    case 'PATCH': {
      const parsed = changes.safeParse(await exchange.json());
      if (!parsed.success) throw new HttpRefusal(400, issuesText(parsed.error));
      if (registry.isOurs(entity.topicId)) throw ours(entity.topicId);
      const { '@parent': parent = entity.registration.parent } = parsed.data;
      const { '@health': health = entity.registration.health } = parsed.data;
      const registration = { ...entity.registration, parent, health };
      checkRelations(registry, entity.topicId, registration);
      registry.register(entity.topicId, { ...registration, twin: {} });
      return exchange.answer(200, metadata({ ...entity, registration }));
    }
    default:
      throw notAllowed('GET, PATCH, DELETE');
  }
}

function remove(registry: EntityRegistry, id: string, exchange: Exchange): void {
  const kept = registry.subtree(id).find((each) => each === MAIN || registry.isOurs(each));
  if (kept !== undefined) throw ours(kept);
  const gone = registry.remove(id);
  if (gone.length === 0) exchange.answer(204);
  else
    exchange.answer(
      200,
      gone.map((each) => ({ '@topic-id': each })),
    );
}

/** Parents are devices that are there, and not below their children; health is a service's. */
function checkRelations(registry: EntityRegistry, id: string, registration: Registration): void {
  const { type, parent, health } = registration;
  if (type !== 'device') {
    const above = parent === undefined ? undefined : registry.find(parent);
    if (!above) throw new HttpRefusal(400, `the parent ${parent} is not registered`);
    if (above.registration.type === 'service') {
      throw new HttpRefusal(400, `the parent ${parent} is a service, and must be a device`);
    }
    if (registry.subtree(id).includes(above.topicId) || above.topicId === id) {
      throw new HttpRefusal(400, `the parent ${parent} is below ${id}`);
    }
  }
  if (health !== undefined && registry.find(health)?.registration.type !== 'service') {
    throw new HttpRefusal(400, `@health: ${health} is no registered service`);
  }
}

function checkExternalId(registry: EntityRegistry, { externalId }: Registration): void {
  if (externalId === undefined) return;
  for (const { topicId: other, registration } of registry.all()) {
    if (registration.externalId !== externalId) continue;
    throw new HttpRefusal(400, `@id: ${externalId} is that of ${other} already`);
  }
}

function known(registry: EntityRegistry, text: string): string {
  const parsed = topicId.safeParse(text);
  if (!parsed.success) throw new HttpRefusal(400, issuesText(parsed.error));
  if (!registry.find(parsed.data)) throw notFound(parsed.data);
  return parsed.data;
}

function metadata({ topicId: id, registration }: Entry): { readonly [key: string]: Json } {
  return { '@topic-id': id, ...payloadOf(registration) };
}

function ours(id: string): HttpRefusal {
  return new HttpRefusal(409, `${id} belongs to this IOC, which would register it again`);
}

function notFound(what: string): HttpRefusal {
  return new HttpRefusal(404, `there is no ${what}`);
}

function notAllowed(allow: string): HttpRefusal {
  return new HttpRefusal(405, `only ${allow} may be used here`, { allow });
}
