/** What gives a record its value, or takes it, by DTYP. */
export const DeviceCode = {
  /** Soft Channel: VAL through INP or OUT. */
  soft: 0,
  /** Raw Soft Channel: RVAL through INP or OUT. */
  raw: 1,
  /** Async Soft Channel: as Soft Channel, when what the link leads to has processed. */
  async: 2,
  /** The process image and the put sink: a record of the plant. */
  plant: 3,
  /** A `Device`. */
  device: 4,
  /** None that is here: the record cannot process. */
  none: 5,
} as const;
export type DeviceCode = (typeof DeviceCode)[keyof typeof DeviceCode];
