import type {
  FieldType,
  Metadata,
  PutOutcome,
  PvValue,
  RecordField,
  RecordTable,
} from '../records/index.ts';
import { Field } from './field.ts';
import type { PutOrigin, PvField } from './types.ts';

/** What links may hold as long strings (facts/ca.md section 8). */
const LINK_SIZE = 1024;

/** Bytes of a field's long-string view with its NUL; 0 for a field that has none. */
export function longStringSize({ type, size }: RecordField): number {
  if (type.endsWith('LINK')) return LINK_SIZE;
  return type === 'STRING' ? size : 0;
}

/** A text field read and written as a row of characters: `REC.FIELD$`. A row shows its first text. */
export class LongStringField implements PvField {
  readonly type: FieldType = 'CHAR';
  readonly maxCount: number;
  readonly filter = undefined;
  readonly isColumn = false;
  readonly #text: Field;

  constructor(records: RecordTable, origin: RecordField) {
    this.#text = new Field(records, origin);
    this.maxCount = longStringSize(origin);
  }

  get slot() {
    return this.#text.slot;
  }

  get record(): string {
    return this.#text.record;
  }

  get recordType(): string {
    return this.#text.recordType;
  }

  get field(): string {
    return this.#text.field;
  }

  get writable(): boolean {
    return this.#text.writable;
  }

  get accessGroup(): string {
    return this.#text.accessGroup;
  }

  get accessLevel(): 0 | 1 {
    return this.#text.accessLevel;
  }

  /** UTF-8 with its NUL, cut to what the field can hold: NAME of a longer name than EPICS has. */
  read(): PvValue {
    const value = this.#text.read();
    const shown = typeof value === 'object' ? (value[0] ?? '') : value;
    const text = Buffer.from(String(shown)).subarray(0, this.maxCount - 1);
    const bytes = new Uint8Array(text.length + 1);
    bytes.set(text);
    return bytes;
  }

  metadata(): Metadata {
    return this.#text.metadata();
  }

  acknowledge() {
    return this.#text.acknowledge();
  }

  putAcknowledge(which: 'ackt' | 'acks', value: number): PutOutcome {
    return this.#text.putAcknowledge(which, value);
  }

  watch(): Disposable {
    return this.#text.watch();
  }

  put(value: PvValue, origin: PutOrigin, signal: AbortSignal): PutOutcome | Promise<PutOutcome> {
    return this.#text.put(textOf(value), origin, signal);
  }
}

/** The text in a row of characters, up to its NUL. */
function textOf(value: PvValue): PvValue {
  if (!ArrayBuffer.isView(value)) return value;
  const bytes = Buffer.from(Uint8Array.from(value));
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? undefined : end);
}
