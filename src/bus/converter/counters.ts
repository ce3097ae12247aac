/** What a converter counts, since the start. */
export interface ConverterCounters {
  /** Messages given to records. */
  messages: number;
  /** Of those, what was not as their address says. */
  bad: number;
  /** Values that were not told for longer than they last. */
  timeouts: number;
  /** Messages that records and rules sent. */
  sent: number;
  /** PVs made of topics with wildcards. */
  made: number;
  /** Topics for which there was no room, or no name. */
  refused: number;
}

export function noCounts(): ConverterCounters {
  return { messages: 0, bad: 0, timeouts: 0, sent: 0, made: 0, refused: 0 };
}
