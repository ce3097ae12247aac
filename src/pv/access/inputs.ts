import type { SecurityGroup } from './group.ts';

/** PVs that rules depend on. */
export interface InputSource {
  /** Tells the value now and at each change; undefined while it is INVALID or cannot be had. */
  watch(pv: string, tell: (value: number | undefined) => void): Disposable;
}

/** One PV, for all the inputs that name it. */
class Watch implements Disposable {
  value: number | undefined;
  readonly #watch: Disposable;

  constructor(source: InputSource, pv: string, changed: (value: number | undefined) => void) {
    this.#watch = source.watch(pv, (value) => {
      if (Object.is(value, this.value)) return;
      this.value = value;
      changed(value);
    });
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }
}

/** Feeds the inputs of groups. */
export class Inputs implements Disposable {
  readonly #source: InputSource;
  readonly #changed: (group: SecurityGroup) => void;
  readonly #watches = new Map<string, Watch>();
  #groups: readonly SecurityGroup[] = [];

  /** `changed` hears of a group whose rules opened or closed. */
  constructor(source: InputSource, changed: (group: SecurityGroup) => void) {
    this.#source = source;
    this.#changed = changed;
  }

  /**
   * Feeds these groups instead of those before. PVs that both name stay connected, so that their
   * values count from the start.
   */
  feed(groups: readonly SecurityGroup[]): void {
    this.#groups = groups;
    const needed = new Set(groups.flatMap(({ inputs }) => inputs.map(({ pv }) => pv)));
    for (const [pv, watch] of this.#watches) {
      if (needed.has(pv)) this.#tell(pv, watch.value);
      else {
        watch[Symbol.dispose]();
        this.#watches.delete(pv);
      }
    }
    for (const pv of needed) {
      if (this.#watches.has(pv)) continue;
      this.#watches.set(pv, new Watch(this.#source, pv, (value) => this.#tell(pv, value)));
    }
  }

  [Symbol.dispose](): void {
    this.feed([]);
  }

  #tell(pv: string, value: number | undefined): void {
    for (const group of this.#groups) {
      let changed = false;
      for (const { index } of group.inputs.filter((input) => input.pv === pv)) {
        changed = group.setInput(index, value) || changed;
      }
      if (changed) this.#changed(group);
    }
  }
}
