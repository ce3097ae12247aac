import type { Datatype } from './datatype.ts';

/** Engineering = raw × slope + offset. */
export type Scale = { readonly slope: number; readonly offset: number };

/** One state of an enumerated attribute. */
export type EnumLabel = { readonly value: number; readonly label: string };

/**
 * One quantity of the plant: what it is called, means and looks like. Where it comes from is the
 * business of the room that found it, so the type of `source` is that room's.
 */
export interface Attribute<Source = unknown> {
  /** snake_case words, unique within its controller: `ai_standard_channel_1_value`. */
  readonly name: string;
  readonly description: string;
  readonly datatype: Datatype;
  /** `rw` attributes get a setpoint and a read-back PV. */
  readonly access: 'r' | 'rw';
  readonly source: Source;
  readonly unit?: string;
  /** Digits after the decimal point. */
  readonly precision?: number;
  readonly scale?: Scale;
  /** Display range in engineering units. */
  readonly range?: { readonly low: number; readonly high: number };
  readonly labels?: readonly EnumLabel[];
}
