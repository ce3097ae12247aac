import type { Endian } from './reader.ts';

/** A growing cursor to encode into; `take()` copies out, `view()` borrows, `reset()` reuses. */
export class Writer {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;
  readonly #le: boolean;

  constructor(endian: Endian = 'le', capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
    this.#le = endian === 'le';
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    const at = this.#claim(1);
    this.#view.setUint8(at, value);
  }

  i8(value: number): void {
    const at = this.#claim(1);
    this.#view.setInt8(at, value);
  }

  u16(value: number): void {
    const at = this.#claim(2);
    this.#view.setUint16(at, value, this.#le);
  }

  i16(value: number): void {
    const at = this.#claim(2);
    this.#view.setInt16(at, value, this.#le);
  }

  u32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, value, this.#le);
  }

  i32(value: number): void {
    const at = this.#claim(4);
    this.#view.setInt32(at, value, this.#le);
  }

  u64(value: bigint): void {
    const at = this.#claim(8);
    this.#view.setBigUint64(at, value, this.#le);
  }

  i64(value: bigint): void {
    const at = this.#claim(8);
    this.#view.setBigInt64(at, value, this.#le);
  }

  f32(value: number): void {
    const at = this.#claim(4);
    this.#view.setFloat32(at, value, this.#le);
  }

  f64(value: number): void {
    const at = this.#claim(8);
    this.#view.setFloat64(at, value, this.#le);
  }

  bytes(source: Uint8Array): void {
    const at = this.#claim(source.length);
    this.#bytes.set(source, at);
  }

  zeros(count: number): void {
    const at = this.#claim(count);
    this.#bytes.fill(0, at, at + count);
  }

  /** Writes zeros until the length is a multiple of `alignment`. */
  align(alignment: number): void {
    this.zeros((alignment - (this.#length % alignment)) % alignment);
  }

  /** Overwrites a length or count that was not known when its place was written. */
  patchU16(at: number, value: number): void {
    this.#view.setUint16(at, value, this.#le);
  }

  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, this.#le);
  }

  /** What was written, as a view; valid until the next write or reset. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** What was written, owned by the caller. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  reset(): void {
    this.#length = 0;
  }

  /** Makes room; the buffer may be another one afterwards, so claim before touching the view. */
  #claim(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#length = needed;
    return at;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
