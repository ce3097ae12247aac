import type { PvDirectory, PvField, PvValue } from '../../pv/index.ts';

/** Limits within which a record drives the plant. */
export interface DriveLimits {
  readonly low: number;
  readonly high: number;
}

/** DRVL and DRVH of a record whose value is put; undefined where it has none. */
export function driveLimits(field: PvField, directory: PvDirectory): DriveLimits | undefined {
  if (field.field !== 'VAL') return undefined;
  const read = (name: string) => {
    const value = directory.find(`${field.record}.${name}`)?.read();
    return typeof value === 'bigint' ? Number(value) : value;
  };
  const low = read('DRVL');
  const high = read('DRVH');
  if (typeof low !== 'number' || typeof high !== 'number' || !(high > low)) return undefined;
  return { low, high };
}

/**
 * Why a value is not to be put: the record would cut it to its drive limits, or has no such state,
 * which on the bus is a mistake to tell of. Undefined when it is within.
 */
export function outOfLimits(
  field: PvField,
  value: PvValue,
  directory: PvDirectory,
): string | undefined {
  if (typeof value === 'object') return undefined;
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  const limits = driveLimits(field, directory);
  if (limits && (number < limits.low || number > limits.high)) {
    return `${field.record} drives from ${limits.low} to ${limits.high}, not ${value}`;
  }
  const { labels } = field.metadata();
  if (labels.length > 0 && typeof value === 'number' && !(value >= 0 && value < labels.length)) {
    return `${field.record} has the states ${labels.join(', ')}, and no ${value}`;
  }
  return undefined;
}
