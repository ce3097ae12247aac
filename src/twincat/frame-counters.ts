import type { Codec } from '../kernel/index.ts';

/** Frames of a master since the last reset (facts/ads.md section 6, group 0x0C). */
export type FrameCounters = {
  /** Of the master, in its own unit. */
  readonly time: number;
  readonly cyclicSent: number;
  readonly cyclicLost: number;
  readonly acyclicSent: number;
  readonly acyclicLost: number;
};

export const frameCounters: Codec<FrameCounters> = {
  encode(w, counters) {
    w.u32(counters.time);
    w.u32(counters.cyclicSent);
    w.u32(counters.cyclicLost);
    w.u32(counters.acyclicSent);
    w.u32(counters.acyclicLost);
  },
  decode: (r) => ({
    time: r.u32(),
    cyclicSent: r.u32(),
    cyclicLost: r.u32(),
    acyclicSent: r.u32(),
    acyclicLost: r.u32(),
  }),
};
