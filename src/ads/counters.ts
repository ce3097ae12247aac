/** What went over one connection. */
export type AdsCounters = {
  requests: number;
  responses: number;
  timeouts: number;
  /** Answers to requests that were given up, or that nobody made. */
  unmatched: number;
  malformed: number;
  notificationFrames: number;
  bytesSent: number;
  bytesReceived: number;
};

export function zeroCounters(): AdsCounters {
  return {
    requests: 0,
    responses: 0,
    timeouts: 0,
    unmatched: 0,
    malformed: 0,
    notificationFrames: 0,
    bytesSent: 0,
    bytesReceived: 0,
  };
}
