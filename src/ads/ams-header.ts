import type { Codec } from '../kernel/index.ts';
import { type AmsAddress, amsAddress } from './ams.ts';

/** Bytes of the AMS header, which begins every packet. */
export const AMS_HEADER = 32;

/** What a packet asks or answers (facts/ads.md section 3). */
export const CommandId = {
  readDeviceInfo: 1,
  read: 2,
  write: 3,
  readState: 4,
  writeControl: 5,
  addNotification: 6,
  deleteNotification: 7,
  deviceNotification: 8,
  readWrite: 9,
} as const;
export type CommandId = (typeof CommandId)[keyof typeof CommandId];

/** Bits of the state flags (facts/ads.md section 2). */
export const StateFlag = {
  response: 0x0001,
  noReturn: 0x0002,
  adsCommand: 0x0004,
  systemCommand: 0x0008,
  highPriority: 0x0010,
  timestampAdded: 0x0020,
  udp: 0x0040,
  initCommand: 0x0080,
  broadcast: 0x8000,
} as const;
export type StateFlag = (typeof StateFlag)[keyof typeof StateFlag];

/** State flags of requests, notifications, and of answers. */
export const REQUEST_FLAGS = StateFlag.adsCommand;
export const RESPONSE_FLAGS = StateFlag.adsCommand | StateFlag.response;

/** The head of every AMS packet; `length` counts the payload that follows. */
export type AmsHeader = {
  readonly target: AmsAddress;
  readonly source: AmsAddress;
  /** A `CommandId`, or whatever a foreign peer sent. */
  readonly command: number;
  readonly stateFlags: number;
  readonly length: number;
  /** Error of the router or device; 0 in requests. */
  readonly errorCode: number;
  readonly invokeId: number;
};

export const amsHeader: Codec<AmsHeader> = {
  encode(w, h) {
    amsAddress.encode(w, h.target);
    amsAddress.encode(w, h.source);
    w.u16(h.command);
    w.u16(h.stateFlags);
    w.u32(h.length);
    w.u32(h.errorCode);
    w.u32(h.invokeId);
  },
  decode: (r) => ({
    target: amsAddress.decode(r),
    source: amsAddress.decode(r),
    command: r.u16(),
    stateFlags: r.u16(),
    length: r.u32(),
    errorCode: r.u32(),
    invokeId: r.u32(),
  }),
};

/** Where the fields of a header lie, for code that must not build the object. */
export const HeaderAt = {
  source: 8,
  command: 16,
  stateFlags: 18,
  length: 20,
  errorCode: 24,
  invokeId: 28,
} as const;
