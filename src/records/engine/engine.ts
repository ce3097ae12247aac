import type { Clock } from '../../kernel/index.ts';
import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { DeviceCode } from '../devices/device-code.ts';
import type { FieldType } from '../field-type.ts';
import type { Given, Link } from '../links/link.ts';
import { LinkOpener } from '../links/link-opener.ts';
import type { LinkModifiers } from '../links/parse-link.ts';
import { processSlot } from '../process.ts';
import type { PvValue } from '../put.ts';
import type { RecordField } from '../record-field.ts';
import { CommonLink } from '../record-type.ts';
import { recordTypeOf } from '../registry.ts';
import { cutText, textOfRow } from '../text.ts';
import { Chains, type Resume } from './chains.ts';
import { DeviceLinks } from './device-links.ts';
import { Events } from './events.ts';
import { storeInto } from './field-store.ts';
import type { EngineHost } from './host.ts';
import { Life } from './life.ts';
import { type EngineMeans, noMeans } from './means.ts';
import { PutNotifies } from './put-notifies.ts';
import { Readers } from './readers.ts';
import { Scan, Scans } from './scans.ts';
import { Simulation } from './simulation.ts';
import { TimeStamps } from './time-stamps.ts';
import { Timers } from './timers.ts';
import { Turns } from './turns.ts';

/**
 * Record processing as EPICS does it, for records that have links, scans, simulation and the like;
 * plain ones of the plant never come here. What record types call is documented in ADR 15.
 */
export class Engine {
  readonly columns: Columns;
  readonly host: EngineHost;
  readonly clock: Clock;
  means: EngineMeans = noMeans;
  readonly timers: Timers;
  readonly turns: Turns;
  readonly chains: Chains;
  readonly notifies: PutNotifies;
  readonly readers: Readers;
  readonly opener: LinkOpener;
  readonly events: Events;
  readonly scans: Scans;
  readonly times: TimeStamps;
  readonly devices: DeviceLinks;
  readonly simulation: Simulation;
  readonly life: Life;
  /** A batch from the plant is being processed: its records post once, whatever reaches them. */
  #isBatch = false;
  readonly #processed = new Set<Slot>();

  constructor(host: EngineHost, clock: Clock) {
    this.host = host;
    this.columns = host.columns;
    this.clock = clock;
    this.timers = new Timers(clock);
    this.turns = new Turns(clock, {
      process: (slot) => this.chains.process(slot),
      wake: () => this.readers.wake(),
      over: () => host.posted(),
    });
    this.chains = new Chains(this);
    this.notifies = new PutNotifies(this);
    this.readers = new Readers(host.columns, host.watchers, (slot) => this.turns.once(slot));
    this.opener = new LinkOpener(this);
    this.events = new Events(this);
    this.scans = new Scans(this);
    this.times = new TimeStamps(this);
    this.devices = new DeviceLinks(this);
    this.simulation = new Simulation(this);
    this.life = new Life(this);
  }

  /** Processes a record in a turn of its own, unless one is open. */
  process(slot: Slot): void {
    this.turns.run(() => this.chains.process(slot));
  }

  // hot path
  /** Processes every dirty slot of the image once, with what follows, as one batch. */
  processDirty(): void {
    const { image } = this.columns;
    this.turns.enter();
    this.#isBatch = true;
    try {
      if (this.columns.hasPhases) this.#sortDirty();
      const { dirty, dirtyCount } = image;
      for (let i = 0; i < dirtyCount; i++) {
        const slot = dirty[i]!;
        if (this.columns.flags[slot]! & Flag.ruled) this.#arrived(slot);
        else processSlot(this.columns, slot);
      }
      image.clearDirty();
    } finally {
      this.turns.leave();
      this.#isBatch = false;
      if (this.#processed.size > 0) this.#processed.clear();
    }
  }

  /** Processes a passive record because a link of another says so. */
  processPassive(from: Slot, to: Slot): void {
    if (this.columns.scan[to] === 0) this.chains.processTarget(from, to);
  }

  processTarget(from: Slot, to: Slot): void {
    this.chains.processTarget(from, to);
  }

  /** Evaluates alarms and posts, without reading or writing anything: of a value that was taken. */
  settle(slot: Slot): void {
    this.aboutToPost(slot);
    processSlot(this.columns, slot);
  }

  // ── Links, by their place among the links of the record type ──

  link(slot: Slot, at: number): Link | undefined {
    return this.columns.links[slot]?.[at];
  }

  /** Whether a link is empty or a constant, which counts only at record initialisation. */
  isConstant(slot: Slot, at: number): boolean {
    return this.columns.links[slot]?.[at]?.isConstant ?? true;
  }

  /** What a constant link gives at record initialisation. */
  initial(slot: Slot, at: number, type: FieldType, most = 1): PvValue | undefined {
    return this.columns.links[slot]?.[at]?.initial(type, most);
  }

  /** A number through a link; one that fails makes the record LINK/INVALID. */
  number(slot: Slot, at: number): Given<number> {
    const link = this.columns.links[slot]?.[at];
    if (link === undefined) return undefined;
    const value = link.number();
    if (value === null) this.#linkFailed(slot, at);
    return value;
  }

  /** As `number`, a value of a type, or with `most` beyond 1 a row of at most so many. */
  value(slot: Slot, at: number, type: FieldType, most = 1): Given<PvValue> {
    const link = this.columns.links[slot]?.[at];
    if (link === undefined) return undefined;
    const value = link.value(type, most);
    if (value === null) this.#linkFailed(slot, at);
    return value;
  }

  /** A text of any length through a link, which may lead to a row of characters. */
  text(slot: Slot, at: number): Given<PvValue> {
    const link = this.columns.links[slot]?.[at];
    if (!isCharacters(link)) return this.value(slot, at, 'STRING');
    const row = this.value(slot, at, 'UCHAR', link.count);
    return typeof row === 'object' && row !== null ? textOfRow(row) : row;
  }

  /** Writes a text of any length, to a row of characters with its NUL. */
  putText(slot: Slot, at: number, text: string): boolean {
    const link = this.columns.links[slot]?.[at];
    return this.put(slot, at, isCharacters(link) ? Buffer.from(`${text}\0`) : text);
  }

  /** Writes through a link; an empty one takes anything. */
  put(slot: Slot, at: number, value: PvValue): boolean {
    const link = this.columns.links[slot]?.[at];
    if (link === undefined || link.put(value)) return true;
    this.#linkFailed(slot, at);
    return false;
  }

  /** Processes what a forward link other than FLNK leads to. */
  forward(slot: Slot, at: number): void {
    this.columns.links[slot]?.[at]?.forward();
  }

  // ── What else processing needs ──

  /** Raises the alarm that the record will have; the graver one counts, of equals the first. */
  raise(slot: Slot, status: number, severity: number, message = ''): void {
    const c = this.columns;
    if (severity <= (c.pending[slot] ?? 0) >> 8) return;
    c.pending[slot] = (severity << 8) | status;
    if (message !== '') c.pendingMessage.set(slot, cutText(message, 39));
    else if (c.pendingMessage.size > 0) c.pendingMessage.delete(slot);
  }

  /** Raises what crosses a link by its MS, MSS or MSI. */
  inherit(
    slot: Slot,
    mode: LinkModifiers['severity'],
    status: number,
    severity: number,
    message: string,
  ): void {
    if (mode === 'MSS') this.raise(slot, status, severity, message);
    else if (mode === 'MS' || (mode === 'MSI' && severity === Severity.invalid)) {
      this.raise(slot, AlarmStatus.link, severity);
    }
  }

  /** Gives the record the time that TSE and TSEL say. */
  stamp(slot: Slot): void {
    const c = this.columns;
    const flags = c.flags[slot] ?? 0;
    if (flags & Flag.timed) this.times.stamp(slot);
    else if (!(flags & Flag.plantTime)) this.stampNow(slot);
  }

  stampNow(slot: Slot): void {
    const { image } = this.columns;
    image.seconds[slot] = this.turns.seconds;
    image.nanoseconds[slot] = this.turns.nanoseconds;
  }

  /** Goes on with a record that returns `waiting` after some milliseconds. */
  later(slot: Slot, ms: number, resume: Resume): Disposable {
    return this.timers.after(ms, this.chains.suspend(slot, resume));
  }

  /** Makes a record that returns `waiting` go on when what is returned is called. */
  suspend(slot: Slot, resume: Resume): () => void {
    return this.chains.suspend(slot, resume);
  }

  /** Makes the value of a field what a put through a link says (EPICS' dbPut): false when it cannot. */
  store(field: RecordField, value: PvValue): boolean {
    return storeInto(this, field, value) === undefined;
  }

  /** An event of a record is its own: what it posted before in this turn goes out first. */
  aboutToPost(slot: Slot): void {
    if (this.#isBatch) {
      if (this.columns.has(slot, Flag.ruled)) this.#processed.add(slot);
    } else if (this.columns.has(slot, Flag.posted)) this.host.publishNow();
  }

  /** Reads SDIS, and compares DISA and DISV. */
  isDisabled(slot: Slot): boolean {
    const c = this.columns;
    if (c.links[slot]?.[CommonLink.sdis] !== undefined) {
      const value = this.value(slot, CommonLink.sdis, 'SHORT');
      const disa = this.host.field(slot, 'DISA')?.definition;
      if (value !== undefined && value !== null) disa?.access.write(c, slot, Number(value));
    }
    return c.has(slot, Flag.disabled);
  }

  trace(slot: Slot): void {
    this.means.log.info(`Process ${this.columns.name[slot]}`);
  }

  /** A value came from below: an input that is I/O Intr processes, an output takes a read-back. */
  #arrived(slot: Slot): void {
    const c = this.columns;
    if (c.has(slot, Flag.pact) || this.#processed.has(slot)) return;
    const isOutput = recordTypeOf(c.type[slot]!).direction === 'output';
    if (isOutput || c.has(slot, Flag.setpoint)) this.#adopted(slot);
    else if (c.scan[slot] === Scan.ioIntr || c.device[slot] !== DeviceCode.plant) {
      this.chains.process(slot);
    }
  }

  /** Posts what an output adopted, and processes its FLNK. */
  #adopted(slot: Slot): void {
    this.settle(slot);
    const link = this.columns.links[slot]?.[CommonLink.flnk];
    link?.forward();
  }

  #linkFailed(slot: Slot, at: number): void {
    const name = recordTypeOf(this.columns.type[slot] ?? 0).links[at];
    this.raise(slot, AlarmStatus.link, Severity.invalid, `field ${name}`);
  }

  /** I/O Intr lists go by PHAS; records of one phase by when they changed. */
  #sortDirty(): void {
    const { image, phase } = this.columns;
    image.dirty.subarray(0, image.dirtyCount).sort((a, b) => (phase[a] ?? 0) - (phase[b] ?? 0));
  }
}

/** Whether a link leads to a row of characters that is not a text field's. */
function isCharacters(link: Link | undefined): link is Link {
  return link !== undefined && link.count > 1 && (link.type === 'CHAR' || link.type === 'UCHAR');
}
