/** Smallest and largest finite float, as C has them. */
const FLT_MIN = 1.1754943508222875e-38;
const FLT_MAX = 3.4028234663852886e38;

/**
 * A number as a 32-bit integer as the C server converts: floating-point truncates, and out of
 * range or NaN gives −2³¹; whole numbers of wider integer fields lose their high bits
 * (facts/ca.md section 5.1).
 */
// hot path
export function toInt32(value: number, isFloat: boolean): number {
  if (isFloat && !(value > -2147483649 && value < 2147483648)) return -2147483648;
  return value | 0;
}

/** A double as a float: finite values saturate, tiny ones keep their sign (section 5.1). */
export function toFloat(value: number): number {
  const size = Math.abs(value);
  if (value === 0 || !(size < Infinity)) return value;
  if (size >= FLT_MAX) return value < 0 ? -FLT_MAX : FLT_MAX;
  if (size <= FLT_MIN) return value < 0 ? -FLT_MIN : FLT_MIN;
  return value;
}

/** The low 32 bits of a 64-bit integer, signed. */
export function low32(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}
