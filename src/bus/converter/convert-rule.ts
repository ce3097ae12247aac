import type { Retained } from './mqtt-address.ts';

/** What a value is, and so what record shows it. */
export type ConvertType = 'number' | 'integer' | 'boolean' | 'enum' | 'text' | 'array';

/** A row of the table `bus.convert.in`: what becomes a PV. */
export interface ConvertRule {
  /** With wildcards it stands for as many PVs as there are topics, up to `most`. */
  readonly topic: string;
  /** Name of the PV; `{1}`, `{2}` … are the levels that the wildcards stand for. */
  readonly pv: string;
  readonly type: ConvertType;
  /** JSON pointer of the value; without it the payload is the value. */
  readonly json?: string;
  readonly scale?: number;
  readonly offset?: number;
  readonly unit?: string;
  readonly precision?: number;
  readonly description?: string;
  /** Names of states, the first for 0. */
  readonly states?: readonly string[];
  /** Words that stand for numbers. */
  readonly words?: Readonly<Record<string, number>>;
  /** JSON pointers of quality and time, and the words that mean good. */
  readonly quality?: string;
  readonly good?: readonly string[];
  readonly time?: string;
  /** Seconds without a message after which the PV is INVALID. */
  readonly timeout?: number;
  readonly qos: 0 | 1;
  readonly retained: Retained;
  /** Messages without the value are of no concern. */
  readonly isOptional: boolean;
  /** Elements of an array, characters of a text. */
  readonly length: number;
  /** Other fields of the record: limits, severities. */
  readonly fields: Readonly<Record<string, string>>;
  readonly most: number;
}

/** A row of `bus.convert.out`: a PV whose value goes to a foreign topic. */
export interface WriteRule {
  /** Its name. */
  readonly pv: string;
  readonly topic: string;
  /** With `{v}`, `{s}`, `{t}`, `{u}`, `{sev}`, `{pv}`; without it the bare value. */
  readonly payload?: string;
  readonly retain: boolean;
  readonly qos: 0 | 1;
  /** Seconds between two messages at least. */
  readonly period: number;
  /** What was sent last is not sent again. */
  readonly onChange: boolean;
  /** The value is sent at each connection, too. */
  readonly onConnect: boolean;
  /** INVALID values are sent as well. */
  readonly sendsInvalid: boolean;
}
