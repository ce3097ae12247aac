import type { Codec } from '../kernel/index.ts';
import type { Identity } from './facts.ts';

/** What the master tells of a slave's identity (facts/ads.md section 6, group 0x11). */
export const identity: Codec<Identity> = {
  encode(w, { vendor, product, revision, serial }) {
    w.u32(vendor);
    w.u32(product);
    w.u32(revision);
    w.u32(serial);
  },
  decode: (r) => ({ vendor: r.u32(), product: r.u32(), revision: r.u32(), serial: r.u32() }),
};

/** Of a device or slave that did not tell. */
export const unknownIdentity: Identity = { vendor: 0, product: 0, revision: 0, serial: 0 };
