import type { SecurityGroup } from './group.ts';
import type { Grant } from './right.ts';
import type { Subject } from './rule.ts';
import type { Session } from './session.ts';

type LiveGrant = { -readonly [K in keyof Grant]: Grant[K] };

/** The grants of one client under one set of rules, shared by all its sessions. */
export class ClientGrants {
  /** What tells it from other clients. */
  readonly key: string;
  readonly sessions = new Set<Session>();
  readonly #subject: Subject;
  readonly #byGroup = new Map<SecurityGroup, (LiveGrant | undefined)[]>();

  constructor(key: string, subject: Subject) {
    this.key = key;
    this.#subject = subject;
  }

  /** Computed once per group and level; the same object until the rules are replaced. */
  grant(group: SecurityGroup, level: number): Grant {
    let levels = this.#byGroup.get(group);
    if (levels === undefined) {
      levels = [undefined, undefined];
      this.#byGroup.set(group, levels);
    }
    const known = levels[level];
    if (known !== undefined) return known;
    const grant = { ...group.grant(level, this.#subject) };
    levels[level] = grant;
    return grant;
  }

  /** Computes what was asked for of a group again; true if the client may notice. */
  recompute(group: SecurityGroup): boolean {
    let changed = false;
    for (const [level, grant] of (this.#byGroup.get(group) ?? []).entries()) {
      if (grant === undefined) continue;
      const { read, write } = grant;
      Object.assign(grant, group.grant(level, this.#subject));
      changed ||= grant.read !== read || grant.write !== write;
    }
    return changed;
  }
}
