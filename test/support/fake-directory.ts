import { Subject } from 'rxjs';
import type { Slot } from '../../src/model/index.ts';
import {
  AccessSecurity,
  channelName,
  EventMask,
  type FieldType,
  type Metadata,
  type PostedBatch,
  type PutOrigin,
  type PutOutcome,
  type PvDirectory,
  type PvField,
  type PvValue,
} from '../../src/pv/index.ts';

/** A record of the fake: fields by name, `VAL` the one that counts. */
export interface FakeRecord {
  readonly type: FieldType;
  readonly recordType?: string;
  readonly value: PvValue;
  readonly maxCount?: number;
  readonly writable?: boolean;
  readonly accessGroup?: string;
  readonly metadata?: Partial<Metadata>;
  /** Other fields, all strings. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Answers puts of VAL; default: done at once, value stored and posted. */
  readonly put?: (
    value: PvValue,
    origin: PutOrigin,
    signal: AbortSignal,
    store: (value: PvValue) => void,
  ) => PutOutcome | Promise<PutOutcome>;
}

const done: PutOutcome = { kind: 'done' };

const putAtOnce: NonNullable<FakeRecord['put']> = (value, _origin, _signal, store) => {
  store(value);
  return done;
};

const noMetadata: Metadata = {
  units: '',
  precision: 0,
  display: { low: 0, high: 0 },
  control: { low: 0, high: 0 },
  alarm: { lolo: Number.NaN, low: Number.NaN, high: Number.NaN, hihi: Number.NaN },
  labels: [],
};

/** A directory without records behind it: what a protocol server needs of one, and no more. */
export class FakeDirectory implements PvDirectory {
  readonly columns;
  readonly security: AccessSecurity;
  readonly posted$ = new Subject<PostedBatch>();
  readonly #slots = new Map<string, Slot>();
  readonly #records: FakeRecord[] = [];
  readonly #values: PvValue[] = [];
  readonly watched = new Set<string>();
  readonly acknowledged: string[] = [];

  constructor(records: Readonly<Record<string, FakeRecord>>, security = new AccessSecurity()) {
    this.security = security;
    const names = Object.keys(records);
    this.columns = {
      number: new Float64Array(names.length),
      status: new Uint8Array(names.length),
      severity: new Uint8Array(names.length),
      seconds: new Uint32Array(names.length),
      nanoseconds: new Uint32Array(names.length),
    };
    for (const [slot, name] of names.entries()) {
      const record = records[name] as FakeRecord;
      this.#slots.set(name, slot as Slot);
      this.#records.push(record);
      this.#values.push(record.value);
      if (typeof record.value === 'number') this.columns.number[slot] = record.value;
    }
  }

  get size(): number {
    return this.#records.length;
  }

  names(): Iterable<string> {
    return this.#slots.keys();
  }

  has(name: string): boolean {
    const { record, field } = channelName(name);
    const slot = this.#slots.get(record);
    if (slot === undefined) return false;
    return field === 'VAL' || this.#records[slot]?.fields?.[field] !== undefined;
  }

  find(name: string): PvField | undefined {
    const { record, field, modifiers } = channelName(name);
    const slot = this.#slots.get(record);
    if (slot === undefined || /[[{]/.test(modifiers)) return undefined;
    if (field === 'VAL' && modifiers === '') return this.#valueField(record, slot);
    const isLong = modifiers === '$';
    const text = this.#records[slot]?.fields?.[field];
    return text === undefined ? undefined : this.#textField(record, slot, field, isLong, text);
  }

  hasBytes(bytes: Buffer, from: number, to: number): boolean {
    return this.has(bytes.toString('utf8', from, to));
  }

  findBytes(bytes: Buffer, from: number, to: number): PvField | undefined {
    return this.find(bytes.toString('utf8', from, to));
  }

  /** What the plant does: a new VAL, its alarm and time, posted in one batch. */
  update(
    name: string,
    value: PvValue,
    at: { status?: number; severity?: number; seconds?: number; nanoseconds?: number } = {},
    mask: number = EventMask.value | EventMask.log,
  ): void {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new Error(`no record ${name}`);
    this.#values[slot] = value;
    if (typeof value === 'number') this.columns.number[slot] = value;
    this.columns.status[slot] = at.status ?? 0;
    this.columns.severity[slot] = at.severity ?? 0;
    this.columns.seconds[slot] = at.seconds ?? 0;
    this.columns.nanoseconds[slot] = at.nanoseconds ?? 0;
    this.#post(slot, mask);
  }

  /** An event on a field other than VAL. */
  postField(name: string, field: string, mask: number): void {
    const slot = this.#slots.get(name) as Slot;
    const none = { count: 0, slots: new Uint32Array(0), masks: new Uint8Array(0) };
    this.posted$.next({ ...none, fields: [{ slot, field, mask }] });
  }

  #post(slot: Slot, mask: number): void {
    this.posted$.next({
      count: 1,
      slots: Uint32Array.of(slot),
      masks: Uint8Array.of(mask),
      fields: [],
    });
  }

  #valueField(record: string, slot: Slot): PvField {
    const spec = this.#records[slot] as FakeRecord;
    const store = (value: PvValue) => this.update(record, value, this.#stamp(slot));
    const put = spec.put ?? putAtOnce;
    return {
      ...this.#common(record, slot, spec),
      field: 'VAL',
      accessLevel: 0 as const,
      type: spec.type,
      maxCount: spec.maxCount ?? 1,
      isColumn: typeof spec.value === 'number',
      read: () => this.#values[slot] as PvValue,
      put: (value, origin, signal) => put(value, origin, signal, store),
    };
  }

  #textField(record: string, slot: Slot, field: string, isLong: boolean, text: string): PvField {
    const spec = this.#records[slot] as FakeRecord;
    return {
      ...this.#common(record, slot, spec),
      field,
      accessLevel: 1 as const,
      type: isLong ? 'CHAR' : 'STRING',
      maxCount: isLong ? 41 : 1,
      isColumn: false,
      read: () => (isLong ? new TextEncoder().encode(`${text}\0`) : text),
      put: () => done,
    };
  }

  #common(record: string, slot: Slot, spec: FakeRecord) {
    return {
      record,
      filter: undefined,
      recordType: spec.recordType ?? 'ai',
      slot,
      writable: spec.writable ?? true,
      accessGroup: spec.accessGroup ?? '',
      metadata: () => ({ ...noMetadata, ...spec.metadata }),
      acknowledge: () => ({ ackt: 1, acks: 2 }),
      putAcknowledge: (which: 'ackt' | 'acks', value: number) => {
        this.acknowledged.push(`${which}=${value}`);
        return done;
      },
      watch: () => {
        this.watched.add(record);
        return { [Symbol.dispose]: () => this.watched.delete(record) };
      },
    };
  }

  #stamp(slot: Slot) {
    const { seconds, nanoseconds } = this.columns;
    return { seconds: (seconds[slot] ?? 0) + 1, nanoseconds: nanoseconds[slot] ?? 0 };
  }
}
