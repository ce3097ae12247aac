import { z } from 'zod';
import { AlarmStatus, type FieldAlarm, Severity, snakeCase } from '../model/index.ts';
import { section } from './issue-text.ts';
import { unsigned } from './scalars.ts';

const statuses = ['read', 'comm', 'timeout', 'hwLimit', 'link', 'state'] as const;
const severities = ['minor', 'major', 'invalid'] as const;

/** What a field of a status word means for the values beside it; `none` overrides what it says. */
export const alarm = z
  .union(
    [
      z.literal('none'),
      section({
        at: z.union([z.array(unsigned(32)).min(1), z.literal('standstill')]).default([1]),
        severity: z.enum(severities),
        status: z.enum(statuses).default('read'),
      }),
    ],
    'must be none, or { severity: minor, major or invalid } with at and status where wanted',
  )
  .transform((given): FieldAlarm | 'none' =>
    given === 'none'
      ? given
      : {
          trouble: given.at,
          status: AlarmStatus[given.status],
          severity: Severity[given.severity],
        },
  );

/** What well-known names of Beckhoff's status bits mean; they are 1 in case of trouble unless told. */
const wellKnown: Readonly<
  Record<string, Omit<FieldAlarm, 'trouble'> & Partial<Pick<FieldAlarm, 'trouble'>>>
> = {
  underrange: { status: AlarmStatus.hwLimit, severity: Severity.major },
  overrange: { status: AlarmStatus.hwLimit, severity: Severity.major },
  error: { status: AlarmStatus.read, severity: Severity.invalid },
  data_invalid: { status: AlarmStatus.read, severity: Severity.invalid },
  txpdo_state: { status: AlarmStatus.read, severity: Severity.invalid },
  txpdo_toggle: {
    trouble: 'standstill',
    status: AlarmStatus.timeout,
    severity: Severity.invalid,
  },
  sync_error: { status: AlarmStatus.timeout, severity: Severity.minor },
  undervoltage: { status: AlarmStatus.state, severity: Severity.major },
  overload: { status: AlarmStatus.state, severity: Severity.major },
  diag: { status: AlarmStatus.state, severity: Severity.minor },
  warning: { status: AlarmStatus.state, severity: Severity.minor },
};

/**
 * The alarm of a field by its name. An error bit beside range bits is set for what they say, too;
 * there it is no worse than they are, so that a value out of range is MAJOR/HWLIMIT, not INVALID.
 */
export function usualAlarm(field: string, siblings: readonly string[]): FieldAlarm | undefined {
  const name = snakeCase(field);
  const known = wellKnown[name];
  if (!known) return undefined;
  const hasRange = siblings.some((each) => /^(under|over)range$/.test(snakeCase(each)));
  const severity = name === 'error' && hasRange ? Severity.major : known.severity;
  return { trouble: [1], ...known, severity };
}
