import { type Observable, Subject } from 'rxjs';
import { epicsNow } from '../kernel/index.ts';
import type { Slot } from '../model/index.ts';
import type { PutRequest, RecordTable, ServerStates } from '../records/index.ts';
import { AccessSecurity } from './access/security.ts';
import { type ChannelName, channelName, fieldPart, wholeRecord } from './channel-name.ts';
import { Field } from './field.ts';
import { filterChain } from './filters/chain.ts';
import { FilteredField } from './filters/filtered-field.ts';
import { LongStringField, longStringSize } from './long-string-field.ts';
import { NameIndex } from './name-index.ts';
import type { PostedBatch, PvDirectory, PvField, ValueColumns } from './types.ts';

/** The process variables of a record table: names, events by batch, and puts on their way down. */
export class Directory implements PvDirectory {
  readonly security: AccessSecurity;
  /** Named states that `sync` filters of channels go by. */
  readonly states: ServerStates;
  readonly #records: RecordTable;
  readonly #index: NameIndex;
  readonly #posted = new Subject<PostedBatch>();
  readonly #puts = new Subject<PutRequest>();
  readonly #preparations: (() => void)[] = [];
  #isPublishing = false;
  #isScheduled = false;

  constructor(records: RecordTable, security = new AccessSecurity()) {
    this.#records = records;
    this.#index = new NameIndex(records);
    this.states = records.states;
    this.security = security;
    records.regrouped = (slot) => security.regroup(slot);
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
    return slot !== undefined && this.#hasField(slot, field);
  }

  find(name: string): PvField | undefined {
    const { record, ...part } = channelName(name);
    const slot = this.#records.slotOf(record);
    return slot === undefined ? undefined : this.#field(slot, part);
  }

  // hot path
  hasBytes(bytes: Buffer, from: number, to: number): boolean {
    const dot = dotIn(bytes, from, to);
    const slot = this.#index.find(bytes, from, dot);
    if (slot === undefined || dot === to) return slot !== undefined;
    return this.#hasField(slot, fieldPart(bytes.toString('utf8', dot + 1, to)).field);
  }

  // hot path
  findBytes(bytes: Buffer, from: number, to: number): PvField | undefined {
    const dot = dotIn(bytes, from, to);
    const slot = this.#index.find(bytes, from, dot);
    if (slot === undefined) return undefined;
    const part = dot === to ? wholeRecord : fieldPart(bytes.toString('utf8', dot + 1, to));
    return this.#field(slot, part);
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

  #hasField(slot: Slot, field: string): boolean {
    return field === 'VAL' || this.#records.field(slot, field) !== undefined;
  }

  #field(slot: Slot, { field, modifiers }: Omit<ChannelName, 'record'>): PvField | undefined {
    const found = this.#records.field(slot, field);
    if (!found) return undefined;
    if (modifiers === '') return new Field(this.#records, found);
    const isLong = modifiers.startsWith('$');
    if (isLong && longStringSize(found) === 0) return undefined;
    const whole = new (isLong ? LongStringField : Field)(this.#records, found);
    return this.#filtered(whole, isLong ? modifiers.slice(1) : modifiers);
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

const DOT = 0x2e;

/** Where the first dot is between two offsets; `to` when there is none. */
// hot path
function dotIn(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) if (bytes[at] === DOT) return at;
  return to;
}
