import type { Slot } from '../../model/index.ts';
import type { Engine } from '../engine/engine.ts';
import type { FieldType } from '../field-type.ts';
import { type Metadata, metadataOf } from '../metadata.ts';
import type { PvValue } from '../put.ts';
import { fieldOf, type RecordField } from '../record-field.ts';
import { textOfRow } from '../text.ts';
import { BaseLink } from './base-link.ts';
import { asNumber, fieldAs } from './conversions.ts';
import type { Given, Moment } from './link.ts';
import type { LinkModifiers } from './parse-link.ts';

/** Where a local link leads. */
export interface LocalTarget {
  readonly slot: Slot;
  readonly field: string;
  /** The whole of a text, as `REC.FIELD$` asks for, whatever its length. */
  readonly isLong: boolean;
}

/** A link to a field of a record of this IOC. */
export class LocalLink extends BaseLink {
  readonly target: Slot;
  readonly #engine: Engine;
  readonly #owner: Slot;
  readonly #to: LocalTarget;
  /** The field, unless its type or size is the record's to say. */
  readonly #fixed: RecordField | undefined;
  /** VAL that is plainly a number: no need to ask the field. */
  readonly #isColumn: boolean;
  readonly #processes: boolean;
  readonly #severity: LinkModifiers['severity'];

  constructor(engine: Engine, owner: Slot, to: LocalTarget, modifiers: LinkModifiers) {
    super('local');
    this.#engine = engine;
    this.#owner = owner;
    this.#to = to;
    this.target = to.slot;
    const field = fieldOf(engine.columns, to.slot, to.field);
    this.#fixed = to.field === 'VAL' || to.field === 'OVAL' ? undefined : field;
    const { kind } = this.#field.record;
    const isNumber = kind !== 'wide' && kind !== 'text' && kind !== 'array';
    this.#isColumn = isNumber && to.field === 'VAL';
    this.#processes = modifiers.process === 'PP';
    this.#severity = modifiers.severity;
  }

  override get isConnected(): boolean {
    return true;
  }

  override get type(): FieldType {
    return this.#field.type;
  }

  override get count(): number {
    return this.#field.maxCount;
  }

  override number(): Given<number> {
    if (this.#processes) this.#engine.processPassive(this.#owner, this.target);
    const value = this.#isColumn
      ? (this.#engine.columns.number[this.target] ?? 0)
      : asNumber(this.#read());
    if (value !== null && this.#severity !== 'NMS') this.#inherit();
    return value;
  }

  override value(type: FieldType, most: number): Given<PvValue> {
    if (this.#processes) this.#engine.processPassive(this.#owner, this.target);
    const read = this.#shown(most);
    const isText = typeof read === 'string' && type === 'STRING';
    const value = isText ? read : fieldAs(this.#engine.columns, this.#field, read, type, most);
    if (value !== null && this.#severity !== 'NMS') this.#inherit();
    return value;
  }

  override put(value: PvValue): boolean {
    const engine = this.#engine;
    const isText = this.#to.isLong && ArrayBuffer.isView(value);
    const isStored = engine.store(this.#field, isText ? textOfRow(value) : value);
    this.#bequeath();
    if (!isStored) return false;
    const isPassive = engine.columns.scan[this.target] === 0;
    if (this.#to.field === 'PROC' || (this.#processes && isPassive)) {
      engine.processTarget(this.#owner, this.target);
    }
    return true;
  }

  override forward(): void {
    this.#engine.processPassive(this.#owner, this.target);
  }

  override time(): Moment {
    const { seconds, nanoseconds } = this.#engine.columns.image;
    return {
      seconds: seconds[this.target] ?? 0,
      nanoseconds: nanoseconds[this.target] ?? 0,
    };
  }

  override alarm() {
    const { status, severity } = this.#engine.columns;
    return { status: status[this.target] ?? 0, severity: severity[this.target] ?? 0 };
  }

  override metadata(): Metadata {
    return metadataOf(this.#engine.columns, this.#field);
  }

  override [Symbol.dispose](): void {
    this.#engine.readers.remove(this, this.target);
  }

  get #field(): RecordField {
    if (this.#fixed) return this.#fixed;
    const field = fieldOf(this.#engine.columns, this.#to.slot, this.#to.field);
    if (!field) throw new RangeError(`no field ${this.#to.field}`);
    return field;
  }

  #read(): PvValue {
    return this.#field.definition.access.read(this.#engine.columns, this.target);
  }

  /** A text that is asked for as a row is one of characters. */
  #shown(most: number): PvValue {
    const read = this.#read();
    return this.#to.isLong && most > 1 ? Buffer.from(`${read}\0`) : read;
  }

  /** The record takes over the alarm of what it reads. */
  #inherit(): void {
    if (this.target === this.#owner) return;
    const { status, severity, message } = this.#engine.columns;
    const text = message.get(this.target) ?? '';
    const now = severity[this.target] ?? 0;
    this.#engine.inherit(this.#owner, this.#severity, status[this.target] ?? 0, now, text);
  }

  /** What is written to takes over the alarm that the record is about to have. */
  #bequeath(): void {
    if (this.#severity === 'NMS') return;
    const { pending, pendingMessage } = this.#engine.columns;
    const alarm = pending[this.#owner] ?? 0;
    const text = pendingMessage.get(this.#owner) ?? '';
    this.#engine.inherit(this.target, this.#severity, alarm & 0xff, alarm >> 8, text);
  }
}
