import type { Subscription } from 'rxjs';
import type { PostedBatch, PvDirectory, PvField } from '../../pv/index.ts';
import type { SaveSet } from './save-set.ts';

/** Tells sets of changes of the PVs that trigger them, from the time that these are there. */
export class Triggers implements Disposable {
  readonly #directory: PvDirectory;
  readonly #fields = new Map<SaveSet, { readonly field: PvField; readonly watch: Disposable }>();
  readonly #subscription: Subscription;

  constructor(directory: PvDirectory) {
    this.#directory = directory;
    this.#subscription = directory.posted$.subscribe((batch) => this.#take(batch));
  }

  /** Looks for the trigger of a set, until it is found. */
  attend(set: SaveSet): void {
    if (set.method.kind !== 'triggered' || this.#fields.has(set)) return;
    const field = this.#directory.find(set.method.pv);
    if (field) this.#fields.set(set, { field, watch: field.watch() });
  }

  [Symbol.dispose](): void {
    this.#subscription.unsubscribe();
    for (const { watch } of this.#fields.values()) watch[Symbol.dispose]();
    this.#fields.clear();
  }

  #take(batch: PostedBatch): void {
    for (const [set, { field }] of this.#fields) {
      set.isTriggered ||= field.field === 'VAL' ? hasValue(batch, field) : hasField(batch, field);
    }
  }
}

function hasValue({ count, slots }: PostedBatch, { slot }: PvField): boolean {
  return slots.subarray(0, count).includes(slot);
}

function hasField({ fields }: PostedBatch, { slot, field }: PvField): boolean {
  return fields.some((event) => event.slot === slot && event.field === field);
}
