import type { Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { EventMask } from '../event.ts';
import type { Link } from '../links/link.ts';
import type { LocalTarget } from '../links/local-link.ts';
import type { Watchers } from '../watchers.ts';

/** A record that processes when what its CP or CPP link reads has an event. */
export interface Reader {
  readonly owner: Slot;
  /** CPP: only while the record is passive. */
  readonly isPassiveOnly: boolean;
}

type Entry = Reader & { readonly link: Link; readonly field: string; readonly watch?: Disposable };

/** CP and CPP links of this IOC, by the record that they read. */
export class Readers {
  readonly #columns: Columns;
  readonly #watchers: Watchers;
  readonly #once: (slot: Slot) => void;
  readonly #entries = new Map<Slot, Entry[]>();
  #watches = 0;

  /** `once` queues a record. */
  constructor(columns: Columns, watchers: Watchers, once: (slot: Slot) => void) {
    this.#columns = columns;
    this.#watchers = watchers;
    this.#once = once;
    columns.fieldPosted = (slot, field, mask) => this.#wakeField(slot, field, mask);
  }

  add(link: Link, reader: Reader, target: LocalTarget): void {
    const { slot, field } = target;
    const entries = this.#entries.get(slot) ?? [];
    this.#entries.set(slot, entries);
    if (field === 'VAL') {
      entries.push({ ...reader, link, field });
      this.#columns.set(slot, Flag.source, true);
      return;
    }
    this.#watches++;
    entries.push({ ...reader, link, field, watch: this.#watchers.watch(slot, field) });
  }

  remove(link: Link, slot: Slot): void {
    const entries = this.#entries.get(slot) ?? [];
    const at = entries.findIndex((entry) => entry.link === link);
    if (at < 0) return;
    const [entry] = entries.splice(at, 1);
    entry?.watch?.[Symbol.dispose]();
    if (entry?.watch) this.#watches--;
    const isRead = entries.some(({ field }) => field === 'VAL');
    this.#columns.set(slot, Flag.source, isRead);
  }

  /** Queues the readers of everything that posted since the last time. */
  wake(): void {
    if (this.#watches > 0) this.#watchers.compareProcessed();
    const { sources } = this.#columns;
    if (sources.length === 0) return;
    for (const slot of new Set(sources)) {
      for (const entry of this.#entries.get(slot) ?? []) {
        if (entry.field === 'VAL') this.trigger(entry);
      }
    }
    sources.length = 0;
  }

  /** Queues a record, unless it wants to be passive for that and is not. */
  trigger({ owner, isPassiveOnly }: Reader): void {
    if (!isPassiveOnly || this.#columns.scan[owner] === 0) this.#once(owner);
  }

  #wakeField(slot: Slot, field: string, mask: number): void {
    if (this.#watches === 0 || !(mask & (EventMask.value | EventMask.alarm))) return;
    for (const entry of this.#entries.get(slot) ?? []) {
      if (entry.field === field) this.trigger(entry);
    }
  }
}
