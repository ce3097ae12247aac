import { DatabaseLoader } from '../../src/database/index.ts';
import { silentLog } from '../../src/kernel/index.ts';
import {
  type Block,
  byteLength,
  type Datatype,
  encodeValue,
  ProcessImage,
  type Slot,
  type Value,
} from '../../src/model/index.ts';
import {
  type EngineMeans,
  loadDatabase,
  type PutOutcome,
  type PutRequest,
  type PvValue,
  type RecordSpec,
  RecordTable,
  type RecordTypeName,
} from '../../src/records/index.ts';
import { ManualClock } from '../ads/manual-clock.ts';

/** Noon of 2020-01-01 as EPICS seconds: what the clock of a rig says at first. */
export const NOON = 946_728_000;

/** Records on a process image of which every input has a block of its own. */
export class Rig {
  readonly image = new ProcessImage();
  readonly records: RecordTable;
  /** Requests that reached the plant and wait for its answer. */
  readonly requests: PutRequest[] = [];
  readonly clock = new ManualClock((NOON + 631_152_000) * 1000);
  readonly #blocks = new Map<Slot, Block>();
  readonly #datatypes = new Map<Slot, Datatype>();
  #seconds = 1000;

  /** What the engine is started with; tests add to it. */
  get means(): EngineMeans {
    return { log: silentLog };
  }

  constructor() {
    this.records = new RecordTable(this.image, this.clock);
    this.records.sink = (request) => this.requests.push(request);
  }

  /** Loads a database text, and starts the records with `means` unless told otherwise. */
  load(text: string, means: Partial<EngineMeans> = {}): this {
    this.declare(text);
    this.records.start({ ...this.means, ...means });
    return this;
  }

  declare(text: string): void {
    const loader = new DatabaseLoader({ env: {} });
    loader.loadText('test.db', text, '');
    loadDatabase(this.records, loader.database);
  }

  input(
    name: string,
    type: RecordTypeName,
    datatype: Datatype,
    fields: RecordSpec['fields'] = {},
    more: Partial<RecordSpec> = {},
  ): Slot {
    const block = this.image.addBlock(byteLength(datatype));
    const place = { block, byte: 0, bit: 0, datatype };
    const slot = this.records.add({ name, type, role: 'input', place, fields, ...more });
    this.#blocks.set(slot, block);
    this.#datatypes.set(slot, datatype);
    return slot;
  }

  setpoint(
    name: string,
    type: RecordTypeName,
    datatype: Datatype,
    fields: RecordSpec['fields'] = {},
  ): Slot {
    return this.records.add({ name, type, role: 'setpoint', datatype, fields });
  }

  /** A value from the plant, at the next second. */
  sample(slot: Slot, value: Value): void {
    const bytes = encodeValue(this.#datatypes.get(slot) ?? { kind: 'bool' }, value);
    const block = this.#blocks.get(slot) ?? 0;
    this.image.apply(block, bytes, 0, bytes.length, this.#seconds++, 500);
  }

  /** A value from the plant, and what its batch posted of VAL: mask bits, 0 for nothing. */
  feed(slot: Slot, value: Value): number {
    this.sample(slot, value);
    this.records.processDirty();
    return this.masks().get(slot) ?? 0;
  }

  /** VAL events since the last look, by slot. */
  masks(): Map<Slot, number> {
    return this.posted().masks;
  }

  /** All events since the last look; those of other fields as `NAME.FIELD=mask`. */
  posted(): { masks: Map<Slot, number>; fields: string[] } {
    const { count = 0, slots, masks, fields = [] } = this.records.takePosted() ?? {};
    const events = new Map<Slot, number>();
    for (let i = 0; i < count; i++) {
      if (events.has(slots?.[i] ?? 0)) throw new Error(`slot ${slots?.[i]} twice in a batch`);
      events.set(slots?.[i] ?? 0, masks?.[i] ?? 0);
    }
    const named = fields.map((e) => `${this.records.columns.name[e.slot]}.${e.field}=${e.mask}`);
    return { masks: events, fields: named };
  }

  get(name: string): PvValue {
    const [record = '', field = 'VAL'] = name.split('.');
    const slot = this.records.slotOf(record) ?? -1;
    const found = this.records.field(slot, field);
    if (!found) throw new Error(`no ${name}`);
    return found.definition.access.read(this.records.columns, slot);
  }

  /** A choice of a MENU field as text. */
  choice(name: string): string | undefined {
    const [record = '', field = ''] = name.split('.');
    const slot = this.records.slotOf(record) ?? -1;
    return this.records.field(slot, field)?.definition.choices[Number(this.get(name))];
  }

  put(
    name: string,
    value: PvValue,
    notify = false,
    signal = new AbortController().signal,
  ): PutOutcome | Promise<PutOutcome> {
    const [record = '', field = 'VAL'] = name.split('.');
    const found = this.records.field(this.records.slotOf(record) ?? -1, field);
    if (!found) throw new Error(`no ${name}`);
    return this.records.put(found, value, notify, signal);
  }

  alarm(name: string): string {
    return `${this.choice(`${name}.STAT`)} ${this.choice(`${name}.SEVR`)}`;
  }
}
