import type { Log } from '../kernel/index.ts';
import type { ChannelFilter, PostedBatch, PvField, ValueColumns } from '../pv/index.ts';
import type { Wish } from './answer.ts';
import type { Circuit } from './circuit.ts';
import type { Tally } from './counters.ts';
import { EXTENDED_HEADER_MINOR } from './header.ts';
import { Output } from './output.ts';
import type { Subscription } from './subscription.ts';
import { appendUpdate } from './value-message.ts';

/** Subscriptions that get the same bytes: same field, filters, DBR type and count. */
interface Group extends Wish {
  readonly subscriptions: Subscription[];
  readonly filter: ChannelFilter | undefined;
  /** Its value could not be read the last time, and the log has it. */
  failed: boolean;
}

/** Who monitors one record. */
interface Audience {
  /** VAL, in whatever type is asked for. */
  readonly value: Group[];
  /** Other fields, by name. */
  readonly others: Map<string, Group[]>;
}

/**
 * Brings each posted event to the circuits that monitor it: a value is encoded once per (DBR type,
 * count), its bytes are copied to each circuit, and each circuit is written once per batch.
 */
export class Publisher {
  readonly #columns: () => ValueColumns;
  readonly #maxBytes: number;
  readonly #tally: Tally;
  readonly #log: Log;
  readonly #scratch = new Output();
  /** By slot; what nobody monitors is undefined. */
  readonly #audiences: (Audience | undefined)[] = [];
  readonly #touched: Circuit[] = [];
  readonly #watches = new Map<Group[], Disposable>();
  #held = 0;

  /** `maxBytes`: largest payload of an update. */
  constructor(columns: () => ValueColumns, maxBytes: number, tally: Tally, log: Log) {
    this.#columns = columns;
    this.#maxBytes = maxBytes;
    this.#tally = tally;
    this.#log = log;
  }

  add(subscription: Subscription): void {
    const groups = this.#groupsFor(subscription.field);
    const { field, type, count } = subscription;
    const group = groups.find((other) => isSameView(other, subscription));
    if (group) group.subscriptions.push(subscription);
    else {
      const { filter } = field;
      groups.push({ field, filter, type, count, subscriptions: [subscription], failed: false });
    }
  }

  remove(subscription: Subscription): void {
    const { field } = subscription;
    const groups = this.#groupsFor(field);
    const at = groups.findIndex((other) => isSameView(other, subscription));
    const subscriptions = groups[at]?.subscriptions ?? [];
    const place = subscriptions.indexOf(subscription);
    if (place >= 0) subscriptions.splice(place, 1);
    if (at >= 0 && subscriptions.length === 0) groups.splice(at, 1);
    if (groups.length === 0) this.#forget(field, groups);
  }

  /** Appends a batch's events to the circuits that want them. */
  // hot path
  publish(batch: PostedBatch): void {
    this.hold();
    try {
      this.#postAll(batch, this.#columns());
    } finally {
      this.release();
    }
  }

  /** Keeps what is appended from now on until as many releases as holds: one write for all of it. */
  hold(): void {
    this.#held++;
  }

  /** Writes every circuit that was touched, unless somebody else still holds. */
  release(): void {
    try {
      if (this.#held > 1) return;
      // Still held: what flushing starts, a put that waited for room say, joins this round.
      for (let circuit = this.#touched.pop(); circuit; circuit = this.#touched.pop()) {
        circuit.touched = false;
        circuit.flush();
      }
    } finally {
      this.#held--;
    }
  }

  /** The circuit is written at the next release. */
  // hot path
  touch(circuit: Circuit): void {
    if (circuit.touched) return;
    circuit.touched = true;
    this.#touched.push(circuit);
  }

  // hot path
  #postAll({ count, slots, masks, fields }: PostedBatch, columns: ValueColumns): void {
    for (let i = 0; i < count; i++) {
      const audience = this.#audiences[slots[i]!];
      if (audience === undefined) continue;
      const { value } = audience;
      for (let g = 0; g < value.length; g++) this.#post(value[g]!, masks[i]!, columns);
    }
    for (let i = 0; i < fields.length; i++) {
      const { slot, field, mask } = fields[i]!;
      const audience = this.#audiences[slot];
      if (audience !== undefined) this.#postField(audience, field, mask, columns);
    }
  }

  #postField(audience: Audience, field: string, mask: number, columns: ValueColumns): void {
    if (field === 'VAL') for (const group of audience.value) this.#post(group, mask, columns);
    for (const group of audience.others.get(field) ?? []) this.#post(group, mask, columns);
  }

  /** One record that throws harms only its own monitors. */
  // hot path
  #post(group: Group, mask: number, columns: ValueColumns): void {
    try {
      if (group.filter) this.#deliverFiltered(group, group.filter, mask);
      else this.#deliver(group, mask, columns);
      group.failed = false;
    } catch (cause) {
      const { record, field } = group.field;
      if (!group.failed) this.#log.error({ cause }, `CA update of ${record}.${field} failed`);
      group.failed = true;
    }
  }

  // hot path
  #deliver(group: Group, mask: number, columns: ValueColumns): void {
    const { subscriptions } = group;
    const alone = subscriptions.length === 1;
    let encoded = false;
    for (let i = 0; i < subscriptions.length; i++) {
      const subscription = subscriptions[i]!;
      if ((subscription.mask & mask) === 0) continue;
      const { circuit } = subscription;
      if (subscription.dirty || !circuit.takesUpdates || circuit.minor < EXTENDED_HEADER_MINOR) {
        circuit.monitors.owed.add(subscription);
        continue;
      }
      if (alone) appendUpdate(circuit.output, columns, group, subscription.id, this.#maxBytes);
      else {
        if (!encoded) {
          this.#scratch.reset(true);
          appendUpdate(this.#scratch, columns, group, 0, this.#maxBytes);
          encoded = true;
        }
        // Nothing there: the array has grown over what may be sent.
        if (this.#scratch.length === 0) return;
        circuit.output.copyMessage(this.#scratch, subscription.id);
      }
      this.#tally.updates++;
      circuit.updates++;
      if (!circuit.touched) this.touch(circuit);
    }
  }

  /** Each monitor's event goes through the filters by itself, as EPICS has it. */
  #deliverFiltered({ subscriptions }: Group, filter: ChannelFilter, mask: number): void {
    for (const subscription of subscriptions) {
      const log = (subscription.mask & mask) === 0 ? undefined : filter.eventLog(mask);
      if (log === undefined) continue;
      subscription.passed = log;
      subscription.circuit.monitors.owed.add(subscription);
    }
  }

  #groupsFor(field: PvField): Group[] {
    const audience = this.#audienceOf(field.slot);
    const key = fieldName(field);
    if (key === 'VAL') return audience.value;
    let groups = audience.others.get(key);
    if (groups === undefined) {
      groups = [];
      audience.others.set(key, groups);
      this.#watches.set(groups, field.watch());
    }
    return groups;
  }

  #audienceOf(slot: number): Audience {
    while (this.#audiences.length <= slot) this.#audiences.push(undefined);
    const known = this.#audiences[slot];
    if (known) return known;
    const audience = { value: [], others: new Map<string, Group[]>() };
    this.#audiences[slot] = audience;
    return audience;
  }

  #forget(field: PvField, groups: Group[]): void {
    const audience = this.#audiences[field.slot];
    if (audience === undefined) return;
    if (groups !== audience.value) audience.others.delete(fieldName(field));
    this.#watches.get(groups)?.[Symbol.dispose]();
    this.#watches.delete(groups);
    if (audience.value.length === 0 && audience.others.size === 0) {
      this.#audiences[field.slot] = undefined;
    }
  }
}

/** The name under which events of a field are posted; a long-string view has its field's. */
function fieldName({ field }: PvField): string {
  return field.endsWith('$') ? field.slice(0, -1) : field;
}

/** Whether two readers get the same bytes. A long-string view and its field differ in type. */
function isSameView(one: Wish, other: Wish): boolean {
  const [field, same] = [one.field, other.field];
  const sameField =
    field.type === same.type && field.maxCount === same.maxCount && field.filter === same.filter;
  return sameField && one.type === other.type && one.count === other.count;
}
