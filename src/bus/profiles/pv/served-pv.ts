import type { Grant, PvField } from '../../../pv/index.ts';
import type { PvRule } from './options.ts';

/** A PV and its topics. */
export interface ServedPv {
  readonly name: string;
  readonly field: PvField;
  readonly path: string;
  readonly topics: {
    readonly state: string;
    readonly meta: string;
    readonly result: string;
  };
  readonly rule: PvRule | undefined;
  /** Rows of characters are text. */
  readonly asText: boolean;
  /** Milliseconds between two messages at least. */
  readonly periodMs: number;
  /** Whether a rule of the profile lets anybody put to it. */
  readonly isSettable: boolean;
  /** Names of states. */
  labels: readonly string[];
  /** Names of states as members of JSON: `,"s":"Open"`. */
  states: readonly string[];
  /** The unit as a member of JSON: `,"u":"V"`; empty without one. */
  unit: string;
  /** Changes up to this are not published. */
  deadband: number;
  /** What the profile's client may. */
  grant: Grant;
}

/** Reads what may change with the record's properties. */
export function describe(pv: ServedPv): void {
  const { units, labels, display } = pv.field.metadata();
  const { deadband = 0, percent = 0 } = pv.rule ?? {};
  pv.labels = labels;
  pv.states = labels.map((label) => (label === '' ? '' : `,"s":${JSON.stringify(label)}`));
  pv.unit = units === '' ? '' : `,"u":${JSON.stringify(units)}`;
  pv.deadband = Math.max(deadband, (percent / 100) * Math.max(display.high - display.low, 0));
}
