/** What the pipelines have done since the IOC started; every bound of a queue counts here. */
export interface PipelineCounters {
  /** Notification frames taken, and those among them that were broken. */
  frames: number;
  malformed: number;
  /** Batches handed to the records. */
  batches: number;
  /** Reads of polled regions that failed. */
  pollsFailed: number;
  /** Puts sent to the plant, and those that it refused. */
  puts: number;
  putsFailed: number;
  /** Attempts to connect, and sessions that came to life. */
  attempts: number;
  sessions: number;
  /** Notifications that died silently, and were asked for again. */
  notificationsLost: number;
}

export function newCounters(): PipelineCounters {
  return {
    frames: 0,
    malformed: 0,
    batches: 0,
    pollsFailed: 0,
    puts: 0,
    putsFailed: 0,
    attempts: 0,
    sessions: 0,
    notificationsLost: 0,
  };
}
