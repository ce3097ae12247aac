/** Seconds from 1970-01-01 to the EPICS epoch 1990-01-01 (facts/ca.md, head). */
export const EPICS_EPOCH_UNIX_SECONDS = 631_152_000;

/** Seconds from the FILETIME epoch 1601-01-01 to 1990-01-01. */
const EPICS_EPOCH_FILETIME_SECONDS = 11_644_473_600 + EPICS_EPOCH_UNIX_SECONDS;

const TICKS_PER_SECOND = 10_000_000;
/** 2^32 ticks of 100 ns = 429 s and 4,967,296 ticks. */
const HIGH_SECONDS = 429;
const HIGH_TICKS = 4_967_296;

/** A FILETIME in two halves: 100 ns ticks since 1601-01-01 UTC need more than 53 bits. */
export type Filetime = { readonly low: number; readonly high: number };

/** Whole seconds since 1990-01-01 of a FILETIME; negative before it. */
export function epicsSeconds(low: number, high: number): number {
  const ticks = high * HIGH_TICKS + low;
  return high * HIGH_SECONDS + Math.floor(ticks / TICKS_PER_SECOND) - EPICS_EPOCH_FILETIME_SECONDS;
}

/** Nanoseconds within the second of a FILETIME, in steps of 100. */
export function epicsNanoseconds(low: number, high: number): number {
  return ((high * HIGH_TICKS + low) % TICKS_PER_SECOND) * 100;
}

/** The FILETIME of a wall-clock time in milliseconds since 1970, to the microsecond or better. */
export function filetimeOf(unixMs: number): Filetime {
  const seconds = Math.floor(unixMs / 1000);
  const ticks = Math.round((unixMs - seconds * 1000) * 10_000);
  const total = BigInt(seconds + 11_644_473_600) * 10_000_000n + BigInt(ticks);
  return { low: Number(total & 0xffff_ffffn), high: Number(total >> 32n) };
}

/** Milliseconds since 1970 of an EPICS time. */
export function unixMs(seconds: number, nanoseconds: number): number {
  return (seconds + EPICS_EPOCH_UNIX_SECONDS) * 1000 + nanoseconds / 1e6;
}

/** EPICS time of a wall-clock time in milliseconds since 1970, by default now. */
export function epicsNow(unixMs = Date.now()): { seconds: number; nanoseconds: number } {
  const whole = Math.floor(unixMs / 1000);
  const nanoseconds = Math.floor((unixMs - whole * 1000) * 1e6);
  return { seconds: (whole - EPICS_EPOCH_UNIX_SECONDS) >>> 0, nanoseconds };
}

/** `2026-11-21T03:43:56.123456700Z` of an EPICS time. */
export function isoTime(seconds: number, nanoseconds: number): string {
  const whole = new Date((seconds + EPICS_EPOCH_UNIX_SECONDS) * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(nanoseconds).padStart(9, '0')}Z`;
}
