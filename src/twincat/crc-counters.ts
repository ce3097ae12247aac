import type { Codec } from '../kernel/index.ts';

/** CRC errors at the ports A, B, C and D of a slave. */
export type CrcCounters = readonly [a: number, b: number, c: number, d: number];

/** Four counters; an answer leaves out those of ports that a slave does not have. */
export const crcCounters: Codec<CrcCounters> = {
  encode(w, counters) {
    for (const count of counters) w.u32(count);
  },
  decode(r) {
    const next = () => (r.remaining >= 4 ? r.u32() : 0);
    return [next(), next(), next(), next()];
  },
};
