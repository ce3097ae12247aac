import type { Lines } from '../command.ts';

/** The two forms of lines. */
export type PutLogFormat = 'text' | 'json';

/** What the commands of caPutLog do to an IOC. What is wrong with an order is thrown. */
export interface PutLogControl {
  /**
   * Begins to log, or adds servers: `host` or `host:port`, several by blanks. Without any, those
   * that the environment names. Mode: -1 off, 0 changes, 1 all, 2 every put.
   */
  begin(format: PutLogFormat, servers: string, mode: number, burstSeconds: number): void;
  setMode(mode: number): void;
  setBurst(seconds: number): void;
  /** Before each line to a server. */
  setPrefix(text: string): void;
  /** A key that the JSON form carries; without a value it is left out again. */
  setSiteKey(key: string, value: string | undefined): void;
  show(): Lines;
}
