import { type Attribute, namePattern, type SamplePolicy } from '../model/index.ts';
import type { PlantSource } from '../twincat/index.ts';
import type { NotificationPlan } from './notification-plan.ts';

/** How values whose PV names match are brought and kept; what is left out follows the defaults. */
export interface ValueRule {
  /** `*` and `?` stand for what they do in a shell; a regular expression stands between slashes. */
  readonly match: string;
  readonly mode?: NotificationPlan['mode'];
  /** Seconds. */
  readonly cycle?: number;
  readonly maxDelay?: number;
  readonly policy?: SamplePolicy;
  /** Seconds without word from the plant after which a value is INVALID. */
  readonly age?: number;
  /** Seconds that a toggle may stand still before what it qualifies is INVALID; 0: for ever. */
  readonly toggle?: number;
}

/** How one value is brought and kept. */
export interface ValuePlan {
  /** How it is notified, if not like the others. */
  readonly notification?: NotificationPlan;
  readonly policy: SamplePolicy;
  /** Means of whole numbers are rounded. */
  readonly isWhole: boolean;
  readonly age?: number;
  readonly toggle?: number;
  /** Why the policy is another than the rule's. */
  readonly problem?: string;
}

/** The rules in their order: the first that matches a value's name counts. */
export class ValueRules {
  readonly #rules: readonly { readonly rule: ValueRule; readonly pattern: RegExp }[];
  readonly #defaults: NotificationPlan;
  readonly #used = new Set<ValueRule>();

  constructor(rules: readonly ValueRule[], defaults: NotificationPlan) {
    this.#rules = rules.map((rule) => ({ rule, pattern: namePattern(rule.match) }));
    this.#defaults = defaults;
  }

  /** Patterns that no value has matched yet. */
  get unused(): readonly string[] {
    return this.#rules.flatMap(({ rule }) => (this.#used.has(rule) ? [] : [rule.match]));
  }

  /** The plan of a value; `names` are those of its PV and of its setpoint's. */
  planOf(names: readonly string[], attribute: Attribute<PlantSource>): ValuePlan {
    const found = this.#rules.find(({ pattern }) => names.some((name) => pattern.test(name)));
    if (!found) return usualPlans[usualPolicy(attribute)];
    const { rule } = found;
    this.#used.add(rule);
    const wanted = rule.policy ?? usualPolicy(attribute);
    const isFit = fits(wanted, attribute);
    const { datatype, scale } = attribute;
    return {
      policy: isFit ? wanted : 'last',
      isWhole: datatype.kind === 'int' && !scale,
      ...(this.#isOfItsOwn(rule) && { notification: this.#notification(rule, wanted) }),
      ...(rule.age !== undefined && { age: rule.age }),
      ...(rule.toggle !== undefined && { toggle: rule.toggle }),
      ...(!isFit && { problem: `${names[0]} has no ${wanted}: the newest sample counts` }),
    };
  }

  #isOfItsOwn({ mode, cycle, maxDelay, policy }: ValueRule): boolean {
    return mode !== undefined || cycle !== undefined || maxDelay !== undefined || policy === 'mean';
  }

  /** A mean of samples that come on change would be that of the changes: it asks for all. */
  #notification({ mode, cycle, maxDelay }: ValueRule, policy: SamplePolicy): NotificationPlan {
    return {
      ...this.#defaults,
      mode: mode ?? (policy === 'mean' ? 'cyclic' : this.#defaults.mode),
      ...(cycle !== undefined && { cycle }),
      ...(maxDelay !== undefined && { maxDelay }),
    };
  }
}

/**
 * Two-state inputs are seen in every state, so that no pulse is lost between two batches; bits that
 * toggle to show that they live are not worth it, nor are numbers.
 */
function usualPolicy({
  datatype,
  source,
  toggles,
}: Attribute<PlantSource>): keyof typeof usualPlans {
  const isNotified = source.kind === 'region' && source.region.update === 'notify';
  const isState = datatype.kind === 'bool' && !toggles;
  return isNotified && isState ? 'every' : 'last';
}

/** Plans of values that no rule is about: one for all of a kind. */
const usualPlans = {
  every: { policy: 'every', isWhole: false },
  last: { policy: 'last', isWhole: false },
} as const;

/** Numbers have means and extremes, states among numbers have not; anything has samples. */
function fits(policy: SamplePolicy, { datatype, labels }: Attribute<PlantSource>): boolean {
  if (policy === 'last' || policy === 'every') return true;
  if (datatype.kind === 'float') return true;
  return datatype.kind === 'int' && !labels;
}
