import { type Clock, IocError, messageOf, systemClock } from '../kernel/index.ts';
import { type Place, type ProcessImage, Severity, type Slot } from '../model/index.ts';
import { Columns, type FieldValue, Flag, type Posted } from './columns.ts';
import { convertPut, isError } from './convert.ts';
import { DeviceCode } from './devices/device-code.ts';
import { Engine } from './engine/engine.ts';
import type { EngineHost } from './engine/host.ts';
import type { EngineMeans } from './engine/means.ts';
import { Scan } from './engine/scans.ts';
import { markPosted } from './engine/steps.ts';
import { claimWaiting } from './load/load-database.ts';
import { engineeringValue } from './plant-value.ts';
import type { PutOutcome, PutSink, PvValue } from './put.ts';
import { putField } from './put-field.ts';
import { fieldOf, type RecordField } from './record-field.ts';
import { RecordNames } from './record-names.ts';
import { recordTypeOf, recordTypes } from './registry.ts';
import { ServerStates } from './server-states.ts';
import type { RecordSpec } from './spec.ts';
import { blankStates, sharedStates } from './states.ts';
import { storeValue } from './store-value.ts';
import { Watchers } from './watchers.ts';

/** Who publishes what records post. */
export interface Publisher {
  /** Publishes the open batch now: a record in it is about to post again. */
  publishNow(): void;
  /** Something was posted outside of a batch. */
  posted(): void;
}

/** The records of this IOC: made from specifications, fed by the process image, put to by clients. */
export class RecordTable extends RecordNames {
  readonly columns: Columns;
  readonly watchers: Watchers;
  readonly engine: Engine;
  /** Named states of this server, for `sync` filters, JSON links and `Db State` records. */
  readonly states = new ServerStates();
  /** Called when a record is there with all that databases said of it, not yet initialised. */
  added: (name: string) => void = () => {};
  /** Called when the ASG of a record was changed: other clients may use it now. */
  regrouped: (slot: Slot) => void = () => {};
  publisher: Publisher = { publishNow: () => {}, posted: () => {} };
  /** Where puts to setpoints go; without one the plant is away. */
  sink: PutSink | undefined;
  constructor(image: ProcessImage, clock: Clock = systemClock) {
    super();
    this.columns = new Columns(image);
    this.watchers = new Watchers(this.columns);
    this.engine = new Engine(hostOf(this), clock);
  }

  /**
   * Initialises the records that were loaded and begins to scan (EPICS' iocInit); records that are
   * added later are initialised at once. Until disposed of.
   */
  start(means: EngineMeans): Disposable {
    this.engine.means = means;
    this.engine.life.start();
    this.publisher.posted();
    return this.engine.life;
  }

  /** The hot columns; times are the image's. Arrays are replaced when they grow. */
  get values() {
    const { number, status, severity, image } = this.columns;
    return { number, status, severity, seconds: image.seconds, nanoseconds: image.nanoseconds };
  }

  /** A new record, and its slot in the image. A name in use or a field that is none throws. */
  add(spec: RecordSpec): Slot {
    this.checkName(spec.name);
    const c = this.columns;
    const type = recordTypes[spec.type];
    const slot = c.image.addSlot(spec.place);
    c.reserve(slot);
    c.type[slot] = type.code;
    c.name[slot] = spec.name;
    c.flags[slot] = flagsOf(spec);
    if (spec.role === 'input') c.scan[slot] = Scan.ioIntr;
    if (spec.role !== 'soft') c.device[slot] = DeviceCode.plant;
    if (spec.datatype ?? spec.place) c.datatype[slot] = spec.datatype ?? spec.place?.datatype;
    if (type.kind === 'state')
      c.states[slot] = blankStates(type.code < recordTypes.mbbi.code ? 2 : 16);
    c.gain[slot] = spec.scale?.slope ?? 1;
    c.offset[slot] = spec.scale?.offset ?? 0;
    this.#initialise(slot, spec);
    this.named(slot, spec.name);
    this.#claim(slot, spec.name);
    this.added(spec.name);
    this.engine.life.admit(slot);
    return slot;
  }

  /** Makes room for so many more records at once. */
  expect(count: number): void {
    this.columns.reserve(this.columns.image.slotCount + count - 1);
  }

  /** Gives the record of a slot a place in the image, when the plant came with another layout. */
  place(slot: Slot, place: Place): void {
    this.columns.image.place(slot, place);
    this.columns.set(slot, Flag.mapped, true);
  }

  /** Sets any field, read-only ones too, as a database file would: nothing processes or posts. */
  configure(slot: Slot, name: string, value: PvValue): void {
    const field = this.#field(slot, name);
    const converted = convertPut(this.columns, field, value);
    if (isError(converted)) {
      const where = `${this.columns.name[slot]}.${name}`;
      throw new IocError('records/field', `Set ${where}: ${converted.error}`);
    }
    if (name === 'VAL') storeValue(this.columns, field, converted);
    else this.engine.life.configure(field, converted as FieldValue);
  }

  /**
   * Takes the plant's value, in raw counts, as the record's own: of a setpoint at the start of a
   * session, of an input that has no place. Nothing is written; the next batch posts it with this
   * time. A setpoint that is on its way to the plant keeps the client's wish.
   */
  adopt(slot: Slot, raw: PvValue, seconds: number, nanoseconds: number): void {
    const c = this.columns;
    if (!c.has(slot, Flag.pact)) {
      c.set(slot, Flag.writeFailed, false);
      this.configure(slot, 'VAL', engineeringValue(c, slot, raw));
    }
    c.image.touch(slot, seconds, nanoseconds);
  }

  /** What a client puts to a field, with everything that follows from it. */
  put(
    field: RecordField,
    value: PvValue,
    notify: boolean,
    signal: AbortSignal,
  ): PutOutcome | Promise<PutOutcome> {
    const outcome = putField(this.engine, field, value, notify, signal);
    this.publisher.posted();
    return outcome;
  }

  /** Processes every dirty slot of the image once; what is posted lies in the columns. */
  processDirty(): void {
    this.engine.processDirty();
  }

  /** What was posted since this was last asked, as a batch that stands until the one after next. */
  takePosted(): Posted | undefined {
    this.watchers.postProcessed();
    return this.columns.takePosted();
  }

  /** A field of a record; undefined when its type has none of that name. */
  field(slot: Slot, name: string): RecordField | undefined {
    return fieldOf(this.columns, slot, name);
  }

  /** Sets the fields of a new record; as record initialisation does, its first VAL counts as posted. */
  #initialise(slot: Slot, { fields = {}, initial }: RecordSpec): void {
    const c = this.columns;
    for (const [field, value] of Object.entries(fields)) this.configure(slot, field, value);
    if (initial !== undefined) this.configure(slot, 'VAL', initial);
    const states = c.states[slot];
    if (states) c.states[slot] = sharedStates(states);
    // As in EPICS, STAT is UDF until the record processes, whether it has a value or not.
    c.severity[slot] = c.has(slot, Flag.udf) ? (c.udfSeverity[slot] ?? 0) : Severity.noAlarm;
    markPosted(c, slot);
  }

  protected override nameOf(slot: Slot): string {
    return this.columns.name[slot] ?? '';
  }

  #claim(slot: Slot, name: string): void {
    const waiting = this.takePostponed(name);
    if (!waiting) return;
    try {
      claimWaiting(this, slot, waiting);
    } catch (error) {
      // What is wrong in a database must not keep a plant from its records.
      if (this.engine.life.isNew) throw error;
      this.engine.means.log.error(messageOf(error));
    }
  }

  #field(slot: Slot, name: string): RecordField {
    const field = fieldOf(this.columns, slot, name);
    if (field) return field;
    const record = `${this.columns.name[slot]} (${recordTypeOf(this.columns.type[slot] ?? 0).name})`;
    throw new IocError('records/field', `Set ${name} of ${record}: it has no such field`);
  }
}

function flagsOf({ role, place, datatype }: RecordSpec): number {
  const stored = datatype?.kind === 'array' ? datatype.element : datatype;
  return (
    Flag.udf |
    Flag.ackt |
    (place ? Flag.mapped : 0) |
    (role === 'input' ? Flag.input | Flag.plantTime : 0) |
    (role === 'setpoint' ? Flag.setpoint | Flag.ruled : 0) |
    (stored && stored.kind !== 'float' ? Flag.integer : 0)
  );
}

/** What the engine sees of its table. */
function hostOf(table: RecordTable): EngineHost {
  return {
    columns: table.columns,
    watchers: table.watchers,
    states: table.states,
    slotOf: (name) => table.slotOf(name),
    infos: (slot) => table.infos(slot),
    field: (slot, name) => table.field(slot, name),
    publishNow: () => table.publisher.publishNow(),
    posted: () => table.publisher.posted(),
    regrouped: (slot) => table.regrouped(slot),
    send(request) {
      if (table.sink) table.sink(request);
      else {
        const name = table.columns.name[request.slot];
        const text = `Put to ${name} refused: no plant is connected`;
        request.settle({ kind: 'refused', reason: 'away', text });
      }
    },
  };
}
