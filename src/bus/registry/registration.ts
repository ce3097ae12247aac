import { z } from 'zod';
import type { Json, JsonObject } from '../commands/json.ts';
import { deviceOf, isTwinKey, topicIdOf } from './topic-id.ts';
import { MOST_FRAGMENTS } from './twin.ts';

/** The main device of a thin-edge bus. */
export const MAIN = 'device/main//';

/** What is said of an entity when it is registered. */
export interface Registration {
  readonly type: 'device' | 'child-device' | 'service';
  /** Topic id; undefined of the main device. */
  readonly parent: string | undefined;
  readonly externalId: string | undefined;
  /** Topic id of the service whose health stands for it. */
  readonly health: string | undefined;
}

/** A registration, and the twin data that came with it. */
export interface Registered extends Registration {
  readonly twin: Readonly<Record<string, Json>>;
}

/** `device/child0` or with all its slashes. */
export const topicId = z.string().transform((text, context) => {
  const found = topicIdOf(text);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: `"${text}" is not a topic id of four segments` });
  return z.NEVER;
});

const keys = z.object({
  '@type': z.enum(['device', 'child-device', 'service']),
  '@parent': topicId.optional(),
  '@id': z
    .string()
    .regex(/^[^/+#]+$/, 'must not be empty or hold / + #')
    .optional(),
  '@health': topicId.optional(),
});

const KNOWN = new Set(['@topic-id', ...Object.keys(keys.shape)]);

/** The registration in a payload of an entity's topic; an error as a text. */
export function registrationOf(id: string, payload: JsonObject): Registered | string {
  const parsed = keys.safeParse(payload);
  if (!parsed.success) return issuesText(parsed.error);
  const { '@type': type, '@parent': parent, '@id': externalId, '@health': health } = parsed.data;
  if ((type === 'device') !== (id === MAIN)) {
    return `@type of ${id} must be ${id === MAIN ? 'device' : 'child-device or service'}`;
  }
  const reserved = Object.keys(payload).find((key) => key.startsWith('@') && !KNOWN.has(key));
  if (reserved !== undefined) return `${reserved} is not known; keys with @ are reserved`;
  const twin = Object.entries(payload).filter(([key]) => !key.startsWith('@'));
  const odd = twin.find(([key]) => !isTwinKey(key));
  if (odd) return `"${odd[0]}" cannot be the key of a twin fragment`;
  if (twin.length > MOST_FRAGMENTS) return `there are more than ${MOST_FRAGMENTS} keys`;
  const above = type === 'device' ? undefined : (parent ?? deviceOf(id) ?? MAIN);
  return { type, parent: above, externalId, health, twin: Object.fromEntries(twin) };
}

/** What stands on an entity's topic, and what the entity API says of it. */
export function payloadOf({ type, parent, externalId, health }: Registration): JsonObject {
  return {
    '@type': type,
    ...(parent !== undefined && { '@parent': parent }),
    ...(externalId !== undefined && { '@id': externalId }),
    ...(health !== undefined && { '@health': health }),
  };
}

/** What is wrong with some JSON, in a sentence. */
export function issuesText({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
