/**
 * A number of a field as a 32-bit integer, as the C server converts: floating-point truncates, and
 * out of range or NaN gives −2³¹; whole numbers of wider integer fields lose their high bits
 * (facts/ca.md section 5.1).
 */
// hot path
export function toInt32(value: number, isFloat: boolean): number {
  if (isFloat && !(value > -2147483649 && value < 2147483648)) return -2147483648;
  return value | 0;
}
