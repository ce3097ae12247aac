import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

/** `text` is a line for people, `json` a line for log collectors. */
export type LogFormat = 'text' | 'json';

/** Writes to stderr, so that stdout stays for what a command prints. */
export function createLog(
  level: string,
  format: LogFormat = process.stderr.isTTY ? 'text' : 'json',
): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === 'json') return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino(
    options,
    pretty({ destination: 2, sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' }),
  );
}

/** For tests and tools that must stay quiet. */
export const silentLog: Log = pino({ level: 'silent' });
