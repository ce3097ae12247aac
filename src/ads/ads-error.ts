import { IocError } from '../kernel/index.ts';

/** ADS error codes that somebody decides by. */
export const AdsErrorCode = {
  targetPortNotFound: 0x6,
  targetMachineNotFound: 0x7,
  deviceError: 0x700,
  serviceNotSupported: 0x701,
  invalidGroup: 0x702,
  invalidOffset: 0x703,
  invalidAccess: 0x704,
  invalidSize: 0x705,
  invalidData: 0x706,
  notReady: 0x707,
  busy: 0x708,
  outOfMemory: 0x70a,
  symbolNotFound: 0x710,
  symbolVersionInvalid: 0x711,
  invalidState: 0x712,
  invalidNotificationHandle: 0x714,
  noMoreHandles: 0x716,
  deviceTimeout: 0x719,
  invalidInterface: 0x71b,
  noAnswer: 0x745,
} as const;
export type AdsErrorCode = (typeof AdsErrorCode)[keyof typeof AdsErrorCode];

/**
 * A request that its server, a router or nobody answered: `code` is `ads/refused`, `ads/undelivered`
 * or `ads/timeout`, `adsCode` the number that ADS has for it.
 */
export class AdsError extends IocError {
  /** Of the ADS or AMS error list, or a CANopen SDO abort code. */
  readonly adsCode: number;

  constructor(
    code: string,
    adsCode: number,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(code, message, options);
    this.name = 'AdsError';
    this.adsCode = adsCode;
  }
}
