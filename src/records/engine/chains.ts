import { messageOf } from '../../kernel/index.ts';
import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { changeAlarm } from '../alarm.ts';
import { type Columns, Flag } from '../columns.ts';
import { EventMask } from '../event.ts';
import type { Link } from '../links/link.ts';
import type { LocalLink } from '../links/local-link.ts';
import { disable, processSlot } from '../process.ts';
import { CommonLink, type Progress } from '../record-type.ts';
import { recordTypeOf } from '../registry.ts';
import type { Engine } from './engine.ts';

/** Goes on with a processing that waited. */
export type Resume = (engine: Engine, slot: Slot) => Progress;

/** What a record waits for. It may be over before the record has said that it waits. */
type Suspension = { readonly resume: Resume; isOver: boolean };

/** Attempts to process a record that waits before it has a SCAN alarm, as in EPICS. */
const MAX_LOCK = 10;
/** Records that may process within each other through links before a chain is cut. */
const DEEPEST = 400;
const NONE = -1;

const isActive = Flag.pact | Flag.entered;

/** The processing of records one after another along their links: EPICS' dbProcess. */
export class Chains {
  readonly #engine: Engine;
  readonly #columns: Columns;
  /** Records whose FLNK is being followed, innermost last. */
  readonly #stack: Slot[] = [];
  #nesting = 0;
  /** What records wait for, or are about to. */
  readonly #suspensions = new Map<Slot, Suspension>();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#columns = engine.columns;
  }

  /** Processes a record, then those that its FLNK leads to, one after another. */
  process(slot: Slot): void {
    this.#chain(slot, undefined);
  }

  /** Processes a record because of another; PUTF and put-notifies go along. */
  processTarget(from: Slot, to: Slot): void {
    if (this.#nesting >= DEEPEST) {
      const text = `more than ${DEEPEST} links within each other`;
      this.#engine.raise(from, AlarmStatus.link, Severity.invalid, text);
      return;
    }
    this.#hand(from, to);
    const wasEntered = this.#columns.has(from, Flag.entered);
    this.#columns.set(from, Flag.entered, true);
    this.#chain(to, undefined);
    this.#columns.set(from, Flag.entered, wasEntered);
  }

  /**
   * Makes a record wait (PACT) for what is going on elsewhere; its processing has to return
   * `waiting`. What is returned is called when that is over, and `resume` then goes on.
   */
  suspend(slot: Slot, resume: Resume): () => void {
    const suspension: Suspension = { resume, isOver: false };
    this.#suspensions.set(slot, suspension);
    return () => {
      // Of a processing that failed, or went on to something else, nothing is left to be done.
      if (suspension.isOver || this.#suspensions.get(slot) !== suspension) return;
      suspension.isOver = true;
      if (this.#columns.has(slot, Flag.pact)) {
        this.#suspensions.delete(slot);
        this.#engine.turns.run(() => this.#wakeUp(slot, resume));
      }
    };
  }

  #wakeUp(slot: Slot, resume: Resume): void {
    const c = this.#columns;
    c.set(slot, Flag.pact, false);
    c.set(slot, Flag.entered, true);
    this.#engine.aboutToPost(slot);
    if (c.has(slot, Flag.watched)) c.watchedSlots.push(slot);
    this.#chain(slot, resume);
  }

  #chain(slot: Slot, resume: Resume | undefined): void {
    const base = this.#stack.length;
    this.#nesting++;
    let next = resume ? this.#advance(slot, resume) : this.#step(slot);
    while (next !== NONE) next = this.#step(next);
    this.#nesting--;
    while (this.#stack.length > base) this.#release(this.#stack.pop() as Slot);
  }

  // hot path
  /** Processes one record; returns the one that its FLNK wants processed next. */
  #step(slot: Slot): Slot {
    const c = this.#columns;
    const flags = c.flags[slot]!;
    if (flags & isActive) return this.#refuse(slot);
    this.#engine.aboutToPost(slot);
    if (!(flags & Flag.ruled)) {
      this.#engine.stamp(slot);
      processSlot(c, slot);
      c.flags[slot]! &= ~Flag.putf;
      this.#engine.notifies.completed(slot);
      return NONE;
    }
    if (c.lockCount.size > 0) c.lockCount.delete(slot);
    if (flags & Flag.watched) c.watchedSlots.push(slot);
    if (this.#engine.isDisabled(slot)) return this.#skip(slot);
    if (flags & Flag.traced) this.#engine.trace(slot);
    c.flags[slot]! |= Flag.entered;
    return this.#advance(slot, recordTypeOf(c.type[slot]!).process);
  }

  #advance(slot: Slot, resume: Resume): Slot {
    let progress = this.#attempt(slot, resume);
    while (progress === 'waiting') {
      const suspension = this.#suspensions.get(slot);
      if (!suspension?.isOver) {
        this.#columns.set(slot, Flag.entered, false);
        this.#columns.set(slot, Flag.pact, true);
        return NONE;
      }
      this.#suspensions.delete(slot);
      progress = this.#attempt(slot, suspension.resume);
    }
    if (progress === 'done') return this.#follow(slot);
    this.#release(slot);
    return NONE;
  }

  /** A record type that fails must not leave its record busy for ever. */
  #attempt(slot: Slot, resume: Resume): Progress {
    try {
      return resume(this.#engine, slot);
    } catch (error) {
      const c = this.#columns;
      this.#suspensions.delete(slot);
      this.#engine.means.log.error({ err: error }, `Process ${c.name[slot]} failed`);
      c.pending[slot] = 0;
      const mask = changeAlarm(c, slot, AlarmStatus.soft, Severity.invalid, messageOf(error));
      if (mask) c.post(slot, mask);
      return 'done';
    }
  }

  #follow(slot: Slot): Slot {
    const link = this.#columns.links[slot]?.[CommonLink.flnk];
    if (link === undefined) {
      this.#release(slot);
      return NONE;
    }
    if (isLocal(link)) {
      this.#stack.push(slot);
      if (this.#columns.scan[link.target] !== 0) return NONE;
      this.#hand(slot, link.target);
      return link.target;
    }
    link.forward();
    this.#release(slot);
    return NONE;
  }

  /** What a record hands on to one that it is about to process. */
  #hand(from: Slot, to: Slot): void {
    const c = this.#columns;
    const flags = c.flags[to]!;
    this.#engine.notifies.extend(from, to);
    if (!(flags & isActive)) c.set(to, Flag.putf, c.has(from, Flag.putf));
    else if (c.has(from, Flag.putf) && !(flags & Flag.entered)) {
      // It is busy by itself, and a put wants it processed: again, then.
      c.set(to, Flag.putf, false);
      c.set(to, Flag.rpro, true);
    }
  }

  /** The end of a processing, after everything that its FLNK led to. */
  #release(slot: Slot): void {
    const c = this.#columns;
    this.#engine.notifies.completed(slot);
    if (c.has(slot, Flag.rpro)) this.#engine.turns.once(slot);
    c.flags[slot]! &= ~(Flag.entered | Flag.putf | Flag.rpro);
  }

  /** DISA equals DISV. */
  #skip(slot: Slot): Slot {
    const c = this.#columns;
    c.flags[slot]! &= ~(Flag.putf | Flag.rpro);
    disable(c, slot);
    this.#engine.notifies.completed(slot);
    return NONE;
  }

  /** A record that waits, or that a chain has come back to, does not process. */
  #refuse(slot: Slot): Slot {
    const c = this.#columns;
    if (c.status[slot] === AlarmStatus.scan) return NONE;
    const count = c.lockCount.get(slot) ?? 0;
    c.lockCount.set(slot, Math.min(count + 1, 255));
    if (count < MAX_LOCK || c.severity[slot] === Severity.invalid) return NONE;
    changeAlarm(c, slot, AlarmStatus.scan, Severity.invalid, 'Async in progress');
    c.post(slot, EventMask.value | EventMask.log | EventMask.alarm);
    return NONE;
  }
}

function isLocal(link: Link): link is LocalLink {
  return link.kind === 'local';
}
