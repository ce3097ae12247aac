import type { Slot } from '../../model/index.ts';
import type { PvField, ReadableField, ValueColumns } from '../types.ts';
import type { FieldLog, Shape } from './field-log.ts';

/**
 * A field as one log tells it, in columns of its own, so that an encoder needs to know nothing of
 * filters. Reused: what `show` returns is valid until it is called again.
 */
export class ShownField implements ReadableField {
  readonly slot = 0 as Slot;
  readonly isColumn = false;
  readonly type;
  readonly maxCount: number;
  readonly columns: ValueColumns = {
    number: new Float64Array(1),
    status: new Uint8Array(1),
    severity: new Uint8Array(1),
    seconds: new Uint32Array(1),
    nanoseconds: new Uint32Array(1),
  };
  readonly #whole: PvField;
  #log: FieldLog | undefined;

  constructor(whole: PvField, { type, maxCount }: Shape) {
    this.#whole = whole;
    this.type = type;
    this.maxCount = maxCount;
  }

  show(log: FieldLog): this {
    const { status, severity, seconds, nanoseconds } = this.columns;
    this.#log = log;
    status[0] = log.status;
    severity[0] = log.severity;
    seconds[0] = log.seconds;
    nanoseconds[0] = log.nanoseconds;
    return this;
  }

  get record(): string {
    return this.#whole.record;
  }

  get recordType(): string {
    return this.#whole.recordType;
  }

  get field(): string {
    return this.#whole.field;
  }

  read() {
    return this.#log?.value ?? 0;
  }

  metadata() {
    return this.#whole.metadata();
  }

  acknowledge() {
    return this.#whole.acknowledge();
  }
}
