import { createHash } from 'node:crypto';

/**
 * Gives names of PVs their place in topics: `BL07:ETH1:Value` is `BL07/ETH1/Value`. Characters
 * that have a meaning in topics, or that converters stumble over, become `_`; of names that come to
 * the same, those that were changed have four digits of a hash behind them.
 */
export class TopicPaths {
  readonly #splits: boolean;
  readonly #nameOf = new Map<string, string>();

  constructor(splitNames: boolean) {
    this.#splits = splitNames;
  }

  /** The PV that a path stands for. */
  nameOf(path: string): string | undefined {
    return this.#nameOf.get(path);
  }

  /** Paths of names that have none yet, in their order; which come together does not matter. */
  add(names: readonly string[]): string[] {
    const rivals = new Map<string, number>();
    for (const name of names) {
      const path = this.plain(name);
      rivals.set(path, (rivals.get(path) ?? 0) + 1);
    }
    return names.map((name) => this.#taken(name, rivals));
  }

  /** What a name is as a path, whoever else comes to it. */
  plain(name: string): string {
    const levels = this.#splits ? name.split(':').filter((level) => level !== '') : [name];
    return levels.map(plainLevel).join('/') || '_';
  }

  #taken(name: string, rivals: ReadonlyMap<string, number>): string {
    const plain = this.plain(name);
    const isExact = this.#exact(plain) === name;
    const isFree = !this.#nameOf.has(plain) && (isExact || (rivals.get(plain) ?? 0) < 2);
    const path = isFree ? plain : this.#distinct(plain, name);
    this.#nameOf.set(path, name);
    return path;
  }

  /** The name that comes to a path without a change. */
  #exact(path: string): string {
    return this.#splits ? path.replaceAll('/', ':') : path;
  }

  #distinct(plain: string, name: string): string {
    const digits = createHash('sha256').update(name).digest('hex');
    for (let length = 4; ; length++) {
      const path = `${plain}_${digits.slice(0, length)}`;
      if (!this.#nameOf.has(path)) return path;
    }
  }
}

/** As an id: letters, digits, `_` and `-`, with no two `_` where one was not `_` before. */
function plainLevel(level: string): string {
  return level.replace(/[^A-Za-z0-9_-]+/g, '_');
}
