/** Ids of the ADS data types (facts/ads.md section 7). */
export const AdsDataType = {
  void: 0,
  int16: 2,
  int32: 3,
  real32: 4,
  real64: 5,
  int8: 16,
  uint8: 17,
  uint16: 18,
  uint32: 19,
  int64: 20,
  uint64: 21,
  string: 30,
  wstring: 31,
  real80: 32,
  bit: 33,
  /** A structure, or an array of anything. */
  bigType: 65,
} as const;
export type AdsDataType = (typeof AdsDataType)[keyof typeof AdsDataType];
