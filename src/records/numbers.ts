import type { FieldType } from './field-type.ts';

const two31 = 2 ** 31;
const two63 = 2n ** 63n;

/** The most that INT64 holds; larger unsigned numbers of the plant stand there. */
export const LARGEST_INT64 = two63 - 1n;

/** A C cast of a double to int: toward zero; what does not fit, and NaN, is −2147483648. */
export function toInt32(value: number): number {
  const whole = Math.trunc(value);
  return whole >= -two31 && whole < two31 ? whole | 0 : -two31;
}

/** A whole number held within 32 bits: what does not fit is the end of the range; NaN is 0. */
export function saturated32(value: number): number {
  return Math.min(Math.max(value, -two31), two31 - 1) | 0;
}

/** A C cast of a double to a 64-bit integer: what does not fit, and NaN, is −2^63. */
export function toInt64(value: number): bigint {
  const whole = Math.trunc(value);
  return Math.abs(whole) < 2 ** 63 ? BigInt(whole) : -two63;
}

/**
 * The number that a field of a type holds once a number was put in it: C casts, so integers keep
 * their low bits and doubles are cut toward zero (facts/ca.md sections 5.1 and 6.1).
 */
export function castNumber(type: FieldType, value: number | bigint): number | bigint {
  switch (type) {
    case 'DOUBLE':
      return Number(value);
    case 'FLOAT':
      return toFloat(Number(value));
    case 'INT64':
      return BigInt.asIntN(64, typeof value === 'bigint' ? value : toInt64(value));
    case 'UINT64':
      return BigInt.asUintN(64, typeof value === 'bigint' ? value : toUint64(value));
    default:
      return castSmall(type, value);
  }
}

/** Integers of at most 32 bits: low bits of the number as a 32-bit integer, of ULONG as a 64-bit one. */
function castSmall(type: FieldType, value: number | bigint): number {
  const low = low32(type, value);
  switch (type) {
    case 'CHAR':
      return (low << 24) >> 24;
    case 'UCHAR':
      return low & 0xff;
    case 'SHORT':
      return (low << 16) >> 16;
    case 'LONG':
      return low;
    case 'ULONG':
      return low >>> 0;
    default:
      return low & 0xffff;
  }
}

/** What does not fit 64 bits is −2^63, whose low bits are 0. */
function low32OfDouble(value: number): number {
  return Math.abs(value) < 2 ** 63 ? value | 0 : 0;
}

function low32(type: FieldType, value: number | bigint): number {
  if (typeof value === 'bigint') return Number(BigInt.asIntN(32, value));
  return type === 'ULONG' ? low32OfDouble(value) : toInt32(value);
}

function toUint64(value: number): bigint {
  const whole = Math.trunc(value);
  return whole >= 2 ** 63 && whole < 2 ** 64 ? BigInt(whole) : toInt64(value);
}

const floatMax = 3.4028234663852886e38;
const floatMin = 1.1754943508222875e-38;

/** A double as float: finite magnitudes saturate at the float's largest and smallest normal. */
export function toFloat(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(value)) return value;
  const kept = Math.min(Math.max(size, floatMin), floatMax);
  return Math.fround(value < 0 ? -kept : kept);
}
