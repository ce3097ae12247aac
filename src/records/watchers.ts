import type { Slot } from '../model/index.ts';
import { type Columns, Flag } from './columns.ts';
import { EventMask } from './event.ts';
import type { PvValue } from './put.ts';
import { recordTypeOf } from './registry.ts';

/** Posted where the alarm changes, with masks of their own. */
const alarmFields = new Set(['STAT', 'SEVR', 'AMSG', 'ACKS']);

type Watch = { count: number; last: PvValue | undefined };

/** Fields other than VAL that somebody monitors, and what they last said. */
export class Watchers {
  readonly #columns: Columns;
  readonly #bySlot = new Map<Slot, Map<string, Watch>>();

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  watch(slot: Slot, field: string): Disposable {
    const fields = this.#bySlot.get(slot) ?? new Map<string, Watch>();
    this.#bySlot.set(slot, fields);
    const watch = fields.get(field) ?? { count: 0, last: this.#read(slot, field) };
    watch.count++;
    fields.set(field, watch);
    this.#columns.set(slot, Flag.watched, true);
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#release(slot, field, watch);
        isHeld = false;
      },
    };
  }

  /** Posts what processing changed in watched fields. */
  compareProcessed(): void {
    const c = this.#columns;
    for (const slot of c.watchedSlots) this.#compare(slot);
    c.watchedSlots.length = 0;
  }

  /** As `compareProcessed`; drops what nobody watches. */
  postProcessed(): void {
    const c = this.#columns;
    this.compareProcessed();
    if (c.postedFields.length === 0) return;
    c.postedFields = c.postedFields.filter(({ slot, field }) => this.#bySlot.get(slot)?.has(field));
  }

  /** What is watched of a record may have changed although it did not process. */
  reexamine(slot: Slot): void {
    if (this.#bySlot.has(slot)) this.#columns.watchedSlots.push(slot);
  }

  /** Posts a field that a put wrote. */
  postPut(slot: Slot, field: string): void {
    const watch = this.#bySlot.get(slot)?.get(field);
    if (!watch) return;
    watch.last = this.#read(slot, field);
    this.#columns.postField(slot, field, EventMask.value | EventMask.log);
  }

  /** Posts PROPERTY on VAL and on every watched field of a record. */
  postProperty(slot: Slot, valueMask: number): void {
    this.#columns.post(slot, EventMask.property | valueMask);
    for (const field of this.#bySlot.get(slot)?.keys() ?? []) {
      this.#columns.postField(slot, field, EventMask.property);
    }
  }

  #compare(slot: Slot): void {
    for (const [field, watch] of this.#bySlot.get(slot) ?? []) {
      if (alarmFields.has(field)) continue;
      const value = this.#read(slot, field);
      if (Object.is(value, watch.last)) continue;
      watch.last = value;
      this.#columns.postField(slot, field, EventMask.value | EventMask.log);
    }
  }

  #read(slot: Slot, field: string): PvValue | undefined {
    const type = recordTypeOf(this.#columns.type[slot] ?? 0);
    return type.fields.get(field)?.access.read(this.#columns, slot);
  }

  #release(slot: Slot, field: string, watch: Watch): void {
    if (--watch.count > 0) return;
    const fields = this.#bySlot.get(slot);
    fields?.delete(field);
    if (fields?.size) return;
    this.#bySlot.delete(slot);
    this.#columns.set(slot, Flag.watched, false);
  }
}
