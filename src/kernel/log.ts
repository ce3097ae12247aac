import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { LineRing } from './line-ring.ts';

export type Log = Logger;

/** `text` is a line for people, `json` a line for log collectors. */
export type LogFormat = 'text' | 'json';

/**
 * Writes to stderr, so that stdout stays for what a command prints; as JSON to `recent` as well, for
 * who asks what was said.
 */
export function createLog(
  level: string,
  format: LogFormat = process.stderr.isTTY ? 'text' : 'json',
  recent?: Pick<LineRing, 'write'>,
): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const stream = format === 'json' ? pino.destination({ dest: 2, sync: true }) : prettyStream();
  if (!recent) return pino(options, stream);
  const all = { level: 'trace' } as const;
  return pino(
    options,
    pino.multistream([
      { stream, ...all },
      { stream: recent, ...all },
    ]),
  );
}

function prettyStream() {
  // The room that speaks is for programs.
  const times = { translateTime: 'SYS:HH:MM:ss.l', ignore: 'room' };
  return pretty({ destination: 2, sync: true, singleLine: true, ...times });
}

/** For tests and tools that must stay quiet. */
export const silentLog: Log = pino({ level: 'silent' });
