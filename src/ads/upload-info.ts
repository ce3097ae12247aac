import type { Codec } from '../kernel/index.ts';

/** Size of a server's symbol and data type tables. */
export type UploadInfo = {
  readonly symbolCount: number;
  /** Bytes of the whole symbol table. */
  readonly symbolBytes: number;
  readonly dataTypeCount: number;
  readonly dataTypeBytes: number;
};

/**
 * The 24-byte form (group 0xF00F). Decoding also takes the 8 bytes of group 0xF00C, the 20 bytes
 * of some simulators and the 64 bytes of newer servers, of which the first 24 are the same.
 */
export const uploadInfo: Codec<UploadInfo> = {
  encode(w, info) {
    w.u32(info.symbolCount);
    w.u32(info.symbolBytes);
    w.u32(info.dataTypeCount);
    w.u32(info.dataTypeBytes);
    // Maximum and used count of dynamic symbols.
    w.u32(0);
    w.u32(0);
  },
  decode(r) {
    const symbolCount = r.u32();
    const symbolBytes = r.u32();
    const long = r.remaining >= 8;
    return {
      symbolCount,
      symbolBytes,
      dataTypeCount: long ? r.u32() : 0,
      dataTypeBytes: long ? r.u32() : 0,
    };
  },
};
