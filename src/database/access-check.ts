import type { AccessFile } from './access-file.ts';
import type { Position } from './database.ts';
import { type Complaints, excerpt } from './problem.ts';

type Named = { readonly name: string | undefined; readonly at: Position };

/** Complains of groups that are declared twice, and of those that rules name but nobody declared. */
export function checkAccess(file: AccessFile, complaints: Complaints): void {
  const declared = {
    uag: once('UAG', file.userGroups, complaints),
    hag: once('HAG', file.hostGroups, complaints),
    authority: once('AUTHORITY', file.authorities, complaints),
  };
  once('ASG', file.groups, complaints);
  const conditions = file.groups.flatMap(({ rules }) => rules).flatMap((rule) => rule.conditions);
  for (const condition of conditions) {
    const { kind, at } = condition;
    if (kind !== 'uag' && kind !== 'hag' && kind !== 'authority') continue;
    for (const name of condition.names) {
      if (declared[kind].has(name)) continue;
      complaints.add(at, `there is no ${kind.toUpperCase()}(${excerpt(name)})`);
    }
  }
}

function once(keyword: string, groups: readonly Named[], complaints: Complaints): Set<string> {
  const names = new Set<string>();
  for (const { name, at } of groups) {
    if (name === undefined) continue;
    if (names.has(name)) complaints.add(at, `${keyword}(${excerpt(name)}) is declared twice`);
    names.add(name);
  }
  return names;
}
