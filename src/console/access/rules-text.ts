import type {
  AccessCondition,
  AccessFile,
  AccessGroup,
  AccessMembers,
} from '../../database/index.ts';
import type { AccessSecurity } from '../../pv/index.ts';

/** `UAG(name) {user,user}`, in the order of their names. */
export function membersLines(
  kind: 'UAG' | 'HAG',
  groups: readonly AccessMembers[],
  name: string | undefined,
): readonly string[] {
  if (groups.length === 0) return [`No ${kind}s`];
  return byName(groups, name).map(({ name: each, members }) => {
    return `${kind}(${each})${members.length > 0 ? ` {${members.join(',')}}` : ''}`;
  });
}

/** Groups with their inputs and rules, and what they come to now. */
export function* groupLines(
  { groups }: AccessFile,
  security: AccessSecurity,
  name: string | undefined,
): Iterable<string> {
  if (groups.length === 0) yield 'No ASGs';
  for (const group of byName(groups, name)) yield* oneGroup(group, security);
}

function* oneGroup(group: AccessGroup, { rules }: AccessSecurity): Iterable<string> {
  const { name, inputs } = group;
  const live = rules?.groups.get(name);
  if (inputs.length === 0 && group.rules.length === 0) {
    yield `ASG(${name})`;
    return;
  }
  yield `ASG(${name}) {`;
  for (const { letter, pv } of inputs) {
    const value = live?.input(letter.charCodeAt(0) - 'A'.charCodeAt(0));
    yield `\tINP${letter}(${pv})${value === undefined ? ' INVALID' : ` value=${value.toFixed(6)}`}`;
  }
  for (const [at, { level, right, trapWrite, conditions }] of group.rules.entries()) {
    const trap = trapWrite ? 'TRAPWRITE' : 'NOTRAPWRITE';
    yield `\tRULE(${level},${right},${trap})${conditions.length > 0 ? ' {' : ''}`;
    for (const condition of conditions) yield `\t\t${conditionText(condition, live?.isOpen(at))}`;
    if (conditions.length > 0) yield '\t}';
  }
  yield '}';
}

function conditionText(condition: AccessCondition, isOpen: boolean | undefined): string {
  switch (condition.kind) {
    case 'calc':
      return `CALC("${condition.expression}") result=${isOpen ? 'TRUE' : 'FALSE'}`;
    case 'unknown':
      return `${condition.keyword} (unknown: never true)`;
    case 'uag':
    case 'hag':
    case 'method':
    case 'authority':
    case 'protocol':
      return `${condition.kind.toUpperCase()}(${condition.names.join(',')})`;
  }
}

function byName<T extends { readonly name: string }>(
  groups: readonly T[],
  name: string | undefined,
): readonly T[] {
  const wanted = name ? groups.filter((group) => group.name === name) : groups;
  return wanted.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
