/**
 * A time within a message in milliseconds since 1970: RFC 3339, or a number, whose size tells whether it is of
 * seconds, milli-, micro- or nanoseconds. Undefined of what is no time.
 */
export function timeOf(given: unknown): number | undefined {
  if (typeof given === 'number') return ofNumber(given);
  if (typeof given !== 'string') return undefined;
  if (/^\d+(\.\d+)?$/.test(given)) return ofNumber(Number(given));
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(given)) return undefined;
  const time = Date.parse(given);
  return Number.isNaN(time) ? undefined : time;
}

/** Seconds of today are of ten digits; until the year 5138 of no more than eleven. */
function ofNumber(given: number): number | undefined {
  if (!Number.isFinite(given) || given < 0) return undefined;
  if (given < 1e11) return given * 1000;
  if (given < 1e14) return given;
  return given < 1e17 ? given / 1000 : given / 1e6;
}
