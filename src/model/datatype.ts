/** A number, bit field, text or blob as it lies in the plant's memory, little-endian. */
export type ScalarDatatype =
  /** One bit, or a byte whose bit 0 counts. */
  | { readonly kind: 'bool' }
  /** 1 to 64 bits; fewer than 8, or not a power of two, is a field inside a word. */
  | { readonly kind: 'int'; readonly bits: number; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  /** Windows-1252, NUL-terminated when shorter than `bytes`. */
  | { readonly kind: 'string'; readonly bytes: number };

export type NumericDatatype = Exclude<ScalarDatatype, { kind: 'string' }>;

export type Datatype =
  | ScalarDatatype
  | { readonly kind: 'array'; readonly element: NumericDatatype; readonly count: number };

export const bool: Datatype & { kind: 'bool' } = { kind: 'bool' };
export const u8 = int(8, false);
export const i8 = int(8, true);
export const u16 = int(16, false);
export const i16 = int(16, true);
export const u32 = int(32, false);
export const i32 = int(32, true);
export const u64 = int(64, false);
export const i64 = int(64, true);
export const f32 = { kind: 'float', bits: 32 } as const satisfies Datatype;
export const f64 = { kind: 'float', bits: 64 } as const satisfies Datatype;

export function int(bits: number, signed: boolean) {
  return { kind: 'int', bits, signed } as const satisfies Datatype;
}

export function text(bytes: number) {
  return { kind: 'string', bytes } as const satisfies Datatype;
}

export function arrayOf(element: NumericDatatype, count: number) {
  return { kind: 'array', element, count } as const satisfies Datatype;
}

/** Bytes that a value takes when it stands alone; a bit field takes the bytes that hold it. */
export function byteLength(datatype: Datatype): number {
  switch (datatype.kind) {
    case 'bool':
      return 1;
    case 'int':
      return Math.ceil(datatype.bits / 8);
    case 'float':
      return datatype.bits / 8;
    case 'string':
      return datatype.bytes;
    case 'array':
      return byteLength(datatype.element) * datatype.count;
  }
}
