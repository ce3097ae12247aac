import type { Clock } from '../../../kernel/index.ts';
import { EventMask, type PostedBatch, type PvDirectory } from '../../../pv/index.ts';
import type { BusLink } from '../../link.ts';
import { metaText } from './meta-text.ts';
import type { PvProfileOptions } from './options.ts';
import type { PvSet } from './pv-set.ts';
import { describe, type ServedPv } from './served-pv.ts';
import { StateText } from './state-text.ts';

/** What is owed of a PV, as bits. */
const Owed = { queued: 1, forced: 2, meta: 4 } as const;

const VALUE_EVENTS = EventMask.value | EventMask.log | EventMask.alarm;

/** Looks of one heartbeat: between three quarters of it and the whole, a quiet PV is published. */
const ROUNDS = 4;

/**
 * Publishes states and metadata. Batches only mark what changed; at each tick every marked PV leaves
 * once, with its newest value. While the broker is away nothing leaves and the marks stay, so that an
 * outage costs no memory.
 */
export class PvPublisher {
  readonly #options: PvProfileOptions;
  readonly #directory: PvDirectory;
  readonly #link: BusLink;
  readonly #pvs: PvSet;
  readonly #clock: Clock;
  readonly #text: StateText;
  /** Queue of indices, first in first out. */
  #queue = new Uint32Array(64);
  #queued = 0;
  #owed = new Uint8Array(64);
  /** When and what was published last. */
  #at = new Float64Array(64);
  #last = new Float64Array(64);
  /** Where the look for quiet PVs is. */
  #hand = 0;
  #steps = 0;

  constructor(
    options: PvProfileOptions,
    directory: PvDirectory,
    link: BusLink,
    pvs: PvSet,
    clock: Clock,
  ) {
    this.#options = options;
    this.#directory = directory;
    this.#link = link;
    this.#pvs = pvs;
    this.#clock = clock;
    this.#text = new StateText(options);
  }

  /** Marks what a batch changed. */
  // hot path
  take({ count, slots, masks }: PostedBatch): void {
    for (let i = 0; i < count; i++) {
      const index = this.#pvs.indexOf(slots[i]!);
      if (index >= 0 && index < this.#owed.length) this.#mark(index, masks[i]!);
    }
  }

  /** Everything leaves again, to a broker that may know nothing; or what came from an index on. */
  publishAll(first = 0): void {
    this.#reserve();
    for (let index = first; index < this.#pvs.all.length; index++) {
      this.#enqueue(index, Owed.forced | Owed.meta);
    }
  }

  /** A PV leaves at the next tick, whether it changed or not. */
  publishSoon(slot: number): void {
    this.#reserve();
    const index = this.#pvs.indexOf(slot);
    if (index >= 0) this.#enqueue(index, Owed.forced);
  }

  /** What is marked leaves, as far as its period and the burst allow. */
  tick(): void {
    if (!this.#link.isConnected) return;
    const now = this.#clock.monotonic();
    this.#revisit(now);
    this.#flush(now);
  }

  /** The state of a PV now. */
  stateOf(pv: ServedPv): string {
    return this.#text.of(pv, this.#directory.columns);
  }

  // hot path
  #mark(index: number, mask: number): void {
    const value = (mask & VALUE_EVENTS) === 0 ? 0 : Owed.queued;
    const forced = (mask & EventMask.alarm) === 0 ? 0 : Owed.forced;
    const meta = (mask & EventMask.property) === 0 ? 0 : Owed.meta | Owed.forced;
    if ((value | forced | meta) !== 0) this.#enqueue(index, forced | meta);
  }

  // hot path
  #enqueue(index: number, bits: number): void {
    const owed = this.#owed[index]!;
    this.#owed[index] = owed | bits | Owed.queued;
    if ((owed & Owed.queued) !== 0) return;
    this.#queue[this.#queued] = index;
    this.#queued++;
  }

  // hot path
  #flush(now: number): void {
    let kept = 0;
    let room = this.#options.burst;
    for (let i = 0; i < this.#queued; i++) {
      const index = this.#queue[i]!;
      const pv = this.#pvs.all[index]!;
      const owed = this.#owed[index]!;
      const isDue = (owed & Owed.forced) !== 0 || now - this.#at[index]! >= pv.periodMs;
      if (room <= 0 || !isDue) {
        this.#queue[kept] = index;
        kept++;
        continue;
      }
      this.#owed[index] = 0;
      if ((owed & Owed.meta) !== 0) this.#publishMeta(pv);
      if ((owed & Owed.forced) === 0 && !this.#hasMoved(index, pv)) continue;
      this.#publishState(index, pv, now);
      room--;
    }
    this.#queued = kept;
  }

  /** Whether a value left its dead-band around what was published. */
  // hot path
  #hasMoved(index: number, { field, deadband }: ServedPv): boolean {
    if (deadband === 0 || !field.isColumn) return true;
    const value = this.#directory.columns.number[field.slot]!;
    // Not a number on one side only moved, too.
    return !(Math.abs(value - this.#last[index]!) <= deadband);
  }

  #publishState(index: number, pv: ServedPv, now: number): void {
    const { field, topics, grant } = pv;
    const { retain, qos } = this.#options;
    this.#at[index] = now;
    if (field.isColumn) this.#last[index] = this.#directory.columns.number[field.slot] ?? 0;
    // Who may not read it gets nothing, and what the broker kept of it goes.
    if (!grant.read && !retain) return;
    const payload = grant.read ? this.stateOf(pv) : '';
    this.#link.publish({ topic: topics.state, payload, delivery: 'telemetry', retain, qos });
  }

  #publishMeta(pv: ServedPv): void {
    describe(pv);
    const { field, grant, isSettable } = pv;
    const description = this.#directory.find(`${pv.name}.DESC`)?.read() ?? '';
    const facts = {
      heartbeat: this.#options.heartbeat,
      description: String(description),
      isWritable: isSettable && field.writable && grant.write,
    };
    const payload = grant.read ? metaText(pv, facts) : '';
    this.#link.publish({ topic: pv.topics.meta, payload, delivery: 'state' });
  }

  /** Looks at some PVs per tick, and queues those that were quiet for nearly a heartbeat. */
  #revisit(now: number): void {
    const { heartbeat, tick } = this.#options;
    const count = this.#pvs.all.length;
    if (heartbeat === 0 || count === 0) return;
    const quietMs = heartbeat * 1000 * (1 - 1 / ROUNDS);
    this.#steps += (count * tick * ROUNDS) / heartbeat;
    for (let steps = Math.min(Math.floor(this.#steps), count); steps > 0; steps--) {
      this.#hand = (this.#hand + 1) % count;
      const isQuiet = now - (this.#at[this.#hand] ?? 0) >= quietMs;
      if (isQuiet && this.#pvs.all[this.#hand]?.grant.read) this.#enqueue(this.#hand, Owed.forced);
    }
    this.#steps %= 1;
  }

  /** Room for all PVs. */
  #reserve(): void {
    const wanted = this.#pvs.all.length;
    if (wanted <= this.#owed.length) return;
    const size = Math.max(wanted, this.#owed.length * 2);
    this.#queue = grown(this.#queue, new Uint32Array(size));
    this.#owed = grown(this.#owed, new Uint8Array(size));
    this.#at = grown(this.#at, new Float64Array(size));
    this.#last = grown(this.#last, new Float64Array(size));
  }
}

function grown<T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
