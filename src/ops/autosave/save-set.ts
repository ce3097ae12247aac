import { basename, join } from 'node:path';
import { type SavedValue, savedEnd, savedHead, stamp } from '../../database/index.ts';
import { messageOf } from '../../kernel/index.ts';
import type { Disk } from './disk.ts';
import {
  type AutosaveMeans,
  type AutosaveOptions,
  type Report,
  type SaveMethod,
  type SaveSetOptions,
  SaveStatus,
} from './options.ts';
import { RequestedPvs } from './requested.ts';
import { SetFiles } from './set-files.ts';
import { type SetText, setText } from './set-text.ts';

/** The name of the save file of a request file. */
export function saveFileOf(request: string): string {
  return `${basename(request).replace(/(?<!^)\.[^.]*$/, '')}.sav`;
}

/** A set is looked at for a hundredth of the time at most, however large it is. */
const MOST_REST = 100;

/** A save file as it is now. */
export interface SavedFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** A set of PVs, and the file that they are saved in. */
export class SaveSet {
  readonly options: SaveSetOptions;
  readonly fileName: string;
  /** How the last save went. */
  report: Report = { status: SaveStatus.none, text: 'Initializing list' };
  /** When the set was saved last, milliseconds since 1970. */
  savedAt: number | undefined;
  /** Set when its trigger fires, until it is saved. */
  isTriggered = false;
  readonly #autosave: AutosaveOptions;
  readonly #means: AutosaveMeans;
  readonly #pvs: RequestedPvs;
  readonly #files: SetFiles;
  readonly #disk: Disk;
  readonly #kept: ReadonlyMap<string, SavedValue>;
  #last: SetText | undefined;
  #saving: Promise<Report> | undefined;
  /** Seconds after a save in which a large set is left alone. */
  #rest = 0;
  #isFullTold = false;
  /** When a save was due or tried last, and a sequence file written, by the clock's monotonic time. */
  #triedAt: number;
  #sequencedAt: number;

  /** Reads its request file; `kept` are saved values of PVs that were not there to take them. */
  constructor(
    options: SaveSetOptions,
    autosave: AutosaveOptions,
    means: AutosaveMeans,
    disk: Disk,
    kept: ReadonlyMap<string, SavedValue>,
  ) {
    const { directory, records, log, clock } = means;
    this.options = options;
    this.fileName = saveFileOf(options.request);
    this.#autosave = autosave;
    this.#means = means;
    this.#disk = disk;
    this.#kept = kept;
    this.#files = new SetFiles(join(autosave.folder, this.fileName), disk, autosave, log, clock);
    this.#pvs = new RequestedPvs(directory, records, options, autosave.requests, means.env);
    this.#triedAt = this.#sequencedAt = clock.monotonic();
  }

  get method(): SaveMethod {
    return this.options.method;
  }

  get size(): number {
    return this.#pvs.entries.length;
  }

  /** Whether a PV is one of the set, as the records are now. */
  has(name: string): boolean {
    for (const _ of this.#pvs.resolve());
    return this.#pvs.has(name);
  }

  /** Its newest save file that is complete. */
  async newest(): Promise<SavedFile | undefined> {
    const opened = await this.#files.open();
    if (!('report' in opened)) return undefined;
    return { name: this.fileName, path: this.#files.path, text: opened.text };
  }

  /** Saves if it is time to; what happened, if anything did. */
  async attend(): Promise<string | undefined> {
    const isDue = this.#isDue(this.#means.clock.monotonic());
    const before = this.savedAt;
    if (isDue) await this.save(this.method.kind === 'monitored');
    if (this.report.status === SaveStatus.failure) return isDue ? this.report.text : undefined;
    const sequenced = await this.#attendSequence();
    return sequenced ?? (this.savedAt === before ? undefined : `Wrote '${this.fileName}'`);
  }

  /** Saves now, or joins the save that is under way. Never rejects. */
  save(onlyChanges = false): Promise<Report> {
    this.#saving ??= this.#save(onlyChanges).finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  /** Whether something may be lost if the IOC ends without another save. */
  get wantsLastSave(): boolean {
    const { kind } = this.method;
    return kind === 'monitored' || kind === 'periodic' || this.isTriggered;
  }

  /** Writes the set to a file of another name, keeping a dated copy of what it said before. */
  async saveAs(name: string): Promise<string> {
    const path = join(this.#autosave.folder, name);
    const text = await this.#text();
    await this.#disk.copy(path, `${path}_${stamp(new Date(this.#means.clock.now()))}`);
    await this.#disk.prune(`${path}_`, Math.max(1, this.#autosave.copies));
    await this.#disk.write(path, this.#whole(text));
    return path;
  }

  async #save(onlyChanges: boolean): Promise<Report> {
    this.#triedAt = this.#means.clock.monotonic();
    this.isTriggered = false;
    try {
      const text = await this.#text();
      if (onlyChanges && this.#isSaved(text)) return this.report;
      this.report = await this.#write(text);
    } catch (error) {
      this.#means.log.error(`autosave: ${this.fileName} was not saved: ${messageOf(error)}`);
      this.report = { status: SaveStatus.failure, text: "Can't write .sav file" };
    }
    return this.report;
  }

  async #write(text: SetText): Promise<Report> {
    const missing = `${text.missing} ${text.missing === 1 ? 'value' : 'values'} not saved`;
    if (text.missing > 0 && !this.#autosave.incomplete) {
      return { status: SaveStatus.failure, text: missing };
    }
    const report = await this.#files.write(this.#whole(text));
    this.#last = report.status === SaveStatus.failure ? undefined : text;
    if (report.status === SaveStatus.failure) return report;
    this.savedAt = this.#means.clock.now();
    return text.missing > 0 ? { status: SaveStatus.warning, text: missing } : report;
  }

  async #attendSequence(): Promise<string | undefined> {
    const { clock } = this.#means;
    const pause = Math.max(10, this.#autosave.sequence.period) * 1000;
    if (this.savedAt === undefined || clock.monotonic() - this.#sequencedAt < pause) {
      return undefined;
    }
    this.#sequencedAt = clock.monotonic();
    const report = await this.#files.writeSequence();
    if (report?.status === SaveStatus.sequence) this.report = report;
    return report?.text === 'Ok' ? `Wrote a sequence file of '${this.fileName}'` : report?.text;
  }

  #isDue(now: number): boolean {
    const waited = (now - this.#triedAt) / 1000;
    if (this.report.status === SaveStatus.failure && waited >= Math.max(10, this.#autosave.retry)) {
      return true;
    }
    const { method } = this;
    if (method.kind === 'manual') return false;
    if (method.kind === 'triggered') return this.isTriggered;
    return waited >= Math.max(method.period, this.#rest);
  }

  #isSaved(text: SetText): boolean {
    const last = this.#last;
    if (!last || this.report.status <= SaveStatus.failure) return false;
    return (
      last.missing === text.missing &&
      last.parts.length === text.parts.length &&
      last.parts.every((part, index) => part === text.parts[index])
    );
  }

  async #text(): Promise<SetText> {
    const { keepsAbsent = false } = this.#autosave;
    const source = { pvs: this.#pvs, kept: this.#kept, keepsAbsent };
    const text = await setText(source, this.#means.clock);
    this.#rest = (text.busyMs * MOST_REST) / 1000;
    if (this.#pvs.isFull && !this.#isFullTold) {
      this.#means.log.error(`autosave: ${this.fileName} has too many PVs: ${this.size} are saved`);
      this.#isFullTold = true;
    }
    return text;
  }

  #whole({ parts, missing }: SetText): string[] {
    return [savedHead(new Date(this.#means.clock.now()), missing), ...parts, savedEnd];
  }
}
