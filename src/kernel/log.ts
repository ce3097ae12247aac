import { type Logger, pino } from 'pino';

export type Log = Logger;

/** One line of JSON per event on stderr, so that stdout stays for what a command prints. */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}

/** For tests and tools that must stay quiet. */
export const silentLog: Log = pino({ level: 'silent' });
