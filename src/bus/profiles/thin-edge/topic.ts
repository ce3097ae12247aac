import type { Entities } from './entities.ts';
import type { Entity } from './entity.ts';

/** A topic below the root: whose it is, and which channel of it; an empty one is its registration. */
export interface ParsedTopic {
  readonly entity: Entity;
  readonly channel: string;
}

/** What a topic means; undefined when it is none of an entity of ours. */
export function parsedTopic(topic: string, entities: Entities): ParsedTopic | undefined {
  const [, a, b, c, d, ...rest] = topic.split('/');
  if (d === undefined) return undefined;
  const entity = entities.byTopicId(`${a}/${b}/${c}/${d}`);
  if (!entity || !topic.startsWith(entity.topic)) return undefined;
  return { entity, channel: rest.join('/') };
}
