import { namePattern } from '../../model/index.ts';
import type { Operation } from './operation.ts';

/** What the configuration allows of what changes something, and denies of what looks. */
export interface PermitRules {
  readonly allow: readonly AllowRule[];
  /** Patterns of names of operations that only look, which are on unless denied. */
  readonly deny: readonly string[];
}

/** Operations that may be asked for, by a pattern of their names. */
export interface AllowRule {
  readonly operation: string;
  /** Patterns of what they may work on: PV names, paths of controllers, `ioc`; everything unless told. */
  readonly on?: readonly string[];
}

/** What may be asked for over the bus, whoever asks. */
export interface Permits {
  /** Why nobody may ask an operation of a subject; undefined when they may. */
  refusal(operation: Pick<Operation, 'name' | 'guard'>, subject: string): string | undefined;
  /** Whether anything of an operation is allowed. */
  isOffered(operation: Pick<Operation, 'name' | 'guard'>): boolean;
}

/**
 * Patterns are those of `namePattern`. One that names no field (`BL07:*`) means values, not the limits
 * and links of their records: those are fields that a pattern has to name (`BL07:*.HIGH`). Throws
 * `model/name-pattern` for a bad one.
 */
export function permits({ allow, deny }: PermitRules): Permits {
  const denied = deny.map(namePattern);
  const rules = allow.map(({ operation, on }) => {
    return { operation: namePattern(operation), on: on?.map(subjectPattern) };
  });
  const isDenied = (name: string) => denied.some((pattern) => pattern.test(name));
  const rulesOf = (name: string) => rules.filter(({ operation }) => operation.test(name));
  return {
    isOffered: ({ name, guard }) => (guard === 'read' ? !isDenied(name) : rulesOf(name).length > 0),
    refusal({ name, guard }, subject) {
      if (guard === 'read') {
        return isDenied(name) ? `${name} is off: bus.commands.deny names it` : undefined;
      }
      const ofThis = rulesOf(name);
      if (ofThis.length === 0) return `${name} is off: bus.commands.allow does not name it`;
      const isAllowed = ofThis.some(({ on }) => !on || on.some((names) => names(subject)));
      return isAllowed
        ? undefined
        : `${name} on ${subject} is off: bus.commands.allow does not name that`;
    },
  };
}

function subjectPattern(text: string): (subject: string) => boolean {
  const pattern = namePattern(text);
  const isExpression = /^\/.+\/$/.test(text);
  const namesFields = isExpression ? text.includes('\\.') : text.includes('.');
  return (subject) => (namesFields || !subject.includes('.')) && pattern.test(subject);
}
