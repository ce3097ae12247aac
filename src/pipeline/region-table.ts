import type { AmsNetId, AmsPort } from '../ads/index.ts';
import type { Region } from '../twincat/index.ts';

/** Lengths from here on do not fit a key beside an offset of 32 bits. */
const LONG = 2 ** 20;

type ByKey<V> = Map<number, V>;
type ByGroup<V> = Map<number, ByKey<V>>;

/**
 * Something for each range of plant memory, whatever object stands for it: equal regions are one,
 * however they are kept up to date. Numbers are its keys, since a large plant has a million.
 */
export class RegionTable<V> {
  readonly #targets = new Map<AmsNetId, Map<AmsPort, ByGroup<V>>>();
  /** What has no number: answers to commands, very long ranges. */
  readonly #others = new Map<string, V>();

  get(region: Region): V | undefined {
    if (!isPlain(region)) return this.#others.get(otherKey(region));
    const { target, group } = region;
    return this.#targets.get(target.netId)?.get(target.port)?.get(group)?.get(keyOf(region));
  }

  set(region: Region, value: V): void {
    if (!isPlain(region)) {
      this.#others.set(otherKey(region), value);
      return;
    }
    const { target, group } = region;
    const ports = entry(this.#targets, target.netId, () => new Map<AmsPort, ByGroup<V>>());
    const groups = entry(ports, target.port, (): ByGroup<V> => new Map());
    entry(groups, group, (): ByKey<V> => new Map()).set(keyOf(region), value);
  }
}

function isPlain({ command, length }: Region): boolean {
  return command === undefined && length < LONG;
}

function keyOf({ offset, length }: Region): number {
  return offset * LONG + length;
}

function otherKey({ target, group, offset, length, command }: Region): string {
  return `${target.netId}:${target.port} ${group} ${offset} ${length} ${command?.join() ?? ''}`;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
