import type { Json } from '../commands/json.ts';
import type { Exchange } from '../http/exchange.ts';
import { HttpRefusal } from '../http/refusal.ts';
import {
  type EntityRegistry,
  isObject,
  type KnownEntity,
  MOST_FRAGMENTS,
} from './entity-registry.ts';
import { MOST_BYTES } from './entity-service.ts';
import { isTwinKey } from './topic-id.ts';

/** The twin of an entity as a whole. */
export async function fragments(
  registry: EntityRegistry,
  { topicId, twin }: KnownEntity,
  exchange: Exchange,
): Promise<void> {
  const removeBeside = (kept: readonly string[]) => {
    for (const key of [...twin.keys()]) if (!kept.includes(key)) set(registry, topicId, key, null);
  };
  switch (exchange.method) {
    case 'GET':
      return exchange.answer(200, Object.fromEntries(twin));
    case 'PUT': {
      const body = await exchange.json(MOST_BYTES);
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
      const value = (await exchange.json(MOST_BYTES)) as Json;
      set(registry, topicId, key, value);
      return exchange.answer(200, value);
    }
    case 'DELETE':
      if (twin.has(key)) set(registry, topicId, key, null);
      return exchange.answer(204);
    default:
      throw notAllowed('GET, PUT, DELETE');
  }
}

/** What a service exposes of its settings; they are changed elsewhere. */
export function settings(
  { config }: KnownEntity,
  key: string | undefined,
  exchange: Exchange,
): void {
  if (exchange.method !== 'GET') throw notAllowed('GET');
  exchange.answer(200, key === undefined ? found(config, 'config') : found(config?.[key], key));
}

function set(registry: EntityRegistry, topicId: string, key: string, value: Json): void {
  if (!registry.setTwin(topicId, key, value)) throw tooMany(topicId);
}

function tooMany(topicId: string): HttpRefusal {
  const text = `the twin of ${topicId} cannot have more than ${MOST_FRAGMENTS} fragments`;
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
