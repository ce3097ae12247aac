import {
  type AccessCondition,
  type AccessFile,
  type AccessGroup,
  type AccessRight,
  type AccessRule,
  DatabaseError,
  type DatabaseProblem,
  type Position,
  problemText,
} from '../../database/index.ts';
import { messageOf } from '../../kernel/index.ts';
import { CALC_VAL, calcValues, compileCalc } from '../../records/index.ts';
import { SecurityGroup, SecurityRules } from './group.ts';
import type { HostGroup } from './hosts.ts';
import { Right } from './right.ts';
import { type Condition, MOST_INPUTS, type Rule } from './rule.ts';

/** What a file comes to: rules whose host groups are still to be filled. */
export interface CompiledAccess {
  readonly rules: SecurityRules;
  readonly hostGroups: readonly HostGroup[];
  /** What somebody may have meant otherwise, as `file:line:column: message`. */
  readonly warnings: readonly string[];
}

/** Makes rules of what a file says. CALC conditions that are none throw a `DatabaseError`. */
export function compileAccess(file: AccessFile): CompiledAccess {
  const compiler = new Compiler(file);
  const groups = file.groups.map((group) => compiler.group(group));
  compiler.finish();
  return {
    rules: new SecurityRules(groups),
    hostGroups: [...compiler.hosts.values()],
    warnings: compiler.warnings,
  };
}

const rights: Readonly<Record<AccessRight, Right>> = {
  NONE: Right.none,
  READ: Right.read,
  WRITE: Right.write,
  RPC: Right.rpc,
};

/** The kinds of conditions that name something. */
type Named = Extract<AccessCondition, { readonly names: readonly string[] }>['kind'];

class Compiler {
  readonly hosts: ReadonlyMap<string, HostGroup>;
  readonly warnings: string[] = [];
  readonly #users: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #authorities: ReadonlyMap<string | undefined, readonly string[]>;
  readonly #problems: DatabaseProblem[] = [];

  constructor({ userGroups, hostGroups, authorities, groups, unknown }: AccessFile) {
    this.#users = new Map(userGroups.map(({ name, members }) => [name, new Set(members)]));
    this.hosts = new Map(
      hostGroups.map(({ name, members }) => [name, { entries: members, hosts: new Set<string>() }]),
    );
    this.#authorities = new Map(authorities.map(({ name, chain }) => [name, chain]));
    for (const { keyword, at } of [...unknown, ...groups.flatMap((group) => group.unknown)]) {
      this.#warn(at, `${keyword} is not known and grants nothing`);
    }
  }

  group({ name, inputs, rules }: AccessGroup): SecurityGroup {
    const numbered = inputs.map(({ letter, pv }) => ({ index: letter.charCodeAt(0) - 65, pv }));
    return new SecurityGroup(
      name,
      numbered,
      rules.flatMap((rule) => this.#rule(rule)),
    );
  }

  /** Throws what is wrong with the file, if anything is. */
  finish(): void {
    if (this.#problems.length > 0) throw new DatabaseError(this.#problems);
  }

  /** A rule with a condition that is not known never holds: it is none. */
  #rule({ level, right, trapWrite, conditions }: AccessRule): Rule[] {
    const strange = conditions.filter((condition) => condition.kind === 'unknown');
    for (const { keyword, at } of strange) {
      this.#warn(at, `${keyword} is not known: its rule grants nothing`);
    }
    const names = (kind: Named) => namesOf(conditions, kind);
    const users = names('uag')?.map((name) => this.#users.get(name) ?? new Set<string>());
    const hosts = names('hag')?.map((name) => this.hosts.get(name)?.hosts ?? new Set<string>());
    const authorities = names('authority')?.map((name) => this.#authorities.get(name) ?? []);
    const methods = names('method');
    const protocols = names('protocol')?.map((name) => name.toUpperCase());
    const condition = this.#condition(conditions);
    if (strange.length > 0) return [];
    return [
      {
        ...{ level, right: rights[right], trap: trapWrite },
        ...(users && { users }),
        ...(hosts && { hosts }),
        ...(authorities && { authorities }),
        ...(methods && { methods }),
        ...(protocols && { protocols }),
        ...(condition && { condition }),
      },
    ];
  }

  /** Of several, as in EPICS, the last counts. */
  #condition(conditions: readonly AccessCondition[]): Condition | undefined {
    let condition: Condition | undefined;
    for (const each of conditions) {
      if (each.kind !== 'calc') continue;
      try {
        condition = conditionOf(each.expression);
      } catch (cause) {
        this.#problems.push({ ...each.at, message: messageOf(cause) });
      }
    }
    return condition;
  }

  #warn(at: Position, message: string): void {
    this.warnings.push(problemText({ ...at, message }));
  }
}

/** The names of all conditions of a kind, which are alternatives; undefined if there is none. */
function namesOf(
  conditions: readonly AccessCondition[],
  kind: Named,
): readonly string[] | undefined {
  const named = conditions.filter((condition) => condition.kind === kind);
  if (named.length === 0) return undefined;
  return named.flatMap((condition) => ('names' in condition ? condition.names : []));
}

function conditionOf(expression: string): Condition {
  const { inputs, assigned, run } = compileCalc(expression, MOST_INPUTS);
  if (assigned !== 0) {
    throw new Error(`CALC "${expression}" assigns; a condition may only look at its inputs`);
  }
  const values = calcValues();
  const calculate = (given: Float64Array) => {
    values.set(given);
    run(values);
    return values[CALC_VAL] ?? 0;
  };
  return { inputs, calculate };
}
