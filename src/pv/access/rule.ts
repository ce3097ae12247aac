import type { Right } from './right.ts';

/** Inputs that a group may have: INPA to INPU. */
export const MOST_INPUTS = 21;

/** A client, in the words that rules compare. */
export interface Subject {
  readonly user: string;
  /** An address, or a claimed host name in lower case. */
  readonly host: string;
  readonly method: string;
  readonly authority: readonly string[];
  readonly protocol: string;
}

/** The CALC of a rule. */
export interface Condition {
  /** Bit 0 for A, bit 1 for B …. */
  readonly inputs: number;
  /** The value for inputs A, B …. */
  readonly calculate: (inputs: Float64Array) => number;
}

/**
 * One RULE, ready to be asked. Conditions of one kind are alternatives, those of different kinds
 * must all hold, and those that are left out hold for everybody.
 */
export interface Rule {
  /** Of field levels 0 and 1, this and those below. */
  readonly level: number;
  readonly right: Right;
  readonly trap: boolean;
  readonly users?: readonly ReadonlySet<string>[];
  /** Sets that grow when a name that could not be resolved is. */
  readonly hosts?: readonly ReadonlySet<string>[];
  readonly methods?: readonly string[];
  readonly protocols?: readonly string[];
  /** Chains of common names, the root first. */
  readonly authorities?: readonly (readonly string[])[];
  readonly condition?: Condition;
}

/** Whether everything but the CALC holds for a client at a field level. */
export function appliesTo(rule: Rule, level: number, subject: Subject): boolean {
  return (
    level <= rule.level &&
    (rule.users?.some((users) => users.has(subject.user)) ?? true) &&
    (rule.hosts?.some((hosts) => hosts.has(subject.host)) ?? true) &&
    (rule.methods?.includes(subject.method) ?? true) &&
    (rule.protocols?.includes(subject.protocol) ?? true) &&
    (rule.authorities?.some((chain) => isSameChain(chain, subject.authority)) ?? true)
  );
}

/** Without a certificate there is no chain, and nothing is the same as none. */
function isSameChain(one: readonly string[], other: readonly string[]): boolean {
  return one.length > 0 && one.length === other.length && one.every((name, i) => name === other[i]);
}
