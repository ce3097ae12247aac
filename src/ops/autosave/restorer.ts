import { isAbsolute, join } from 'node:path';
import { MacroTable, parseSaved, type SavedValue } from '../../database/index.ts';
import { messageOf } from '../../kernel/index.ts';
import type { PvField, PvValue } from '../../pv/index.ts';
import type { Disk } from './disk.ts';
import {
  type AutosaveMeans,
  type AutosaveOptions,
  type Report,
  type RestoreFile,
  SaveStatus,
} from './options.ts';
import { type Problem, restoredValue } from './saved-text.ts';
import { SetFiles } from './set-files.ts';

/** Lines of the log about values that cannot come back. */
const MOST_COMPLAINTS = 20;

/** A save file that is to come back, from the time it was read. */
interface Restored {
  /** Until both passes are over. */
  values: readonly SavedValue[];
  report: Report;
}

/** A value that waits for its record. */
interface Waiting {
  readonly file: string;
  readonly value: SavedValue;
}

/** Brings saved values back: those of records that are there at once, the others when they come. */
export class Restorer {
  readonly #options: AutosaveOptions;
  readonly #means: AutosaveMeans;
  readonly #disk: Disk;
  readonly #files: RestoreFile[] = [];
  readonly #restored = new Map<string, Restored>();
  readonly #waiting = new Map<string, Waiting[]>();
  /** By file, then by name: what is waiting, so that saving keeps it. */
  readonly #kept = new Map<string, Map<string, SavedValue>>();
  #complaints = 0;
  /** Records at the last look for aliases. */
  #size = -1;

  constructor(options: AutosaveOptions, means: AutosaveMeans, disk: Disk) {
    this.#options = options;
    this.#means = means;
    this.#disk = disk;
  }

  /** The files that come back, and how that went. */
  get reports(): readonly (RestoreFile & { readonly report: Report })[] {
    const unknown: Report = { status: SaveStatus.none, text: 'Unknown, probably failed' };
    return this.#files.map((each) => {
      return { ...each, report: this.#restored.get(each.file)?.report ?? unknown };
    });
  }

  add(file: RestoreFile): void {
    this.#files.push(file);
  }

  /** Values of a file that wait for their PVs. */
  keptOf(file: string): ReadonlyMap<string, SavedValue> {
    return this.#keptOf(file);
  }

  #keptOf(file: string): Map<string, SavedValue> {
    const kept = this.#kept.get(file) ?? new Map<string, SavedValue>();
    this.#kept.set(file, kept);
    return kept;
  }

  /** Reads the files that are to come back. Never rejects. */
  async read(): Promise<void> {
    for (const file of this.#files) {
      if (!this.#restored.has(file.file)) this.#restored.set(file.file, await this.#open(file));
    }
  }

  /** Restores what was read, in a pass: 0 before records are initialised, 1 after. */
  run(pass: 0 | 1): void {
    for (const file of this.#files.filter((each) => each.pass === pass)) {
      const restored = this.#restored.get(file.file);
      if (restored) this.#apply(file, restored);
    }
    if (pass === 1) for (const restored of this.#restored.values()) restored.values = [];
  }

  /** A record came: what was saved of its fields comes back. */
  take(record: string): void {
    const waiting = this.#waiting.get(record);
    if (!waiting) return;
    this.#waiting.delete(record);
    const passes = [...this.#files].sort((a, b) => a.pass - b.pass);
    for (const { file, value } of waiting) {
      const field = this.#fieldOf(value.name);
      this.#kept.get(file)?.delete(value.name);
      if (!field) {
        this.#complain(`${file}: ${value.name}: there is no such field`);
        continue;
      }
      for (const { pass } of passes.filter((each) => each.file === file)) {
        const problem = this.#restore(field, value, pass);
        if (problem !== undefined) this.#complain(`${value.name}: ${problem}`);
      }
    }
  }

  /** Looks for what is waiting under other names of records that came: aliases. */
  takeArrived(): void {
    const { directory } = this.#means;
    if (directory.size === this.#size) return;
    this.#size = directory.size;
    for (const record of [...this.#waiting.keys()]) if (directory.has(record)) this.take(record);
  }

  /** Puts the values of a file to their PVs, as a client would: processing and all. */
  async put(file: string, macros: string, signal: AbortSignal): Promise<number> {
    const { values } = await this.#open({ file, macros, pass: 1 }, false);
    const origin = { user: 'autosave', host: 'localhost' };
    let problems = 0;
    for (const value of values) {
      const field = this.#fieldOf(value.name);
      const restored = field ? restoredValue(field, value) : { error: 'there is no such PV' };
      if (!field || isProblem(restored)) problems++;
      else if ((await field.put(restored, origin, signal)).kind !== 'done') problems++;
    }
    return problems;
  }

  async #open({ file, macros }: RestoreFile, isStart = true): Promise<Restored> {
    const { log, clock } = this.#means;
    const path = isAbsolute(file) ? file : join(this.#options.folder, file);
    const files = new SetFiles(path, this.#disk, this.#options, log, clock);
    const opened = await files.open();
    if (!('report' in opened)) return { values: [], report: opened };
    const text = macros ? new MacroTable(macros).expand(opened.text).text : opened.text;
    const { values: unordered, missing } = parseSaved(text);
    const values = valuesLast(unordered);
    if (missing > 0 && !this.#options.incomplete) {
      return { values: [], report: { status: SaveStatus.failure, text: 'restore aborted' } };
    }
    const copied = isStart && !isAbsolute(file) ? await files.copyAtStart() : opened.report;
    if (missing > 0) {
      const report = { status: SaveStatus.warning, text: '.sav file contained an error message' };
      return { values, report };
    }
    return { values, report: opened.report.status === SaveStatus.ok ? copied : opened.report };
  }

  #apply(file: RestoreFile, restored: Restored): void {
    const problems = restored.values.filter((value) => !this.#take(file, value)).length;
    if (restored.report.status !== SaveStatus.ok) return;
    const errors = `${problems} ${problems === 1 ? 'PV error' : 'PV errors'}`;
    restored.report =
      problems === 0
        ? { status: SaveStatus.ok, text: 'No errors' }
        : { status: SaveStatus.warning, text: errors };
  }

  /** Whether a value came back, or waits for its record. */
  #take({ file, pass }: RestoreFile, value: SavedValue): boolean {
    const field = this.#fieldOf(value.name);
    const [record = ''] = value.name.split('.', 1);
    if (!field && this.#options.keepsAbsent && !this.#means.directory.has(record)) {
      this.#await(file, value);
      return true;
    }
    const problem = field ? this.#restore(field, value, pass) : 'there is no such PV';
    if (problem !== undefined) this.#complain(`${file}: ${value.name}: ${problem}`);
    return problem === undefined;
  }

  #complain(text: string): void {
    if (this.#complaints++ < MOST_COMPLAINTS) this.#means.log.warn(`autosave: ${text}`);
  }

  #await(file: string, value: SavedValue): void {
    const [record = ''] = value.name.split('.', 1);
    const waiting = this.#waiting.get(record) ?? [];
    this.#waiting.set(record, waiting);
    const kept = this.#keptOf(file);
    if (kept.has(value.name)) return;
    kept.set(value.name, value);
    waiting.push({ file, value });
  }

  /** Before initialisation no arrays come back, after it no links. */
  #restore(field: PvField, saved: SavedValue, pass: 0 | 1): string | undefined {
    if (pass === 0 ? field.maxCount > 1 : field.type.endsWith('LINK')) return undefined;
    const value = restoredValue(field, saved);
    if (isProblem(value)) return value.error;
    try {
      this.#means.records.configure(field.record, field.field, value);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** The field itself where the name asks for it as a long string: it takes text as it is. */
  #fieldOf(name: string): PvField | undefined {
    return this.#means.directory.find(name.endsWith('$') ? name.slice(0, -1) : name);
  }
}

/** VAL comes last, when the limits that it is held to have come back. */
function valuesLast(values: readonly SavedValue[]): readonly SavedValue[] {
  const isVal = ({ name }: SavedValue) => !name.includes('.') || /\.VAL\$?$/.test(name);
  return [...values.filter((value) => !isVal(value)), ...values.filter(isVal)];
}

function isProblem(value: PvValue | Problem): value is Problem {
  return typeof value === 'object' && 'error' in value;
}
