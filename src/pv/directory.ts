import { type Observable, Subject } from 'rxjs';
import type { PutRequest, RecordTable } from '../records/index.ts';
import { AccessSecurity } from './access/security.ts';
import { Field } from './field.ts';
import { LongStringField, longStringSize } from './long-string-field.ts';
import type { PostedBatch, PvDirectory, PvField, ValueColumns } from './types.ts';

/** The process variables of a record table: names, events by batch, and puts on their way down. */
export class Directory implements PvDirectory {
  /** Called before each batch from the plant, for what must be known before records process. */
  prepare: () => void = () => {};
  readonly security: AccessSecurity;
  readonly #records: RecordTable;
  readonly #posted = new Subject<PostedBatch>();
  readonly #puts = new Subject<PutRequest>();
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
    const { record, field, isLong } = parts(name);
    const slot = this.#records.slotOf(record);
    if (slot === undefined) return false;
    if (field === 'VAL' && !isLong) return true;
    const found = this.#records.field(slot, field);
    return found !== undefined && (!isLong || longStringSize(found) > 0);
  }

  find(name: string): PvField | undefined {
    const { record, field, isLong } = parts(name);
    const slot = this.#records.slotOf(record);
    if (slot === undefined) return undefined;
    const found = this.#records.field(slot, field);
    if (!found) return undefined;
    if (!isLong) return new Field(this.#records, found);
    return longStringSize(found) > 0 ? new LongStringField(this.#records, found) : undefined;
  }

  /** Processes what the plant changed since the last flush, and publishes it as one batch. */
  flush(): void {
    if (this.#isPublishing) return;
    // What puts posted before goes first, so that every event keeps its own value.
    if (this.#records.columns.postedCount > 0) this.#publish();
    this.prepare();
    this.#records.processDirty();
    this.#publish();
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

/** `REC`, `REC.`, `REC.FIELD`, `REC.$` and `REC.FIELD$` (facts/ca.md section 8). */
function parts(name: string): { record: string; field: string; isLong: boolean } {
  const dot = name.indexOf('.');
  if (dot < 0) return { record: name, field: 'VAL', isLong: false };
  const isLong = name.endsWith('$');
  const field = name.slice(dot + 1, isLong ? -1 : undefined);
  return { record: name.slice(0, dot), field: field || 'VAL', isLong };
}
