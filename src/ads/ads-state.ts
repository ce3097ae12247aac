/** State of an ADS server (facts/ads.md section 3). */
export const AdsState = {
  invalid: 0,
  idle: 1,
  reset: 2,
  init: 3,
  start: 4,
  run: 5,
  stop: 6,
  saveConfig: 7,
  loadConfig: 8,
  powerFailure: 9,
  powerGood: 10,
  error: 11,
  shutdown: 12,
  suspend: 13,
  resume: 14,
  config: 15,
  reconfig: 16,
  stopping: 17,
  incompatible: 18,
  exception: 19,
} as const;
export type AdsState = (typeof AdsState)[keyof typeof AdsState];
