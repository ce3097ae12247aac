import type { Slot } from '../model/index.ts';
import {
  type FieldType,
  Flag,
  isWritable,
  type Metadata,
  metadataOf,
  type PutOutcome,
  type PvValue,
  putAcknowledge,
  type RecordField,
  type RecordTable,
} from '../records/index.ts';
import type { PutOrigin, PvField } from './types.ts';

/** One field of one record. */
export class Field implements PvField {
  readonly slot: Slot;
  readonly type: FieldType;
  readonly maxCount: number;
  readonly isColumn: boolean;
  readonly filter = undefined;
  protected readonly records: RecordTable;
  protected readonly origin: RecordField;

  constructor(records: RecordTable, origin: RecordField) {
    this.records = records;
    this.origin = origin;
    this.slot = origin.slot;
    this.type = origin.type;
    this.maxCount = origin.maxCount;
    const { kind } = origin.record;
    const isNumber = kind !== 'wide' && kind !== 'text' && kind !== 'array';
    this.isColumn = isNumber && origin.definition.name === 'VAL';
  }

  get record(): string {
    return this.records.columns.name[this.slot] ?? '';
  }

  get recordType(): string {
    return this.origin.record.name;
  }

  get field(): string {
    return this.origin.definition.name;
  }

  get writable(): boolean {
    return isWritable(this.records.columns, this.origin);
  }

  get accessGroup(): string {
    return String(
      this.records
        .field(this.slot, 'ASG')
        ?.definition.access.read(this.records.columns, this.slot) ?? '',
    );
  }

  get accessLevel(): 0 | 1 {
    return this.origin.definition.asl;
  }

  read(): PvValue {
    return this.origin.definition.access.read(this.records.columns, this.slot);
  }

  metadata(): Metadata {
    return metadataOf(this.records.columns, this.origin);
  }

  acknowledge(): { readonly ackt: number; readonly acks: number } {
    const { columns } = this.records;
    return { ackt: columns.has(this.slot, Flag.ackt) ? 1 : 0, acks: columns.acks[this.slot] ?? 0 };
  }

  putAcknowledge(which: 'ackt' | 'acks', value: number): PutOutcome {
    return putAcknowledge(this.records.engine, this.slot, which, value);
  }

  watch(): Disposable {
    if (this.field === 'VAL') return { [Symbol.dispose]: () => {} };
    return this.records.watchers.watch(this.slot, this.field);
  }

  put(value: PvValue, origin: PutOrigin, signal: AbortSignal): PutOutcome | Promise<PutOutcome> {
    return this.records.put(this.origin, value, origin.notify ?? false, signal);
  }
}
