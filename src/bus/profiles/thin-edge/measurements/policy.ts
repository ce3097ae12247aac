import { namePattern } from '../../../../model/index.ts';
import type { DataType } from '../data-type.ts';

/** What is measured: the last segment of `m/<type>`; `runtime` is of the IOC itself. */
export type MeasurementType = Exclude<DataType, 'fixed' | 'command'> | 'runtime';

/**
 * How far a value must be from the one published last: as its record says for monitors (MDEL) or
 * for archives (ADEL), so much, or so many percent of its display range.
 */
export type Deadband =
  | 'mdel'
  | 'adel'
  | { readonly kind: 'absolute' | 'percent'; readonly value: number };

/** How the measurements of one type of one entity are published. Durations are seconds. */
export interface MeasurementPolicy {
  readonly enabled: boolean;
  /** The newest values are collected for so long. */
  readonly period: number;
  /** Changed members only; all when one changed; all in each period. */
  readonly mode: 'onchange' | 'all' | 'cyclic';
  /** All members, changed or not, so often at least; 0: never. */
  readonly heartbeat: number;
  readonly deadband: Deadband;
  /** Between two messages of an entity, after a burst. */
  readonly minInterval: number;
  readonly burst: number;
  /** Longest payload; what is longer becomes several messages of one time. */
  readonly maxBytes: number;
  /** Whose time a measurement has: the newest of its values', or when it was published. */
  readonly timeSource: 'ads' | 'ioc';
  readonly qos: 0 | 1;
}

/** A policy for some entities: what their PV names begin with matches. */
export type GroupRule = Partial<MeasurementPolicy> & {
  readonly match: string;
  readonly type?: MeasurementType;
};

/** What is said of single values, by their PV names. */
export interface AttributeRule {
  readonly match: string;
  readonly deadband?: Deadband;
  readonly publish?: boolean;
}

/** All that is said of measurements; of rules the first that matches counts. */
export interface MeasurementRules {
  readonly defaults: Readonly<Record<MeasurementType, MeasurementPolicy>>;
  readonly groups: readonly GroupRule[];
  readonly attributes: readonly AttributeRule[];
  /** Messages per second of all entities together, and how many may come at once. */
  readonly rate: number;
  readonly burst: number;
}

/** Finds what counts for an entity or a value. */
export class Policies {
  readonly #rules: MeasurementRules;
  readonly #groups: readonly { readonly pattern: RegExp; readonly rule: GroupRule }[];
  readonly #attributes: readonly { readonly pattern: RegExp; readonly rule: AttributeRule }[];

  constructor(rules: MeasurementRules) {
    this.#rules = rules;
    this.#groups = rules.groups.map((rule) => ({ pattern: namePattern(rule.match), rule }));
    this.#attributes = rules.attributes.map((rule) => ({
      pattern: namePattern(rule.match),
      rule,
    }));
  }

  /** Of an entity whose PV names begin with `path`. */
  ofGroup(path: string, type: MeasurementType): MeasurementPolicy {
    const found = this.#groups.find(
      ({ pattern, rule }) => (rule.type ?? type) === type && pattern.test(path),
    );
    return { ...this.#rules.defaults[type], ...found?.rule };
  }

  ofAttribute(pv: string): Omit<AttributeRule, 'match'> {
    return this.#attributes.find(({ pattern }) => pattern.test(pv))?.rule ?? {};
  }
}
