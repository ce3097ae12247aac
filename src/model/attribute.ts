import type { AlarmStatus, Severity } from './alarm.ts';
import type { Datatype } from './datatype.ts';
import type { FieldAlarm } from './terminal-definition.ts';

/** Engineering = raw × slope + offset. */
export type Scale = { readonly slope: number; readonly offset: number };

/** One state of an enumerated attribute. */
export type EnumLabel = { readonly value: number; readonly label: string };

/**
 * Another attribute of the same controller that tells whether a value can be believed: while it has
 * one of the values that mean trouble, the value it qualifies carries at least this alarm.
 */
export interface Qualifier {
  /** Name of the attribute that is looked at. */
  readonly attribute: string;
  /**
   * Raw values that mean trouble, or every value but those that are fine; of `mask` bits only. A
   * toggle means trouble by none of its values, but when it stands still.
   */
  readonly trouble:
    | readonly number[]
    | { readonly except: readonly number[]; readonly mask?: number }
    | 'standstill';
  readonly status: AlarmStatus;
  readonly severity: Severity;
}

/** Whether the raw value of the attribute that a qualifier looks at means trouble. */
export function isTrouble({ trouble }: Qualifier, raw: number): boolean {
  if (trouble === 'standstill') return false;
  if (!('except' in trouble)) return trouble.includes(raw);
  const { except, mask } = trouble;
  return !except.includes(mask === undefined ? raw : raw & mask);
}

/**
 * One quantity of the plant: what it is called, means and looks like. Where it comes from is the
 * business of the room that found it, so the type of `source` is that room's.
 */
export interface Attribute<Source = unknown> {
  /** snake_case words, unique within its controller: `ai_standard_channel_1_value`. */
  readonly name: string;
  readonly description: string;
  readonly datatype: Datatype;
  /** `rw` attributes get a setpoint and a read-back PV, `w` (commands) a setpoint alone. */
  readonly access: 'r' | 'rw' | 'w';
  readonly source: Source;
  readonly unit?: string;
  /** Digits after the decimal point. */
  readonly precision?: number;
  readonly scale?: Scale;
  /** Display range in engineering units. */
  readonly range?: { readonly low: number; readonly high: number };
  /** First and last value that can be a measurement; the ends of the range unless told. */
  readonly limits?: { readonly low: number; readonly high: number };
  readonly labels?: readonly EnumLabel[];
  /** Name of the database template that says more of its records. */
  readonly template?: string;
  /** What values of its own mean trouble, of a bit that says how others are. */
  readonly alarm?: FieldAlarm;
  /** Changes with everything new from its source, to show that it lives; its value means nothing. */
  readonly toggles?: true;
  /** What this value's alarm severity depends on beside itself; the most severe counts. */
  readonly qualifiers?: readonly Qualifier[];
}
