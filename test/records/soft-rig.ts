import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDatabase } from '../../src/database/index.ts';
import { silentLog } from '../../src/kernel/index.ts';
import { ProcessImage } from '../../src/model/index.ts';
import {
  type EngineMeans,
  loadDatabase,
  type PutOutcome,
  type PvValue,
  type RecordField,
  RecordTable,
} from '../../src/records/index.ts';
import { ManualClock } from '../ads/manual-clock.ts';

/** Noon of 2020-01-01, in milliseconds since 1970. */
const NOON = 1_577_880_000_000;

/** Soft records as a database says them, on a clock that stands still unless told. */
export class SoftRig {
  readonly clock = new ManualClock(NOON);
  readonly records = new RecordTable(new ProcessImage(), this.clock);
  readonly #life: Disposable;

  constructor(database: string, means: Partial<EngineMeans> = {}) {
    loadDatabase(this.records, parsed(database));
    this.#life = this.records.start({ log: silentLog, ...means });
    this.events();
  }

  [Symbol.dispose](): void {
    this.#life[Symbol.dispose]();
  }

  get(name: string): PvValue {
    const field = this.#field(name);
    return field.definition.access.read(this.records.columns, field.slot);
  }

  /** A choice of a menu as text. */
  choice(name: string): string | undefined {
    return this.#field(name).definition.choices[Number(this.get(name))];
  }

  put(
    name: string,
    value: PvValue,
    notify = false,
    signal = new AbortController().signal,
  ): PutOutcome | Promise<PutOutcome> {
    return this.records.put(this.#field(name), value, notify, signal);
  }

  /** Events since the last look: `NAME=VLA` for VAL, `NAME.FIELD=V`, letters by mask bits. */
  events(): string[] {
    const { count = 0, slots, masks, fields = [] } = this.records.takePosted() ?? {};
    const { name } = this.records.columns;
    const values = Array.from(slots?.subarray(0, count) ?? [], (slot, i) => {
      return `${name[slot]}=${letters(masks?.[i] ?? 0)}`;
    });
    const others = fields.map((event) => {
      return `${name[event.slot]}.${event.field}=${letters(event.mask)}`;
    });
    return [...values, ...others];
  }

  watch(name: string): Disposable {
    const { slot, definition } = this.#field(name);
    return this.records.watchers.watch(slot, definition.name);
  }

  #field(name: string): RecordField {
    const [record = '', field = 'VAL'] = name.split('.');
    const slot = this.records.slotOf(record) ?? -1;
    const found = this.records.field(slot, field);
    if (!found) throw new Error(`no ${name}`);
    return found;
  }
}

function letters(mask: number): string {
  return [...'VLAP'].filter((_, bit) => mask & (1 << bit)).join('');
}

function parsed(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'records-'));
  try {
    const file = join(folder, 'test.db');
    writeFileSync(file, text);
    return readDatabase([file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
