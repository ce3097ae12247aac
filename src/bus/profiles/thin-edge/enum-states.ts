import { Severity, type Slot } from '../../../model/index.ts';
import type { PostedBatch, PvDirectory, PvField } from '../../../pv/index.ts';
import type { Entity } from './entity.ts';
import type { KeptTopics } from './kept-topics.ts';

type State = { readonly group: string; readonly member: string; readonly field: PvField };
type Stated = { readonly topic: string; readonly states: readonly State[] };

/** Entities at one tick: states are retained and acknowledged, and inputs may flutter. */
const AT_ONCE = 200;

/**
 * The words of enumerated values, in the twin fragment `state`: measurements hold numbers only.
 * States of two words are what they are in the measurement, 0 or 1.
 */
export class EnumStates {
  readonly #directory: PvDirectory;
  readonly #kept: Pick<KeptTopics, 'publish'>;
  #stated: readonly Stated[] = [];
  /** Number of the entity plus one, by slot. */
  #owner = new Uint32Array(0);
  #dirty = new Set<number>();

  constructor(directory: PvDirectory, kept: Pick<KeptTopics, 'publish'>) {
    this.#directory = directory;
    this.#kept = kept;
  }

  /** Tells the states of these entities, and of no others any more. */
  serve(entities: readonly Entity[]): void {
    this.#stated = entities.flatMap((entity) => {
      const states = statesOf(entity, this.#directory);
      return states.length === 0 ? [] : [{ topic: `${entity.topic}/twin/state`, states }];
    });
    this.#owner = new Uint32Array(this.#directory.size);
    for (const [number, { states }] of this.#stated.entries()) {
      for (const { field } of states) this.#owner[field.slot] = number + 1;
    }
    this.#dirty = new Set(this.#stated.keys());
  }

  // hot path
  hear({ count, slots }: PostedBatch): void {
    for (let i = 0; i < count; i++) {
      const owner = this.#owner[slots[i]!]!;
      if (owner > 0) this.#dirty.add(owner - 1);
    }
  }

  /** Publishes what changed, of so many entities at once at most. */
  tick(): void {
    let count = 0;
    for (const number of this.#dirty) {
      if (count++ === AT_ONCE) return;
      this.#dirty.delete(number);
      const stated = this.#stated[number];
      if (stated) this.#publish(stated);
    }
  }

  #publish({ topic, states }: Stated): void {
    const words: Record<string, string | Record<string, string>> = {};
    for (const { group, member, field } of states) {
      const word = this.#word(field);
      if (word === undefined) continue;
      if (group === '') words[member] = word;
      else words[group] = { ...(words[group] as Record<string, string>), [member]: word };
    }
    this.#kept.publish({ topic, payload: JSON.stringify(words) });
  }

  #word(field: PvField): string | undefined {
    const { number, severity } = this.#directory.columns;
    const slot: Slot = field.slot;
    if (severity[slot] === Severity.invalid) return undefined;
    return field.metadata().labels[number[slot] ?? -1];
  }
}

function statesOf(entity: Entity, directory: PvDirectory): readonly State[] {
  return entity.attributes.flatMap(({ group, member, dataType, source }) => {
    const { value, attribute } = source;
    const isStated = attribute.labels !== undefined && attribute.datatype.kind === 'int';
    if (!isStated || value === undefined || (dataType !== 'io' && dataType !== 'diag')) return [];
    const field = directory.find(value);
    return field?.isColumn ? [{ group, member, field }] : [];
  });
}
