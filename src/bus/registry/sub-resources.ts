import type { Json } from '../commands/json.ts';
import type { Exchange } from '../http/exchange.ts';
import { HttpRefusal } from '../http/refusal.ts';
import { type EntityRegistry, isObject, type KnownEntity } from './entity-registry.ts';
import { isTwinKey } from './topic-id.ts';
import { MOST_FRAGMENTS } from './twin.ts';

/** The twin of an entity as a whole. */
export async function fragments(
  registry: EntityRegistry,
  { topicId, twin }: KnownEntity,
  exchange: Exchange,
): Promise<void> {
  const removeBeside = (kept: readonly string[]) => {
    for (const key of twin.keys) if (!kept.includes(key)) set(registry, topicId, key, null);
  };
  switch (exchange.method) {
    case 'GET':
      return exchange.answer(200, twin.value);
    case 'PUT': {
      const body = await exchange.json();
      if (!isObject(body)) throw new HttpRefusal(400, 'the twin must be a JSON object');
      const wanted = Object.entries(body).filter(([, value]) => value !== null);
      for (const [key] of wanted) checkKey(key);
      if (wanted.length > MOST_FRAGMENTS) throw tooMany(topicId);
      removeBeside(wanted.map(([key]) => key));
      for (const [key, value] of wanted) set(registry, topicId, key, value);
      return exchange.answer(200, Object.fromEntries(wanted));
    }
    case 'DELETE':
      removeBeside([]);
      return exchange.answer(204);
    default:
      throw notAllowed('GET, PUT, DELETE');
  }
}

/** One fragment of it. */
export async function fragment(
  registry: EntityRegistry,
  { topicId, twin }: KnownEntity,
  key: string,
  exchange: Exchange,
): Promise<void> {
  checkKey(key);
  switch (exchange.method) {
    case 'GET':
      return exchange.answer(200, found(twin.get(key), key));
    case 'PUT': {
      const value = (await exchange.json()) as Json;
      set(registry, topicId, key, value);
      return exchange.answer(200, value);
    }
    case 'DELETE':
      if (twin.get(key) !== undefined) set(registry, topicId, key, null);
      return exchange.answer(204);
    default:
      throw notAllowed('GET, PUT, DELETE');
  }
}

/** What a service exposes of its settings; they are changed elsewhere. */
export function settings(
  { settings: kept }: KnownEntity,
  key: string | undefined,
  exchange: Exchange,
): void {
  if (exchange.method !== 'GET') throw notAllowed('GET');
  const config = kept.get('config');
  const members = isObject(config) ? config : {};
  exchange.answer(200, key === undefined ? found(config, 'config') : found(members[key], key));
}

function set(registry: EntityRegistry, topicId: string, key: string, value: Json): void {
  if (!registry.setTwin(topicId, key, value)) throw tooMany(topicId);
}

function tooMany(topicId: string): HttpRefusal {
  const text = `there is no room in the twin of ${topicId} for more than ${MOST_FRAGMENTS} fragments, or in that of all`;
  return new HttpRefusal(507, text);
}

function checkKey(key: string): void {
  if (isTwinKey(key)) return;
  throw new HttpRefusal(400, `"${key}" cannot be the key of a twin fragment`);
}

function found<T>(value: T | undefined, key: string): T {
  if (value !== undefined) return value;
  throw new HttpRefusal(404, `there is no ${key}`);
}

function notAllowed(allow: string): HttpRefusal {
  return new HttpRefusal(405, `only ${allow} may be used here`, { allow });
}
