/** What subscriptions share a filter, or the levels before it. */
interface Branch<T> {
  readonly below: Map<string, Branch<T>>;
  readonly here: Set<T>;
}

/** Topic filters by level, to find those that match a topic (MQTT 3.1.1, section 4.7). */
export class TopicTree<T> {
  readonly #root: Branch<T> = newBranch();

  add(filter: string, item: T): void {
    let branch = this.#root;
    for (const level of filter.split('/')) {
      let next = branch.below.get(level);
      if (!next) {
        next = newBranch();
        branch.below.set(level, next);
      }
      branch = next;
    }
    branch.here.add(item);
  }

  delete(filter: string, item: T): void {
    const way = [this.#root];
    const levels = filter.split('/');
    for (const level of levels) {
      const next = way.at(-1)?.below.get(level);
      if (!next) return;
      way.push(next);
    }
    way.at(-1)?.here.delete(item);
    for (let depth = levels.length; depth > 0; depth--) {
      const branch = way[depth];
      if (branch && (branch.here.size > 0 || branch.below.size > 0)) return;
      way[depth - 1]?.below.delete(levels[depth - 1] ?? '');
    }
  }

  /** Those whose filter matches, those of wildcards too. */
  matching(topic: string): T[] {
    const found: T[] = [];
    collect(this.#root, topic.split('/'), 0, found);
    return found;
  }
}

function collect<T>(branch: Branch<T>, levels: readonly string[], depth: number, found: T[]): void {
  const level = levels[depth];
  // [MQTT-4.7.2-1]: wildcards at the first level match no topic that begins with $.
  const isHidden = depth === 0 && level?.startsWith('$');
  // "a/#" matches "a" as well.
  if (!isHidden) found.push(...(branch.below.get('#')?.here ?? []));
  if (level === undefined) {
    found.push(...branch.here);
    return;
  }
  const exact = branch.below.get(level);
  if (exact && level !== '#' && level !== '+') collect(exact, levels, depth + 1, found);
  const any = isHidden ? undefined : branch.below.get('+');
  if (any) collect(any, levels, depth + 1, found);
}

function newBranch<T>(): Branch<T> {
  return { below: new Map(), here: new Set() };
}
