import type { Datatype, NumberArray } from '../model/index.ts';
import { AlarmStatus, type ProcessImage, Severity, type Slot } from '../model/index.ts';
import type { AlarmFilter } from './alarm-filter.ts';
import type { BreakTable } from './break-table.ts';
import { EventMask, type FieldEvent } from './event.ts';
import type { Link } from './links/link.ts';
import type { States } from './states.ts';

/** The stored value of a field: number, 64-bit integer or text. */
export type FieldValue = number | bigint | string;

/** Facts of a record that fit a bit, in `Columns.flags`. */
export const Flag = {
  /** VAL was never set. */
  udf: 1,
  /** Waiting for the plant to answer a put. */
  pact: 2,
  /** Process again when done. */
  rpro: 4,
  /** DISA equals DISV. */
  disabled: 8,
  /** DISP: puts to fields are refused. */
  putsDisabled: 16,
  /** Alarms are held until acknowledged. */
  ackt: 32,
  /** The image has bytes for the slot. */
  mapped: 64,
  /** The plant refused the last put. */
  writeFailed: 128,
  /** Somebody watches a field other than VAL. */
  watched: 256,
  /** VAL goes up from the plant: clients cannot write it. */
  input: 512,
  /** VAL goes down to the plant. */
  setpoint: 1024,
  /** The plant stores an integer, so raw values are rounded. */
  integer: 2048,
  /** In the open batch of posted events. */
  posted: 4096,
  /** The exact VAL is in `wide`. */
  wide: 8192,
  /** Processing follows the rules of the engine: links, simulation, filters and the like. */
  ruled: 1 << 14,
  /** Being processed in this turn, down a chain: what comes back to it finds it active. */
  entered: 1 << 15,
  /** PUTF: a put started this processing. */
  putf: 1 << 16,
  /** Some CP link reads VAL. */
  source: 1 << 17,
  /** TSE or TSEL says what time the record has. */
  timed: 1 << 18,
  /** TPRO. */
  traced: 1 << 19,
  /** TSE -2 of a record that the process image or `adopt` feeds: the time is theirs. */
  plantTime: 1 << 20,
  /** VAL of a 64-bit integer, a limit or what was posted last is or was beyond 2^53. */
  exact: 1 << 21,
  /** LINR names a breakpoint table. */
  table: 1 << 22,
} as const;

/** CP links monitor VALUE and ALARM. */
const WAKES = EventMask.value | EventMask.alarm;

/** VAL events by slot, each once, with their masks at the same index; and events of other fields. */
export interface Posted {
  readonly count: number;
  readonly slots: Uint32Array;
  readonly masks: Uint8Array;
  readonly fields: readonly FieldEvent[];
}

/**
 * What processing needs of every record, by slot: numbers in typed arrays, text and arrays beside
 * them. Times and quality are the image's. Typed arrays are replaced when they grow: do not keep them.
 */
export class Columns {
  readonly image: ProcessImage;
  /** `RecordCode`. */
  type = new Uint8Array(64);
  flags = new Int32Array(64);
  /** VAL of records whose VAL is a number; whole numbers beyond 2^53 are exact in `wide`. */
  number = new Float64Array(64);
  /** SCAN, and what gives the record its value or takes it: a `DeviceCode`. */
  scan = new Uint8Array(64);
  device = new Uint8Array(64);
  /** PHAS. */
  phase = new Int16Array(64);
  hasPhases = false;
  /** NSEV × 256 + NSTA: the alarm in the making while a ruled record processes. */
  pending = new Uint16Array(64);
  status = new Uint8Array(64).fill(AlarmStatus.udf);
  severity = new Uint8Array(64).fill(Severity.invalid);
  /** ACKS. */
  acks = new Uint8Array(64);
  /** UDFS. */
  udfSeverity = new Uint8Array(64).fill(Severity.invalid);
  /** HHSV, HSV, LSV, LLSV as two bits each, from bit 6 down; 0 checks nothing. */
  limitSeverity = new Uint8Array(64);
  hihi = new Float64Array(64);
  high = new Float64Array(64);
  low = new Float64Array(64);
  lolo = new Float64Array(64);
  hyst = new Float64Array(64);
  /** Last value posted as VALUE, as LOG, and the limit or state that last raised an alarm. */
  mlst = new Float64Array(64);
  alst = new Float64Array(64);
  lalm = new Float64Array(64);
  mdel = new Float64Array(64);
  adel = new Float64Array(64);
  /** VAL = raw × gain + offset. */
  gain = new Float64Array(64).fill(1);
  offset = new Float64Array(64);
  hopr = new Float64Array(64);
  lopr = new Float64Array(64);
  drvh = new Float64Array(64);
  drvl = new Float64Array(64);

  /** Record names. */
  readonly name: string[] = [];
  /** VAL of text records. */
  readonly text: (string | undefined)[] = [];
  /** VAL of text records as last posted. */
  readonly postedText: (string | undefined)[] = [];
  /** VAL of waveforms. */
  readonly array: (NumberArray | readonly string[] | undefined)[] = [];
  /** VAL of waveforms as last posted: rows are replaced, never changed. */
  readonly postedArray: (NumberArray | readonly string[] | undefined)[] = [];
  /** What the plant stores, of records that are fed by it or go to it. */
  readonly datatype: (Datatype | undefined)[] = [];
  /** States of bi, bo, mbbi, mbbo; equal ones are shared. */
  readonly states: (States | undefined)[] = [];
  /** Exact VAL of 64-bit integers beyond 2^53. */
  readonly wide = new Map<Slot, bigint>();
  /** AMSG where it is not empty. */
  readonly message = new Map<Slot, string>();
  /** Filters of alarms, of records that have one (AFTC). */
  readonly filters = new Map<Slot, AlarmFilter>();
  /** LCNT: attempts to process a record that was active. */
  readonly lockCount = new Map<Slot, number>();
  /** Records of which some link field is not empty. */
  readonly linked = new Set<Slot>();
  /** NAMSG where it is not empty. */
  readonly pendingMessage = new Map<Slot, string>();
  /** Links of a record in the order of its type; undefined ones are empty. */
  readonly links: ((Link | undefined)[] | undefined)[] = [];
  /** Records that CP links wait for and that posted since this was last emptied. */
  readonly sources: Slot[] = [];
  /** Hears of events on fields other than VAL. */
  fieldPosted: ((slot: Slot, field: string, mask: number) => void) | undefined;
  /** Breakpoint tables of databases, by name. */
  readonly breakTables = new Map<string, BreakTable>();
  /** What a record type keeps for a record beside its fields. */
  readonly own: unknown[] = [];
  /** Fields that are not columns, by name and slot, where they differ from their initial value. */
  readonly #stored = new Map<string, (FieldValue | undefined)[]>();

  /** VAL events since the last batch was taken, each slot once. */
  postedSlots = new Uint32Array(64);
  postedMasks = new Uint8Array(64);
  postedCount = 0;
  postedFields: FieldEvent[] = [];
  /** Processed slots of which some field other than VAL is watched. */
  readonly watchedSlots: Slot[] = [];

  #spareSlots = new Uint32Array(64);
  #spareMasks = new Uint8Array(64);

  constructor(image: ProcessImage) {
    this.image = image;
  }

  // hot path
  /** Posts an event on VAL. A slot has one event per batch, so masks of a second one are joined. */
  post(slot: Slot, mask: number): void {
    const flags = this.flags[slot]!;
    if (flags & Flag.source && mask & WAKES) this.sources.push(slot);
    if (flags & Flag.posted) {
      this.#join(slot, mask);
      return;
    }
    this.flags[slot]! |= Flag.posted;
    const at = this.postedCount++;
    this.postedSlots[at] = slot;
    this.postedMasks[at] = mask;
  }

  /** Posts an event on another field; only watched ones cost anything. */
  postField(slot: Slot, field: string, mask: number): void {
    this.postedFields.push({ slot, field, mask });
    this.fieldPosted?.(slot, field, mask);
  }

  /** Everything posted since the last time, borrowed until the time after next. */
  takePosted(): Posted | undefined {
    const { postedSlots: slots, postedMasks: masks, postedCount: count } = this;
    const fields = this.postedFields;
    if (count === 0 && fields.length === 0) return undefined;
    for (let i = 0; i < count; i++) this.set(slots[i] ?? 0, Flag.posted, false);
    this.postedSlots = this.#spareSlots;
    this.postedMasks = this.#spareMasks;
    this.#spareSlots = slots;
    this.#spareMasks = masks;
    this.postedCount = 0;
    if (fields.length > 0) this.postedFields = [];
    return { count, slots, masks, fields };
  }

  /** A field that is not a column; undefined where it has its initial value. */
  stored(slot: Slot, field: string): FieldValue | undefined {
    return this.#stored.get(field)?.[slot];
  }

  /** The number in a field that is not a column. */
  storedNumber(slot: Slot, field: string, initial = 0): number {
    return Number(this.#stored.get(field)?.[slot] ?? initial);
  }

  store(slot: Slot, field: string, value: FieldValue | undefined): void {
    const column = this.#stored.get(field) ?? [];
    if (value !== undefined) this.#stored.set(field, column);
    if (value !== undefined || column[slot] !== undefined) column[slot] = value;
  }

  has(slot: Slot, flag: number): boolean {
    return ((this.flags[slot] ?? 0) & flag) !== 0;
  }

  set(slot: Slot, flag: number, on: boolean): void {
    const flags = this.flags[slot] ?? 0;
    this.flags[slot] = on ? flags | flag : flags & ~flag;
  }

  /** Room for one more slot than `slot`. */
  reserve(slot: Slot): void {
    const size = this.type.length;
    if (slot >= size) this.#grow(Math.max(size * 2, slot + 1));
  }

  #join(slot: Slot, mask: number): void {
    const at = this.postedSlots.subarray(0, this.postedCount).indexOf(slot);
    if (at >= 0) this.postedMasks[at] = (this.postedMasks[at] ?? 0) | mask;
  }

  #grow(size: number): void {
    this.type = grown(this.type, new Uint8Array(size));
    this.flags = grown(this.flags, new Int32Array(size));
    this.scan = grown(this.scan, new Uint8Array(size));
    this.device = grown(this.device, new Uint8Array(size));
    this.phase = grown(this.phase, new Int16Array(size));
    this.pending = grown(this.pending, new Uint16Array(size));
    this.number = grown(this.number, new Float64Array(size));
    this.status = grown(this.status, new Uint8Array(size).fill(AlarmStatus.udf));
    this.severity = grown(this.severity, new Uint8Array(size).fill(Severity.invalid));
    this.acks = grown(this.acks, new Uint8Array(size));
    this.udfSeverity = grown(this.udfSeverity, new Uint8Array(size).fill(Severity.invalid));
    this.limitSeverity = grown(this.limitSeverity, new Uint8Array(size));
    this.hihi = grown(this.hihi, new Float64Array(size));
    this.high = grown(this.high, new Float64Array(size));
    this.low = grown(this.low, new Float64Array(size));
    this.lolo = grown(this.lolo, new Float64Array(size));
    this.hyst = grown(this.hyst, new Float64Array(size));
    this.mlst = grown(this.mlst, new Float64Array(size));
    this.alst = grown(this.alst, new Float64Array(size));
    this.lalm = grown(this.lalm, new Float64Array(size));
    this.mdel = grown(this.mdel, new Float64Array(size));
    this.adel = grown(this.adel, new Float64Array(size));
    this.gain = grown(this.gain, new Float64Array(size).fill(1));
    this.offset = grown(this.offset, new Float64Array(size));
    this.hopr = grown(this.hopr, new Float64Array(size));
    this.lopr = grown(this.lopr, new Float64Array(size));
    this.drvh = grown(this.drvh, new Float64Array(size));
    this.drvl = grown(this.drvl, new Float64Array(size));
    this.postedSlots = grown(this.postedSlots, new Uint32Array(size));
    this.postedMasks = grown(this.postedMasks, new Uint8Array(size));
    this.#spareSlots = new Uint32Array(size);
    this.#spareMasks = new Uint8Array(size);
  }
}

type Column = Uint8Array | Uint16Array | Int16Array | Int32Array | Uint32Array | Float64Array;

function grown<T extends Column>(from: T, to: T): T {
  to.set(from);
  return to;
}
