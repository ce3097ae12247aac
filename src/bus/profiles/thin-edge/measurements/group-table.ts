import type { PvDirectory } from '../../../../pv/index.ts';
import { byImportance, deadbandNow, type Group } from './plan.ts';

/** How much of the token bucket stays for more important types, by importance. */
const reserves = [0, 0.1, 0.1, 0.25];

/** Groups of one importance: from, to, and where the next look begins. */
export interface Rank {
  readonly from: number;
  readonly to: number;
  readonly reserve: number;
  next: number;
}

/** What the tick needs of every group and member, in columns by their numbers. */
export class GroupTable {
  readonly groups: readonly Group[];
  readonly ranks: readonly Rank[];
  /** Members of group g are those from `first[g]` to before `first[g + 1]`. */
  readonly first: Int32Array;
  /** Milliseconds. */
  readonly period: Float64Array;
  readonly heartbeat: Float64Array;
  readonly minInterval: Float64Array;
  /** How far ahead of its interval an entity may be. */
  readonly slack: Float64Array;
  readonly entity: Int32Array;
  readonly entityCount: number;
  /** Member of a slot, or -1. */
  readonly memberOf: Int32Array;
  readonly groupOf: Int32Array;
  readonly slot: Int32Array;
  /** As told when it was read last. */
  readonly deadband: Float64Array;
  /** `"value":` */
  readonly key: readonly string[];
  /** Number of the channel; 0 is the root. */
  readonly channel: Int32Array;
  /** `"ch1":{` by number of the channel. */
  readonly opening: readonly string[];

  constructor(groups: readonly Group[], directory: PvDirectory) {
    const members = groups.flatMap((group) => group.members);
    const entities = numbersOf(groups.map(({ entity }) => entity));
    const channels = numbersOf(['', ...members.map(({ group }) => group)]);
    const ms = (of: (group: Group) => number) => Float64Array.from(groups, (g) => 1000 * of(g));
    this.groups = groups;
    this.ranks = ranksOf(groups);
    this.first = starts(groups);
    this.period = ms(({ policy }) => policy.period);
    this.heartbeat = ms(({ policy }) => policy.heartbeat);
    this.minInterval = ms(({ policy }) => policy.minInterval);
    this.slack = ms(({ policy }) => policy.minInterval * (policy.burst - 1));
    this.entity = Int32Array.from(groups, ({ entity }) => entities.get(entity) ?? 0);
    this.entityCount = entities.size;
    this.slot = Int32Array.from(members, ({ field }) => field.slot);
    this.deadband = Float64Array.from(members, (member) => deadbandNow(member, directory));
    this.key = members.map(({ member }) => `${JSON.stringify(member)}:`);
    this.channel = Int32Array.from(members, ({ group }) => channels.get(group) ?? 0);
    this.opening = [...channels.keys()].map((group) => `${JSON.stringify(group)}:{`);
    this.groupOf = new Int32Array(members.length);
    for (let g = 0; g < groups.length; g++) {
      this.groupOf.fill(g, this.first[g], this.first[g + 1]);
    }
    this.memberOf = new Int32Array(directory.size).fill(-1);
    for (const [member, slot] of this.slot.entries()) this.memberOf[slot] = member;
  }

  /** Reads the dead-bands of a group again: records change them without a word. */
  readDeadbands(group: number, directory: PvDirectory): void {
    const first = this.first[group] ?? 0;
    for (const [i, member] of (this.groups[group]?.members ?? []).entries()) {
      this.deadband[first + i] = deadbandNow(member, directory);
    }
  }
}

function numbersOf<T>(things: readonly T[]): Map<T, number> {
  return new Map([...new Set(things)].map((thing, number) => [thing, number]));
}

function starts(groups: readonly Group[]): Int32Array {
  const first = new Int32Array(groups.length + 1);
  for (const [g, { members }] of groups.entries()) first[g + 1] = (first[g] ?? 0) + members.length;
  return first;
}

function ranksOf(groups: readonly Group[]): readonly Rank[] {
  return byImportance.map((type, importance) => {
    const from = groups.findIndex((group) => group.type === type);
    const to = groups.findLastIndex((group) => group.type === type) + 1;
    const start = Math.max(0, from);
    return {
      from: start,
      to: Math.max(start, to),
      reserve: reserves[importance] ?? 0,
      next: start,
    };
  });
}
