import { type Grant, Right } from './right.ts';
import { appliesTo, MOST_INPUTS, type Rule, type Subject } from './rule.ts';

/** One INPx of a group. */
export interface Input {
  /** 0 for A, 1 for B …. */
  readonly index: number;
  readonly pv: string;
}

/** One ASG: its rules, and what its inputs say now. */
export class SecurityGroup {
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly rules: readonly Rule[];
  readonly #values = new Float64Array(MOST_INPUTS);
  /** Inputs without a value that counts. Those that no INP names are 0, as in EPICS. */
  #bad = 0;
  readonly #open: boolean[];

  constructor(name: string, inputs: readonly Input[], rules: readonly Rule[]) {
    this.name = name;
    this.inputs = inputs;
    this.rules = rules;
    for (const { index } of inputs) this.#bad |= 1 << index;
    this.#open = rules.map((rule) => this.#isOpen(rule));
  }

  /** Takes an input's value; undefined for one that is INVALID or away. True if a CALC changed. */
  setInput(index: number, value: number | undefined): boolean {
    const bit = 1 << index;
    if (value === undefined) this.#bad |= bit;
    else {
      this.#bad &= ~bit;
      this.#values[index] = value;
    }
    let changed = false;
    for (const [i, rule] of this.rules.entries()) {
      if (rule.condition === undefined || (rule.condition.inputs & bit) === 0) continue;
      const isOpen = this.#isOpen(rule);
      changed ||= isOpen !== this.#open[i];
      this.#open[i] = isOpen;
    }
    return changed;
  }

  /** An input's value; undefined while it does not count. */
  input(index: number): number | undefined {
    return this.#bad & (1 << index) ? undefined : this.#values[index];
  }

  /** Whether the CALC of a rule holds, or it has none. */
  isOpen(rule: number): boolean {
    return this.#open[rule] ?? false;
  }

  /** The highest right that a rule gives, and whether the rule that gave it traps puts. */
  grant(level: number, subject: Subject): Grant {
    let right: Right = Right.none;
    let trap = false;
    for (const [i, rule] of this.rules.entries()) {
      if (rule.right <= right || !this.#open[i] || !appliesTo(rule, level, subject)) continue;
      right = rule.right;
      trap = rule.trap;
    }
    return { read: right >= Right.read, write: right >= Right.write, trap };
  }

  /** 1 is true, with the tolerance of EPICS; a CALC that throws is false. */
  #isOpen({ condition }: Rule): boolean {
    if (condition === undefined) return true;
    if (this.#bad & condition.inputs) return false;
    const result = condition.calculate(this.#values);
    return result > 0.99 && result < 1.01;
  }
}

/** The rules of one file. */
export class SecurityRules {
  readonly groups: ReadonlyMap<string, SecurityGroup>;
  readonly #fallback: SecurityGroup;

  constructor(groups: readonly SecurityGroup[]) {
    this.groups = new Map(groups.map((group) => [group.name, group]));
    // A file without DEFAULT gives nothing to records without a group, as in EPICS.
    this.#fallback = this.groups.get('DEFAULT') ?? new SecurityGroup('DEFAULT', [], []);
  }

  /** The group that a record's ASG names; DEFAULT for none, and for one that is not there. */
  groupOf(name: string): SecurityGroup {
    return this.groups.get(name) ?? this.#fallback;
  }
}
