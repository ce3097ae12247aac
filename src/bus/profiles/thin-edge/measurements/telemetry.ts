import { type Clock, epicsNow } from '../../../../kernel/index.ts';
import { Severity } from '../../../../model/index.ts';
import { EventMask, type PostedBatch, type PvDirectory } from '../../../../pv/index.ts';
import type { BusLink } from '../../../link.ts';
import { GroupTable, type Rank } from './group-table.ts';
import { PayloadWriter } from './payload.ts';
import type { Group } from './plan.ts';
import { SourceTime } from './source-time.ts';
import { TokenBucket } from './token-bucket.ts';

/** What became of measurements. */
export interface TelemetryCounters {
  /** Messages published. */
  messages: number;
  /** Values in them. */
  values: number;
  /** Values left out for being INVALID, NaN or infinite. */
  leftOut: number;
  /** Messages that the rate limit made part of a later one. */
  dropped: number;
}

/** Where measurements come from and go to, and how many may. */
export interface TelemetryMeans {
  readonly directory: PvDirectory;
  readonly link: Pick<BusLink, 'isConnected' | 'publish'>;
  readonly clock: Clock;
  readonly rate: number;
  readonly burst: number;
}

/**
 * The newest values of each group, published when its period is over. Hears of batches, and looks at
 * every group at each tick; nothing is made of an update but a mark.
 */
export class Telemetry {
  readonly counters: TelemetryCounters = { messages: 0, values: 0, leftOut: 0, dropped: 0 };
  readonly #means: TelemetryMeans;
  readonly #bucket: TokenBucket;
  readonly #writer = new PayloadWriter();
  readonly #time = new SourceTime();
  #table: GroupTable;
  /** By member: changed since it was looked at; the value published last, NaN for none. */
  #isDirty = new Uint8Array(0);
  #last = new Float64Array(0);
  /** By group, milliseconds: when it may leave, and when it left with all members. */
  #isGroupDirty = new Uint8Array(0);
  #due = new Float64Array(0);
  #wholeAt = new Float64Array(0);
  /** By entity: when the next message would be due if it kept its interval. */
  #arrival = new Float64Array(0);
  #spokeAt = new Float64Array(0);
  /** Groups of which a record changed its units, limits or names. */
  #redescribed = new Set<number>();
  #nextDeadbands = 0;
  /** Newest source time of the chosen members. */
  #seconds = 0;
  #nanoseconds = 0;

  constructor(means: TelemetryMeans) {
    this.#means = means;
    this.#bucket = new TokenBucket(means.rate, means.burst);
    this.#table = new GroupTable([], means.directory);
  }

  /** From now on these groups are published, each with all its members at first. */
  serve(groups: readonly Group[]): void {
    this.#table = new GroupTable(groups, this.#means.directory);
    const members = this.#table.slot.length;
    this.#isDirty = new Uint8Array(members);
    this.#last = new Float64Array(members).fill(Number.NaN);
    this.#isGroupDirty = new Uint8Array(groups.length).fill(1);
    this.#due = new Float64Array(groups.length).fill(this.#means.clock.monotonic());
    this.#wholeAt = new Float64Array(groups.length).fill(Number.NEGATIVE_INFINITY);
    this.#redescribed.clear();
    this.#arrival = new Float64Array(this.#table.entityCount);
    this.#spokeAt = new Float64Array(this.#table.entityCount).fill(-1);
  }

  // hot path
  /** Marks what a batch posted. */
  hear({ count, slots, masks }: PostedBatch): void {
    const { memberOf, groupOf } = this.#table;
    for (let i = 0; i < count; i++) {
      const member = memberOf[slots[i]!]!;
      if (!(member >= 0)) continue;
      this.#isDirty[member] = 1;
      this.#isGroupDirty[groupOf[member]!] = 1;
      if (masks[i]! & EventMask.property) this.#redescribed.add(groupOf[member]!);
    }
  }

  /** Groups whose metadata may be another since this was asked last. */
  takeRedescribed(): readonly Group[] {
    const groups = [...this.#redescribed].flatMap((group) => this.#table.groups[group] ?? []);
    this.#redescribed.clear();
    return groups;
  }

  /** Reads the dead-bands of some groups again; of all of them in as many calls as a round has. */
  readDeadbands(round: number): void {
    const { length } = this.#table.groups;
    for (let i = 0; i < Math.ceil(length / round); i++) {
      this.#nextDeadbands = (this.#nextDeadbands + 1) % length;
      this.#table.readDeadbands(this.#nextDeadbands, this.#means.directory);
    }
  }

  /** Publishes what is due; whether anything was. */
  tick(): boolean {
    if (!this.#means.link.isConnected) return false;
    const before = this.counters.messages;
    const now = this.#means.clock.monotonic();
    this.#bucket.refill(now);
    for (const rank of this.#table.ranks) this.#look(rank, now);
    return this.counters.messages > before;
  }

  // hot path
  #look(rank: Rank, now: number): void {
    const { from, to } = rank;
    let group = rank.next;
    rank.next = -1;
    for (let i = from; i < to; i++) {
      if (!this.#isWaiting(group, now) || this.#isSent(group, rank, now)) {
        if (++group === to) group = from;
        continue;
      }
      // Who had to wait is the first next time.
      if (rank.next < 0) rank.next = group;
      if (++group === to) group = from;
    }
    if (rank.next < 0) rank.next = group;
  }

  // hot path
  #isWaiting(group: number, now: number): boolean {
    if (now < this.#due[group]!) return false;
    if (this.#isGroupDirty[group] === 1) return true;
    const isCyclic = this.#table.groups[group]!.policy.mode === 'cyclic';
    return isCyclic || this.#isHeartbeat(group, now);
  }

  // hot path
  /** Whether the group has nothing to say, or said it; else it waits for the rate. */
  #isSent(group: number, { reserve }: Rank, now: number): boolean {
    const { slack, period } = this.#table;
    const entity = this.#table.entity[group]!;
    // What an entity has to say at one tick goes together, whatever its interval.
    const isAtOnce = this.#spokeAt[entity] === now;
    if (!isAtOnce && now < this.#arrival[entity]! - slack[group]!) return false;
    const isWhole = this.#isWhole(group, now);
    this.#choose(group, isWhole);
    if (this.#writer.count === 0) {
      this.#settle(group, isWhole, now);
      return true;
    }
    if (!this.#bucket.take(reserve)) {
      this.#writer.count = 0;
      this.#isGroupDirty[group] = 1;
      if (now - this.#due[group]! >= period[group]!) {
        this.counters.dropped++;
        this.#due[group]! += period[group]!;
      }
      return false;
    }
    if (!isAtOnce) this.#speak(entity, group, now);
    this.#settle(group, isWhole, now);
    this.#publish(group);
    return true;
  }

  // hot path
  #speak(entity: number, group: number, now: number): void {
    this.#spokeAt[entity] = now;
    this.#arrival[entity] = Math.max(now, this.#arrival[entity]!) + this.#table.minInterval[group]!;
  }

  // hot path
  #settle(group: number, isWhole: boolean, now: number): void {
    const period = this.#table.period[group]!;
    // Ticks are late by some milliseconds each; periods are not.
    const next = this.#due[group]! + period;
    this.#due[group] = next > now ? next : now + period;
    if (isWhole) this.#wholeAt[group] = now;
  }

  // hot path
  /** Whether all members are to be sent. */
  #isWhole(group: number, now: number): boolean {
    const { mode } = this.#table.groups[group]!.policy;
    if (mode === 'cyclic' || this.#isHeartbeat(group, now)) return true;
    return mode === 'all' && this.#isAnyChanged(group);
  }

  // hot path
  #isHeartbeat(group: number, now: number): boolean {
    const heartbeat = this.#table.heartbeat[group]!;
    return heartbeat > 0 && now - this.#wholeAt[group]! >= heartbeat;
  }

  // hot path
  /** Chooses the members to send, and takes the newest of their times. */
  #choose(group: number, isWhole: boolean): void {
    const { first, slot } = this.#table;
    const { number, severity, seconds, nanoseconds } = this.#means.directory.columns;
    const to = first[group + 1]!;
    this.#seconds = 0;
    this.#nanoseconds = 0;
    for (let member = first[group]!; member < to; member++) {
      const of = slot[member]!;
      const value = number[of]!;
      if (severity[of] === Severity.invalid || !Number.isFinite(value)) {
        if (this.#isDirty[member] === 1) this.counters.leftOut++;
        this.#isDirty[member] = 0;
        // It is news when it is back.
        this.#last[member] = Number.NaN;
        continue;
      }
      if (!isWhole && !this.#isChanged(member, value)) continue;
      this.#writer.choose(member);
      const at = seconds[of]!;
      if (at < this.#seconds) continue;
      if (at > this.#seconds || nanoseconds[of]! > this.#nanoseconds) {
        this.#seconds = at;
        this.#nanoseconds = nanoseconds[of]!;
      }
    }
    this.#isGroupDirty[group] = 0;
  }

  // hot path
  #isAnyChanged(group: number): boolean {
    const { first, slot } = this.#table;
    const { number } = this.#means.directory.columns;
    for (let member = first[group]!; member < first[group + 1]!; member++) {
      if (this.#isChanged(member, number[slot[member]!]!)) return true;
    }
    return false;
  }

  // hot path
  #isChanged(member: number, value: number): boolean {
    const last = this.#last[member]!;
    if (Number.isNaN(last)) return true;
    if (this.#isDirty[member] === 0) return false;
    return Math.abs(value - last) > this.#table.deadband[member]!;
  }

  // hot path
  #publish(group: number): void {
    const { topic, policy } = this.#table.groups[group]!;
    const writer = this.#writer;
    const { number } = this.#means.directory.columns;
    for (let i = 0; i < writer.count; i++) {
      const member = writer.chosen[i]!;
      this.#last[member] = number[this.#table.slot[member]!]!;
      this.#isDirty[member] = 0;
    }
    this.counters.values += writer.count;
    const time = this.#messageTime(policy.timeSource);
    const texts = writer.write(this.#table, this.#means.directory.columns, time, policy.maxBytes);
    // The parts of one measurement must not replace each other in the outbox.
    const delivery = texts.length > 1 ? 'event' : 'telemetry';
    for (let i = 0; i < texts.length; i++) {
      if (i > 0) this.#bucket.owe();
      this.counters.messages++;
      this.#means.link.publish({ topic, payload: texts[i]!, delivery, qos: policy.qos });
    }
  }

  #messageTime(source: 'ads' | 'ioc'): string {
    if (source === 'ads') return this.#time.text(this.#seconds, this.#nanoseconds);
    const { seconds, nanoseconds } = epicsNow(this.#means.clock.now());
    return this.#time.text(seconds, nanoseconds);
  }
}
