import { LineRing } from '../../../kernel/index.ts';
import type { Entity } from '../../profiles/thin-edge/entity.ts';

/** A line of a log and when it was written, ms since 1970; undefined where it does not tell. */
export interface LogLine {
  readonly at: number | undefined;
  readonly text: string;
}

/** A log that can be asked for. */
export interface LogSource {
  /** `ioc`, `putlog`: what commands call it. */
  readonly type: string;
  /** Lines of what concerns an entity, oldest first. */
  read(entity: Entity): AsyncIterable<LogLine> | Iterable<LogLine>;
}

/** Which lines are wanted. */
export interface LogRange {
  readonly from: number;
  readonly to: number;
  /** They hold this text. */
  readonly text: string;
  /** Not more than so many, the newest. */
  readonly lines: number;
}

/** Larger logs are not sent: their oldest lines stay out. */
const MOST_BYTES = 16 * 2 ** 20;

/** The newest lines within a range, each with its line end. A line without a time has that before it. */
export async function selected(
  source: AsyncIterable<LogLine> | Iterable<LogLine>,
  { from, to, text, lines }: LogRange,
): Promise<string> {
  const kept = new LineRing(lines, MOST_BYTES);
  let time = Number.NEGATIVE_INFINITY;
  for await (const line of source) {
    time = line.at ?? time;
    if (time >= from && time <= to && line.text.includes(text)) kept.write(line.text);
  }
  return kept
    .lines()
    .map((line) => `${line}\n`)
    .join('');
}
