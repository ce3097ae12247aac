// A linear congruential generator of 16 bits; its seed and factors are those of EPICS base, so that
// the sequence of RNDM after a start is the same. Good for noise on a simulated value, for no more.
let seed = 0xa3bf;

// hot path
/** The next number of RNDM: 0 to 1, both included, in steps of 1/65535. */
export function calcRandom(): number {
  seed = (seed * 1533 + 0x3141) & 0xffff;
  return seed / 65535;
}
