/** Where lines of the put log go. None of them waits for it, and none fails with it. */
export interface PutLogSink {
  /** Takes a line, without newline. */
  write(line: string): void;
}

/** What became of lines, served as PVs. */
export interface PutLogCounters {
  /** Lines made. */
  lines: number;
  /** Lines that a sink had no room for, or could not take. */
  dropped: number;
}
