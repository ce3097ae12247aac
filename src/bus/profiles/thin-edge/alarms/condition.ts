/** How bad an alarm is (facts/mqtt.md section 1.5). */
export type AlarmSeverity = 'critical' | 'major' | 'minor' | 'warning';

/** What is wrong: why an alarm stands. */
export interface Condition {
  readonly severity: AlarmSeverity;
  readonly text: string;
  /** RFC 3339: since when. */
  readonly time: string;
  /** What EPICS says of it. */
  readonly epics?: {
    readonly pv: string;
    readonly severity?: string;
    readonly status?: string;
    readonly message?: string;
    readonly value?: number;
  };
  /** Nothing is known of the value: what a failure further up causes. */
  readonly isConsequence?: boolean;
}

/** What thin-edge severity each EPICS severity has. */
export interface SeverityTable {
  readonly minor: AlarmSeverity;
  readonly major: AlarmSeverity;
  readonly invalid: AlarmSeverity;
}

/** When alarms are raised and cleared. Durations are seconds. */
export interface AlarmRules {
  readonly enabled: boolean;
  /** Alarms of records, beside those of the plant itself. */
  readonly records: boolean;
  readonly severities: SeverityTable;
  /** A condition must stand so long to be told, and be gone so long to be cleared. */
  readonly onDelay: number;
  readonly offDelay: number;
  /** Errors per second from which on their alarm is more than a warning. */
  readonly minorRate: number;
  readonly majorRate: number;
  /** Seconds without new errors after which their alarm is cleared. */
  readonly quiet: number;
  /** Seconds between two events that tell of new errors. */
  readonly eventInterval: number;
}

/** Types of alarms of the plant itself; those of records are `pv_<attribute>`. */
export const alarmTypes = [
  'ads_link_lost',
  'not_operational',
  'link_lost',
  'data_invalid',
  'identity_mismatch',
  'topology_mismatch',
  'crc_errors',
  'frame_loss',
] as const;
export type PlantAlarmType = (typeof alarmTypes)[number];
export type AlarmType = PlantAlarmType | `pv_${string}`;

/** Whether an alarm of this type is one of ours; others may keep theirs on our entities. */
export function isAlarmType(type: string): type is AlarmType {
  return type.startsWith('pv_') || alarmTypes.some((each) => each === type);
}

/** What the broker keeps of an alarm. */
export function alarmPayload({ severity, text, time, epics }: Condition): string {
  return JSON.stringify({ severity, text, time, ...(epics && { epics }) });
}
