import { type Clock, type Log, Scope, systemClock } from '../../kernel/index.ts';
import type { PvDirectory, TrappedPut } from '../../pv/index.ts';
import { BurstFilter, type PutLogMode } from './burst-filter.ts';
import { entryOf, type PutEntry } from './entry.ts';
import { jsonLine } from './json-line.ts';
import { LogFile } from './log-file.ts';
import { LogPv } from './log-pv.ts';
import { LogServer } from './log-server.ts';
import type { PutLogCounters, PutLogSink } from './sink.ts';
import { textLine } from './text-line.ts';

/** Which puts are logged, how, and where to. */
export interface PutLogOptions {
  readonly mode: PutLogMode;
  readonly format: 'text' | 'json';
  /** Seconds without a put that end a burst. */
  readonly burst: number;
  /** Before each line to a server. */
  readonly prefix: string;
  /** Keys that a site adds to the JSON form. */
  readonly site: Readonly<Record<string, string>>;
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  readonly file?: { readonly path: string; readonly maxBytes: number; readonly keep: number };
  /** A PV of this IOC that shows the newest line. */
  readonly pv?: string;
}

/** A running put log. */
export interface PutLog extends AsyncDisposable {
  readonly counters: Readonly<PutLogCounters>;
}

/**
 * Logs the puts that rules with TRAPWRITE grant, as caPutLog does, until disposed of. Servers may
 * be away, files full: puts never wait for their log. `counters` go on where they stand.
 */
export function openPutLog(
  directory: PvDirectory,
  options: PutLogOptions,
  log: Log,
  counters: PutLogCounters = { lines: 0, dropped: 0 },
  clock: Clock = systemClock,
): PutLog {
  const scope = new Scope();
  const sinks = openSinks(directory, options, counters, log, clock, scope);
  const { format, site, mode, burst } = options;
  const lineOf = (entry: PutEntry) => (format === 'json' ? jsonLine(entry, site) : textLine(entry));
  const emit = (entry: PutEntry) => {
    counters.lines++;
    const line = lineOf(entry);
    for (const sink of sinks) sink.write(line);
  };
  const filter = scope.use(new BurstFilter(mode, burst, clock, emit));
  const { security } = directory;
  const trap = (put: TrappedPut) => filter.take(entryOf(put, clock.now()));
  security.trapped = trap;
  // Another log may have taken its place.
  scope.defer(() => {
    if (security.trapped === trap) security.trapped = undefined;
  });
  return { counters, [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose]() };
}

function openSinks(
  directory: PvDirectory,
  { servers, prefix, file, pv }: PutLogOptions,
  counters: PutLogCounters,
  log: Log,
  clock: Clock,
  scope: Scope,
): PutLogSink[] {
  const sinks: PutLogSink[] = servers.map((server) =>
    scope.use(new LogServer({ ...server, prefix, counters, log, clock })),
  );
  if (file) sinks.push(scope.use(new LogFile({ ...file, counters, log })));
  if (pv !== undefined) sinks.push(new LogPv(directory, pv, counters, log));
  return sinks;
}
