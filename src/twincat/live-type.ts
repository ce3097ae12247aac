import { AdsDataType, type AdsSymbol } from '../ads/index.ts';
import {
  arrayOf,
  bool,
  byteLength,
  type Datatype,
  f32,
  f64,
  i8,
  i16,
  i32,
  i64,
  int,
  type NumericDatatype,
  u8,
  u16,
  u32,
  u64,
} from '../model/index.ts';
import { type FoundSymbol, isBit } from './symbol-address.ts';

/** ADS data types that are numbers of whole bytes. */
export const primitives: ReadonlyMap<number, NumericDatatype> = new Map<number, NumericDatatype>([
  [AdsDataType.int8, i8],
  [AdsDataType.uint8, u8],
  [AdsDataType.int16, i16],
  [AdsDataType.uint16, u16],
  [AdsDataType.int32, i32],
  [AdsDataType.uint32, u32],
  [AdsDataType.int64, i64],
  [AdsDataType.uint64, u64],
  [AdsDataType.real32, f32],
  [AdsDataType.real64, f64],
]);

/**
 * The datatype that a value has in the live table, given what its definition expects; undefined
 * when the two cannot be reconciled. The live table knows better wherever it says anything: the
 * number of samples is chosen in the TwinCAT project, and a word may be shorter than in the ESI.
 */
export function liveDatatype(
  expected: Datatype,
  { entry, exact, byte }: FoundSymbol,
): Datatype | undefined {
  if (isBit(entry)) return expected.kind === 'bool' ? bool : undefined;
  if (expected.kind === 'bool') return byte < entry.size ? bool : undefined;
  if (expected.kind === 'array' || entry.arrayDimensions.length > 0) {
    return exact ? liveArray(expected, entry) : fitting(expected, entry.size - byte);
  }
  return (exact && primitives.get(entry.dataType)) || fitting(expected, entry.size - byte);
}

function liveArray(expected: Datatype, entry: AdsSymbol): Datatype | undefined {
  const known = expected.kind === 'array' ? expected.element : expected;
  if (known.kind === 'string') return undefined;
  const element = primitives.get(entry.dataType) ?? known;
  const count = entry.size / byteLength(element);
  return Number.isInteger(count) && count > 0 ? arrayOf(element, count) : undefined;
}

/** The type if it fits, a shorter word if that is what is left. */
function fitting(expected: Datatype, bytes: number): Datatype | undefined {
  if (byteLength(expected) <= bytes) return expected;
  const isWord = expected.kind === 'int' && !expected.signed;
  return isWord && bytes > 0 ? int(8 * bytes, false) : undefined;
}
