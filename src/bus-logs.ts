import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Entity, LogLine, LogSource } from './bus/index.ts';
import type { PutLogConfig } from './config/index.ts';
import type { LineRing } from './kernel/index.ts';

/** What logs are made of. */
export interface LogGround {
  /** The newest lines of the log, in JSON; none where nobody keeps them. */
  readonly recent: LineRing | undefined;
  readonly putLog: PutLogConfig | undefined;
  /** Events and alarms on the bus. */
  readonly events: LineRing;
  /** Plant of an entity on the bus, by its topic id. */
  readonly plantOf: (topicId: string) => string | undefined;
}

/** The logs that can be asked for over the bus. */
export function busLogs({ recent, putLog, events, plantOf }: LogGround): readonly LogSource[] {
  return [
    ...(recent ? [iocLog(recent), adsLog(recent)] : []),
    ...(putLog?.file ? [putLogFiles(putLog.file)] : []),
    eventLog(events, plantOf),
  ];
}

/** All that the IOC says; of a server what it says of that plant. */
function iocLog(recent: LineRing): LogSource {
  return {
    type: 'ioc',
    *read(entity) {
      for (const said of saidIn(recent)) if (concerns(said, entity)) yield lineOf(said);
    },
  };
}

/** What the ways to the plants say. */
function adsLog(recent: LineRing): LogSource {
  return {
    type: 'ads',
    *read(entity) {
      for (const said of saidIn(recent)) {
        if (said['room'] === 'ads' && concerns(said, entity)) yield lineOf(said);
      }
    },
  };
}

/** Events and alarms of EtherCAT and of what hangs on it, as they went to the bus. */
function eventLog(events: LineRing, plantOf: (topicId: string) => string | undefined): LogSource {
  return {
    type: 'ethercat',
    *read({ plant }) {
      for (const text of events.lines()) {
        const [time = '', topicId = ''] = text.split(' ', 2);
        if (plant !== undefined && plantOf(topicId) !== plant) continue;
        yield { at: Date.parse(time), text };
      }
    },
  };
}

/** The file of the put log and the older ones that are kept, oldest first. */
function putLogFiles({ path, keep }: NonNullable<PutLogConfig['file']>): LogSource {
  return {
    type: 'putlog',
    async *read() {
      for (let age = keep; age >= 0; age--) {
        const file = age === 0 ? path : `${path}.${age}`;
        if (!existsSync(file)) continue;
        const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
        for await (const text of lines) yield { at: putTime(text), text };
      }
    },
  };
}

/** A line of pino's. */
type Said = Readonly<Record<string, unknown>>;

const levels: Readonly<Record<number, string>> = {
  ...{ 10: 'TRACE', 20: 'DEBUG', 30: 'INFO', 40: 'WARN', 50: 'ERROR', 60: 'FATAL' },
};

function* saidIn(recent: LineRing): Iterable<Said> {
  for (const line of recent.lines()) yield JSON.parse(line) as Said;
}

/** Where there is one plant only, its lines do not name it. */
function concerns({ plant, room }: Said, entity: Entity): boolean {
  if (entity.plant === undefined) return true;
  return plant === entity.plant || (plant === undefined && room === 'ads');
}

function lineOf({ time, level, msg, room: _, ...rest }: Said): LogLine {
  const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  const text = `${time} ${levels[Number(level)] ?? level} ${msg}${more}`;
  return { at: Date.parse(String(time)), text };
}

/** Both forms of the put log, in local time: `29-Jul-26 13:05:07`, `"date":"2026-07-29","time":"13:05:07.089"`. */
export function putTime(line: string): number | undefined {
  const [, date, clock] = /"date":"([\d-]+)","time":"([\d:.]+)"/.exec(line) ?? [];
  const [text] = /\d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d/.exec(line) ?? [];
  // A year of two digits is one of this century.
  const short = text?.replace(/-(\d\d) /, '-20$1 ').replaceAll('-', ' ');
  const at = Date.parse(date === undefined ? (short ?? '') : `${date}T${clock}`);
  return Number.isNaN(at) ? undefined : at;
}
