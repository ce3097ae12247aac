import type { Codec } from '../kernel/index.ts';

/** The two state bytes of a slave, undecoded; `diagnostics.ts` puts them in words. */
export type SlaveState = { readonly state: number; readonly link: number };

export const slaveState: Codec<SlaveState> = {
  encode(w, { state, link }) {
    w.u8(state);
    w.u8(link);
  },
  decode: (r) => ({ state: r.u8(), link: r.u8() }),
};
