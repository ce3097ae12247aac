import type { Slot } from '../model/index.ts';
import type { Columns } from './columns.ts';

/** AFTC, and what the filter of alarm levels knows since the record last processed. */
export interface AlarmFilter {
  /** AFTC, seconds. */
  constant: number;
  /** AFVL: 0 before the first value; below 0 it is rounded up instead of down. */
  level: number;
  /** EPICS time of the last processing. */
  seconds: number;
  nanoseconds: number;
}

/** How far a level must have gone for the next before rounding turns. */
const THRESHOLD = 0.6321;

/**
 * The level that a filter lets pass, of the level that the value has: a low-pass of time constant
 * AFTC, with a hysteresis by the way it is rounded (facts/epics-formats.md section 3.6).
 */
export function filteredLevel(
  filter: AlarmFilter,
  level: number,
  seconds: number,
  nanoseconds: number,
): number {
  const elapsed = seconds - filter.seconds + (nanoseconds - filter.nanoseconds) / 1e9;
  filter.seconds = seconds;
  filter.nanoseconds = nanoseconds;
  if (filter.level === 0) {
    filter.level = level;
    return level;
  }
  const alpha = filter.constant / (elapsed + filter.constant);
  const sign = filter.level > 0 ? 1 : -1;
  let next = alpha * filter.level + sign * (1 - alpha) * level;
  if (next - Math.floor(next) > THRESHOLD) next = -next;
  filter.level = next;
  return Math.abs(Math.floor(next));
}

/** The severity of a state that its record's filter lets pass. */
export function filteredSeverity(c: Columns, slot: Slot, severity: number): number {
  const filter = c.filters.get(slot);
  if (!filter) return severity;
  return filteredLevel(
    filter,
    severity,
    c.image.seconds[slot] ?? 0,
    c.image.nanoseconds[slot] ?? 0,
  );
}
