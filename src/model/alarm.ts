/** EPICS alarm severity (facts/ca.md section 4). */
export const Severity = { noAlarm: 0, minor: 1, major: 2, invalid: 3 } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

/** EPICS alarm status (facts/ca.md section 4). */
export const AlarmStatus = {
  noAlarm: 0,
  read: 1,
  write: 2,
  hihi: 3,
  high: 4,
  lolo: 5,
  low: 6,
  state: 7,
  cos: 8,
  comm: 9,
  timeout: 10,
  hwLimit: 11,
  calc: 12,
  scan: 13,
  link: 14,
  soft: 15,
  badSub: 16,
  udf: 17,
  disable: 18,
  simm: 19,
  readAccess: 20,
  writeAccess: 21,
} as const;
export type AlarmStatus = (typeof AlarmStatus)[keyof typeof AlarmStatus];

/** What is known of the source of a value, before any record looks at it. */
export const Quality = {
  good: 0,
  /** No value has come yet: UDF, INVALID. */
  never: 1,
  /** The plant is away: COMM, INVALID; the last value stands. */
  away: 2,
  /** The plant answered that it cannot tell: READ, INVALID; the last value stands. */
  bad: 3,
  /** The plant has not sent for longer than its value may last: TIMEOUT, INVALID; it stands. */
  late: 4,
} as const;
export type Quality = (typeof Quality)[keyof typeof Quality];
