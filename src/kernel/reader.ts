/** Byte order of a protocol: ADS is little-endian, Channel Access big-endian. */
export type Endian = 'le' | 'be';

/**
 * A cursor over borrowed bytes. Every read moves it on; reading past the end throws a RangeError,
 * which the owner of the frame turns into a MalformedFrame.
 */
export class Reader {
  readonly bytes: Uint8Array;
  offset = 0;
  readonly #view: DataView;
  readonly #le: boolean;

  constructor(bytes: Uint8Array, endian: Endian = 'le') {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#le = endian === 'le';
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  u8(): number {
    const value = this.#view.getUint8(this.offset);
    this.offset += 1;
    return value;
  }

  i8(): number {
    const value = this.#view.getInt8(this.offset);
    this.offset += 1;
    return value;
  }

  u16(): number {
    const value = this.#view.getUint16(this.offset, this.#le);
    this.offset += 2;
    return value;
  }

  i16(): number {
    const value = this.#view.getInt16(this.offset, this.#le);
    this.offset += 2;
    return value;
  }

  u32(): number {
    const value = this.#view.getUint32(this.offset, this.#le);
    this.offset += 4;
    return value;
  }

  i32(): number {
    const value = this.#view.getInt32(this.offset, this.#le);
    this.offset += 4;
    return value;
  }

  u64(): bigint {
    const value = this.#view.getBigUint64(this.offset, this.#le);
    this.offset += 8;
    return value;
  }

  i64(): bigint {
    const value = this.#view.getBigInt64(this.offset, this.#le);
    this.offset += 8;
    return value;
  }

  f32(): number {
    const value = this.#view.getFloat32(this.offset, this.#le);
    this.offset += 4;
    return value;
  }

  f64(): number {
    const value = this.#view.getFloat64(this.offset, this.#le);
    this.offset += 8;
    return value;
  }

  /** A view of the next `count` bytes; valid only as long as the frame is. */
  borrow(count: number): Uint8Array {
    const end = this.#end(count);
    const view = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return view;
  }

  /** The next `count` bytes, owned by the caller. */
  copy(count: number): Uint8Array {
    const end = this.#end(count);
    // Not slice(): on a Node Buffer that is another view.
    const owned = new Uint8Array(this.bytes.subarray(this.offset, end));
    this.offset = end;
    return owned;
  }

  skip(count: number): void {
    this.offset = this.#end(count);
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    return this.borrow(this.remaining);
  }

  #end(count: number): number {
    const end = this.offset + count;
    if (count < 0 || end > this.bytes.length) {
      throw new RangeError(`${count} bytes wanted at ${this.offset}, ${this.remaining} left`);
    }
    return end;
  }
}
