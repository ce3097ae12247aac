import type { FieldType, Metadata, PutOutcome, PvValue } from '../../records/index.ts';
import type { ChannelFilter, PutOrigin, PvField, ReadableField, ValueColumns } from '../types.ts';
import type { FieldLog, Filter, Shape } from './field-log.ts';
import { ShownField } from './shown-field.ts';

/** What a channel with filters reads its field and its record from. */
export interface FilterSource {
  readonly field: PvField;
  columns(): ValueColumns;
  /** UTAG of the record now. */
  userTag(): number;
}

/**
 * A field seen through filters. Reads and monitors are filtered; puts go to the whole field. Each
 * channel has its own, since filters remember what they saw.
 */
export class FilteredField implements PvField, ChannelFilter {
  readonly type: FieldType;
  readonly maxCount: number;
  readonly isColumn = false;
  readonly filter: ChannelFilter = this;
  readonly whole: PvField;
  readonly #source: FilterSource;
  readonly #filters: readonly Filter[];
  readonly #shown: ShownField;

  constructor(source: FilterSource, filters: readonly Filter[]) {
    this.#source = source;
    this.#filters = filters;
    this.whole = source.field;
    const shape = filters.reduce<Shape>((seen, each) => each.shape?.(seen) ?? seen, source.field);
    this.type = shape.type;
    this.maxCount = shape.maxCount;
    this.#shown = new ShownField(source.field, shape);
  }

  get slot() {
    return this.whole.slot;
  }

  get record(): string {
    return this.whole.record;
  }

  get recordType(): string {
    return this.whole.recordType;
  }

  get field(): string {
    return this.whole.field;
  }

  get writable(): boolean {
    return this.whole.writable;
  }

  get accessGroup(): string {
    return this.whole.accessGroup;
  }

  get accessLevel(): 0 | 1 {
    return this.whole.accessLevel;
  }

  /** Columns of one slot, for what `show` returns. */
  get columns(): ValueColumns {
    return this.#shown.columns;
  }

  show(log: FieldLog): ReadableField {
    return this.#shown.show(log);
  }

  read(): PvValue {
    return this.readLog().value;
  }

  readLog(): FieldLog {
    return this.#filters.reduce<FieldLog>((log, each) => each.read?.(log) ?? log, this.#log(0));
  }

  eventLog(mask: number): FieldLog | undefined {
    let log: FieldLog | undefined = this.#log(mask);
    for (const each of this.#filters) {
      log = each.event(log);
      if (log === undefined) return undefined;
    }
    return log;
  }

  metadata(): Metadata {
    return this.whole.metadata();
  }

  acknowledge() {
    return this.whole.acknowledge();
  }

  putAcknowledge(which: 'ackt' | 'acks', value: number): PutOutcome {
    return this.whole.putAcknowledge(which, value);
  }

  watch(): Disposable {
    return this.whole.watch();
  }

  put(value: PvValue, origin: PutOrigin, signal: AbortSignal): PutOutcome | Promise<PutOutcome> {
    return this.whole.put(value, origin, signal);
  }

  #log(mask: number): FieldLog {
    const { slot, type } = this.whole;
    const { status, severity, seconds, nanoseconds } = this.#source.columns();
    return {
      ...{ mask, type, value: this.whole.read() },
      ...{ status: status[slot] ?? 0, severity: severity[slot] ?? 0 },
      ...{ seconds: seconds[slot] ?? 0, nanoseconds: nanoseconds[slot] ?? 0 },
      userTag: this.#source.userTag(),
    };
  }
}
