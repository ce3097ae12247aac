import type { Entity } from '../profiles/thin-edge/entity.ts';
import type { Asked } from '../replies.ts';
import type { Arrival } from './freshness.ts';
import type { JsonObject } from './json.ts';
import type { Operation } from './operation.ts';
import type { Payload } from './payload.ts';
import type { CommandName } from './topic.ts';

/** A message on the topic of a command that is for us. */
export interface Heard {
  readonly topic: string;
  readonly name: CommandName;
  readonly operation: Operation;
  readonly entity: Entity;
  readonly payload: Payload;
  /** Tells the payload apart from others. */
  readonly digest: string;
  readonly arrival: Arrival;
  /** Where else its asker wants to hear of the end (MQTT 5). */
  readonly asked: Asked;
}

/** A command that may be executed. */
export interface Command extends Heard {
  /** As its asker gave them. */
  readonly fields: JsonObject;
  readonly subject: string;
  /** When it may begin at the latest; milliseconds since 1970. */
  readonly until: number;
}

/** How a command ended. */
export type Ending =
  | { readonly status: 'successful'; readonly result: JsonObject }
  | { readonly status: 'failed'; readonly reason: string; readonly result?: JsonObject };

/** The fields of what was heard; none of an empty payload. */
export function fieldsOf({ payload }: Pick<Heard, 'payload'>): JsonObject {
  return payload.kind === 'cleared' ? {} : payload.fields;
}

/** The last state of a command: what was said before, and how it ended. */
export function endState(fields: JsonObject, ending: Ending): JsonObject {
  const { status, result } = ending;
  if (status === 'successful') return { ...fields, ...result, status };
  return { ...fields, ...result, status, reason: ending.reason };
}

/** What an operation works on unless it says otherwise. */
export function subjectOf({ node, kind, id }: Entity): string {
  return node?.path ?? (kind === 'ioc' ? 'ioc' : id);
}
