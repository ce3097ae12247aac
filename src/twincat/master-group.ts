/** Index groups of a master (facts/ads.md section 6). */
export const MasterGroup = {
  state: 0x0003,
  slaveCount: 0x0006,
  slaveAddresses: 0x0007,
  /** Offset 0: all slaves in bus order; else one slave by its address. */
  slaveStates: 0x0009,
  frameCounters: 0x000c,
  slaveIdentity: 0x0011,
  /** Offset 0: sums of all slaves in bus order; else the ports of one slave by its address. */
  crc: 0x0012,
  /** How the slaves are plugged together: a `topologyRecord` each, in bus order. */
  topology: 0x0022,
  /** A datagram to a slave's registers, and its answer, by ReadWrite. */
  escCommand: 0x002c,
  /** Distributed clocks: u32 cycles, positive, negative, largest, 10 classes each; a write clears. */
  dcStatistics: 0x002f,
} as const;

/**
 * Offsets in the group of the master's own state: where it is read, and where one is requested. That
 * a request does not go where the state is read is not verified (facts/ads.md section 6), so what is
 * refused at the one is requested at the other.
 */
export const MASTER_STATE_OFFSET = 0x0100;
export const MASTER_REQUEST_OFFSET = 0x0000;

/** Bytes of the statistics of distributed clocks. */
export const DC_STATISTICS_LENGTH = 96;
