// hot path
/**
 * The 32 bits that bit operations see: negative numbers by a cast to int32, others by a cast to
 * uint32, as compiled for x86-64. So 4294967295 and −1 are the same; what is below −2^31 is
 * −2^31; of what is above 2^32 the low bits count up to 2^63, and above, or of NaN, none.
 */
export function bits(value: number): number {
  if (value < 0) return value > -2147483649 ? value | 0 : -2147483648;
  return value < 2 ** 63 ? value | 0 : 0;
}
