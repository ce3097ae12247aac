import { type Observable, Subject } from 'rxjs';
import { epicsNow } from '../kernel/index.ts';
import type { PutRequest, RecordTable } from '../records/index.ts';
import { AccessSecurity } from './access/security.ts';
import { channelName } from './channel-name.ts';
import { Field } from './field.ts';
import { filterChain } from './filters/chain.ts';
import { FilteredField } from './filters/filtered-field.ts';
import { ServerStates } from './filters/server-states.ts';
import { LongStringField, longStringSize } from './long-string-field.ts';
import type { PostedBatch, PvDirectory, PvField, ValueColumns } from './types.ts';

/** The process variables of a record table: names, events by batch, and puts on their way down. */
export class Directory implements PvDirectory {
  readonly security: AccessSecurity;
  /** Named states that `sync` filters of channels go by. */
  readonly states = new ServerStates();
  readonly #records: RecordTable;
  readonly #posted = new Subject<PostedBatch>();
  readonly #puts = new Subject<PutRequest>();
  readonly #preparations: (() => void)[] = [];
  #isPublishing = false;
  #isScheduled = false;

  constructor(records: RecordTable, security = new AccessSecurity()) {
    this.#records = records;
    this.security = security;
    records.publisher = {
      publishNow: () => this.#publish(),
      posted: () => this.#schedule(),
    };
    records.sink = (request) => {
      if (this.#puts.observed) this.#puts.next(request);
      else request.settle({ kind: 'refused', reason: 'away', text: 'no plant is connected' });
    };
  }

  /** One batch per flush, and one for the puts of each turn of the event loop. */
  get posted$(): Observable<PostedBatch> {
    return this.#posted;
  }

  /** Raw values for the plant, each to be settled once. */
  get puts$(): Observable<PutRequest> {
    return this.#puts;
  }

  get columns(): ValueColumns {
    return this.#records.values;
  }

  get size(): number {
    return this.#records.size;
  }

  names(): Iterable<string> {
    return this.#records.names();
  }

  has(name: string): boolean {
    const { record, field } = channelName(name);
    const slot = this.#records.slotOf(record);
    if (slot === undefined) return false;
    return field === 'VAL' || this.#records.field(slot, field) !== undefined;
  }

  find(name: string): PvField | undefined {
    const { record, field, modifiers } = channelName(name);
    const slot = this.#records.slotOf(record);
    const found = slot === undefined ? undefined : this.#records.field(slot, field);
    if (!found) return undefined;
    if (modifiers === '') return new Field(this.#records, found);
    const isLong = modifiers.startsWith('$');
    if (isLong && longStringSize(found) === 0) return undefined;
    const whole = new (isLong ? LongStringField : Field)(this.#records, found);
    return this.#filtered(whole, isLong ? modifiers.slice(1) : modifiers);
  }

  /** From now on called before each batch, for what must be known before records process. */
  prepare(call: () => void): void {
    this.#preparations.push(call);
  }

  /** Processes what the plant changed since the last flush, and publishes it as one batch. */
  flush(): void {
    if (this.#isPublishing) return;
    // What puts posted before goes first, so that every event keeps its own value.
    if (this.#records.columns.postedCount > 0) this.#publish();
    for (const prepare of this.#preparations) prepare();
    this.#records.processDirty();
    this.#publish();
  }

  /** A field behind the filters that its channel name asks for. */
  #filtered(field: PvField, filters: string): PvField | undefined {
    if (filters === '') return field;
    const chain = filterChain(filters, { states: this.states, now: epicsNow });
    if (!chain) return undefined;
    const tag = this.#records.field(field.slot, 'UTAG');
    const userTag = () => Number(tag?.definition.access.read(this.#records.columns, field.slot));
    return new FilteredField({ field, columns: () => this.columns, userTag }, chain);
  }

  /** Publishes the events of puts once the requests that came together were all answered. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#publish();
    });
  }

  #publish(): void {
    // A subscriber that puts while it is called joins the batch after this one.
    if (this.#isPublishing) return;
    const batch = this.#records.takePosted();
    if (!batch) return;
    this.#isPublishing = true;
    try {
      this.#posted.next(batch);
    } finally {
      this.#isPublishing = false;
    }
  }
}
