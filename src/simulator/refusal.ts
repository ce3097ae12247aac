import { AdsError, AdsErrorCode, adsErrorText } from '../ads/index.ts';

/**
 * Results that the simulated servers give beside those of `AdsErrorCode`
 * (facts/ads.md sections 6 and 13).
 */
export const Result = {
  ...AdsErrorCode,
  /** AMS header errors, not results. */
  unknownCommand: 0x8,
  invalidAmsLength: 0xe,
  transmissionModeNotSupported: 0x713,
  invalidWatchSize: 0x717,
  /** CANopen SDO abort codes. */
  sdoUnsupportedAccess: 0x0601_0000,
  sdoReadOnly: 0x0601_0002,
  sdoNoObject: 0x0602_0000,
  sdoLengthMismatch: 0x0607_0010,
  sdoNoSubindex: 0x0609_0011,
} as const;
export type Result = (typeof Result)[keyof typeof Result];

/**
 * What a simulated server throws to answer a request with a result other than 0: a `Result`, or
 * an SDO abort code that a script chose.
 */
export function refused(result: number): AdsError {
  return new AdsError('ads/refused', result, adsErrorText(result));
}
