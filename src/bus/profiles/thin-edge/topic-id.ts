import { createHash } from 'node:crypto';
import { IocError } from '../../../kernel/index.ts';

/** Longest segment of a topic id that we make. */
const LONGEST = 64;

/** Fits behind a name: `_` and four hex digits. */
const SHORTENED = LONGEST - 5;

/** The device that tedge-agent owns, where there is one. */
export const MAIN_DEVICE = 'device/main//';

/** `device/<id>//` */
export function deviceTopicId(id: string): string {
  return `device/${id}//`;
}

/** `device/<id>/service/<name>`, of the device with this topic id. */
export function serviceTopicId(device: string, name: string): string {
  return `device/${device.split('/')[1] ?? ''}/service/${name}`;
}

/**
 * Ids for names, for segments of topics: every character that is no letter, digit, `_` or `-`
 * becomes `_`. Names that come to the same, to `main`, or to more than 64 characters get four hex
 * digits of their hash; so an id depends on the names alone, never on their order.
 */
export function topicIds(names: Iterable<string>): Map<string, string> {
  const all = new Set(names);
  const owners = new Map<string, number>();
  for (const name of all) {
    const plain = plainId(name);
    owners.set(plain, (owners.get(plain) ?? 0) + 1);
  }
  const ids = new Map<string, string>();
  for (const name of all) {
    const plain = plainId(name);
    const isShared = (owners.get(plain) ?? 0) > 1;
    const isRefused = plain.length > LONGEST || plain === 'main';
    ids.set(name, isShared || isRefused ? hashedId(name, plain) : plain);
  }
  if (new Set(ids.values()).size === ids.size) return ids;
  throw new IocError(
    'bus/entity-id',
    `Make thin-edge ids of ${all.size} names: two of them come to one id even with a hash; rename one of ${[...doubles(ids)].join(', ')}`,
  );
}

/** The id that a name has when no other comes to the same. */
export function plainId(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/_{2,}/g, '_') || '_';
}

function hashedId(name: string, plain: string): string {
  return `${plain.slice(0, SHORTENED)}_${hash(name)}`;
}

/** Four hex digits that tell names apart. */
export function hash(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 4);
}

function* doubles(ids: ReadonlyMap<string, string>): Generator<string> {
  const seen = new Map<string, string>();
  for (const [name, id] of ids) {
    const other = seen.get(id);
    if (other !== undefined) yield* [other, name];
    seen.set(id, name);
  }
}
