import type { NumberArray } from '../../../model/index.ts';

/** A row as bytes, little-endian: `{"type":"float64","n":2,"b64":"…"}`. */
interface TypedBlock {
  readonly type: string;
  readonly n: number;
  readonly b64: string;
}

type Maker = (bytes: ArrayBuffer) => NumberArray;

const makers = new Map<string, readonly [size: number, make: Maker]>(
  Object.entries({
    int8: [1, (bytes) => new Int8Array(bytes)],
    uint8: [1, (bytes) => new Uint8Array(bytes)],
    int16: [2, (bytes) => new Int16Array(bytes)],
    uint16: [2, (bytes) => new Uint16Array(bytes)],
    int32: [4, (bytes) => new Int32Array(bytes)],
    uint32: [4, (bytes) => new Uint32Array(bytes)],
    float32: [4, (bytes) => new Float32Array(bytes)],
    float64: [8, (bytes) => new Float64Array(bytes)],
  }),
);

/** The name of a row's elements. */
function elementName(row: NumberArray): string {
  return row.constructor.name.replace('Array', '').toLowerCase();
}

/** A row as JSON of a typed block. */
export function typedBlock(row: NumberArray): string {
  const bytes = Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString('base64');
  return `{"type":"${elementName(row)}","n":${row.length},"b64":"${bytes}"}`;
}

/** The row of a typed block; undefined of what is none. */
export function rowOf(block: object): NumberArray | undefined {
  const { type, n, b64 } = block as Partial<TypedBlock>;
  const [size, make] = (typeof type === 'string' && makers.get(type)) || [];
  if (size === undefined || typeof b64 !== 'string') return undefined;
  const bytes = Buffer.from(b64, 'base64');
  if (bytes.length % size !== 0 || (n !== undefined && n * size !== bytes.length)) return undefined;
  return make?.(new Uint8Array(bytes).buffer);
}
