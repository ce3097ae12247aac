import type { Slot } from '../../model/index.ts';
import { type FieldValue, Flag } from '../columns.ts';
import type { FieldDefinition } from '../field-table.ts';
import type { Link } from '../links/link.ts';
import type { RecordField } from '../record-field.ts';
import { CommonLink, type RecordType } from '../record-type.ts';
import { recordTypeOf } from '../registry.ts';
import { SlotSet } from '../slot-set.ts';
import { AbsentRecords } from './absent-records.ts';
import type { Engine } from './engine.ts';
import { isRuling, needsRules } from './rules.ts';
import { byPhase } from './scans.ts';

/** Values of PINI. */
const Pini = { no: 0, yes: 1, run: 2, running: 3, pause: 4, paused: 5 } as const;

/** The life of records in the engine: initialised, linked, scanned, and at the end released. */
export class Life {
  readonly #engine: Engine;
  /** Records that were made and not yet initialised. */
  #made: Slot[] = [];
  readonly #initialised = new SlotSet();
  #state: 'new' | 'running' | 'paused' | 'over' = 'new';
  /** Records whose PINI is or was not NO. */
  readonly #initial = new Set<Slot>();
  readonly #absent = new AbsentRecords();
  /** Records to which a link brings its alarm, so that they need the engine. */
  readonly #reached = new Set<Slot>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Nothing was initialised yet: databases and autosave set what they like. */
  get isNew(): boolean {
    return this.#state === 'new';
  }

  /** Takes a record that was made: initialised at once, or with all others at the start. */
  admit(slot: Slot): void {
    this.#made.push(slot);
    if (this.#state !== 'new') this.#initialise();
  }

  /** EPICS' iocInit: initialises records, processes those of PINI, and begins to scan. */
  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    this.#initialise(this.#engine.means.initialised);
    this.#processInitially(Pini.run);
    this.#engine.scans.start();
    this.#processInitially(Pini.running);
  }

  /** EPICS' iocPause: nothing scans any more. */
  pause(): void {
    if (this.#state !== 'running') return;
    this.#state = 'paused';
    this.#processInitially(Pini.pause);
    this.#engine.scans.stop();
    this.#processInitially(Pini.paused);
  }

  /** EPICS' iocRun, after a pause. */
  run(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    this.#processInitially(Pini.run);
    this.#engine.scans.start();
    this.#processInitially(Pini.running);
  }

  [Symbol.dispose](): void {
    const { scans, turns, timers, devices, columns } = this.#engine;
    this.#state = 'over';
    scans.stop();
    timers[Symbol.dispose]();
    turns[Symbol.dispose]();
    devices.closeAll();
    for (const links of columns.links) for (const link of links ?? []) link?.[Symbol.dispose]();
  }

  /** Sets a field other than VAL as a database file does: nothing processes. */
  configure({ slot, definition }: RecordField, value: FieldValue): void {
    const { columns, scans } = this.#engine;
    const isListed = this.#initialised.has(slot) && isListing(definition.name);
    if (isListed) scans.remove(slot);
    definition.access.write(columns, slot, value);
    if (isListed) scans.add(slot);
    if (this.#initialised.has(slot)) this.#took(slot, definition);
  }

  #took(slot: Slot, definition: FieldDefinition): void {
    if (definition.link >= 0) this.#reopen(slot, definition);
    if (definition.name === 'PINI') this.pini(slot);
    if (isRuling(definition.name)) this.refreshRules(slot);
    this.#type(slot).changed?.(this.#engine, slot, definition.name);
  }

  #reopen(slot: Slot, definition: FieldDefinition): void {
    this.#open(slot, definition);
    if (isDeviceLink(definition)) this.#engine.devices.open(slot);
    this.refreshRules(slot);
  }

  /** Gives a link field another text, while the record lives. */
  relink(slot: Slot, definition: FieldDefinition, text: string): void {
    const { columns, host } = this.#engine;
    definition.access.write(columns, slot, text);
    if (this.#initialised.has(slot)) this.#took(slot, definition);
    this.#engine.aboutToPost(slot);
    host.watchers.postPut(slot, definition.name);
  }

  /** Notes whether a record needs the engine, after a change of what that depends on. */
  refreshRules(slot: Slot): void {
    const { columns } = this.#engine;
    const tse = columns.storedNumber(slot, 'TSE');
    const hasSelector = columns.links[slot]?.[CommonLink.tsel] !== undefined;
    columns.set(slot, Flag.timed, !columns.has(slot, Flag.plantTime) && (tse !== 0 || hasSelector));
    columns.set(slot, Flag.traced, columns.storedNumber(slot, 'TPRO') !== 0);
    columns.set(slot, Flag.ruled, this.#reached.has(slot) || needsRules(columns, slot));
  }

  /** A link will bring its alarm to a record. */
  reach(slot: Slot): void {
    this.#reached.add(slot);
    this.#engine.columns.set(slot, Flag.ruled, true);
  }

  /** A link leads to a record that is not here: it is opened again when it comes. */
  await(record: string, slot: Slot, field: string): void {
    this.#absent.await(record, { slot, field });
  }

  /** PINI of a record was set. */
  pini(slot: Slot): void {
    if (this.#engine.columns.storedNumber(slot, 'PINI') !== Pini.no) this.#initial.add(slot);
  }

  /** Initialises what was made: links of all, then each record, then those of PINI YES. */
  #initialise(isDone?: () => void): void {
    const made = this.#made;
    this.#made = [];
    const { scans, devices } = this.#engine;
    for (const slot of made) this.#openAll(slot);
    for (const slot of made) {
      devices.open(slot);
      this.#type(slot).init?.(this.#engine, slot);
      this.#initialised.add(slot);
      this.refreshRules(slot);
      this.pini(slot);
    }
    for (const slot of made) this.#arrive(slot);
    isDone?.();
    this.#processInitially(Pini.yes, new Set(made));
    scans.addAll(made);
  }

  /** Links that waited for a record lead to it from now on. */
  #arrive(slot: Slot): void {
    const name = this.#engine.columns.name[slot] ?? '';
    for (const { slot: owner, field } of this.#absent.arrived(name)) {
      const type = this.#type(owner);
      const definition = type.fields.get(field);
      if (definition) this.#open(owner, definition);
    }
  }

  #openAll(slot: Slot): void {
    const { columns } = this.#engine;
    if (!columns.linked.has(slot)) return;
    for (const name of this.#type(slot).links) {
      const definition = this.#type(slot).fields.get(name);
      if (definition && columns.stored(slot, name)) this.#open(slot, definition);
    }
  }

  #open(slot: Slot, definition: FieldDefinition): void {
    const { columns, opener } = this.#engine;
    const links = columns.links[slot] ?? new Array<Link | undefined>(this.#type(slot).links.length);
    links[definition.link]?.[Symbol.dispose]();
    links[definition.link] = undefined;
    this.#absent.forget({ slot, field: definition.name });
    const text = String(columns.stored(slot, definition.name) ?? '');
    links[definition.link] = opener.open(slot, definition, text);
    const isLinked = links.some((link) => link !== undefined);
    columns.links[slot] = isLinked ? links : undefined;
  }

  #processInitially(pini: number, among?: ReadonlySet<Slot>): void {
    const { columns, turns, chains } = this.#engine;
    const slots = [...this.#initial].filter((slot) => {
      return columns.storedNumber(slot, 'PINI') === pini && (among?.has(slot) ?? true);
    });
    for (const slot of byPhase(this.#engine, slots)) turns.run(() => chains.process(slot));
  }

  #type(slot: Slot): RecordType {
    return recordTypeOf(this.#engine.columns.type[slot] ?? 0);
  }
}

/** SCAN and what else decides on the lists of a record. */
export function isListing(field: string): boolean {
  return field === 'SCAN' || field === 'PHAS' || field === 'EVNT' || field === 'PRIO';
}

function isDeviceLink({ name }: FieldDefinition): boolean {
  return name === 'INP' || name === 'OUT';
}
