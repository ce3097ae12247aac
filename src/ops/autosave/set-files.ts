import { isComplete, stamp } from '../../database/index.ts';
import { type Clock, type Log, messageOf } from '../../kernel/index.ts';
import type { Disk, FileState } from './disk.ts';
import { type AutosaveOptions, type Report, SaveStatus } from './options.ts';

/** A save file that can be trusted, and how it was come by. */
export interface OpenedFile {
  readonly text: string;
  readonly report: Report;
}

const ok: Report = { status: SaveStatus.ok, text: 'Ok' };

/** The file of a set with its copies: `.sav`, `.savB`, `.sav0` …, those of each start, broken ones. */
export class SetFiles {
  readonly path: string;
  readonly #disk: Disk;
  readonly #options: AutosaveOptions;
  readonly #log: Log;
  readonly #clock: Clock;
  /** The sequence file that is written next. */
  #next: number | undefined;

  constructor(path: string, disk: Disk, options: AutosaveOptions, log: Log, clock: Clock) {
    this.path = path;
    this.#disk = disk;
    this.#options = options;
    this.#log = log;
    this.#clock = clock;
  }

  /** The save file is replaced only while `.savB` is good, and that one only when the file is. */
  async write(parts: readonly string[]): Promise<Report> {
    const copy = `${this.path}B`;
    const state = await this.#stateOf(copy);
    try {
      if (state === 'bad') await this.#setAside(copy, '_SBAD_');
      if (state !== 'good') await this.#disk.write(copy, parts);
    } catch (error) {
      return this.#failed(copy, "Can't write .savB file", SaveStatus.failure, error);
    }
    try {
      await this.#disk.write(this.path, parts);
    } catch (error) {
      return this.#failed(this.path, "Can't write .sav file", SaveStatus.failure, error);
    }
    if (state === 'bad') return { status: SaveStatus.warning, text: '.savB file was bad' };
    if (state === 'none') return ok;
    try {
      await this.#disk.write(copy, parts);
      return ok;
    } catch (error) {
      return this.#failed(copy, "Can't copy .sav to .savB file", SaveStatus.warning, error);
    }
  }

  /** Copies the save file to the sequence file that is the oldest; undefined when none is kept. */
  async writeSequence(): Promise<Report | undefined> {
    const { files } = this.#options.sequence;
    if (files === 0) return undefined;
    try {
      const number = this.#next ?? (await this.#oldest(files));
      if (!(await this.#disk.copy(this.path, `${this.path}${number}`))) return undefined;
      this.#next = (number + 1) % files;
      return ok;
    } catch (error) {
      const what = "Can't write sequence file";
      return this.#failed(`${this.path}0`, what, SaveStatus.sequence, error);
    }
  }

  /** The first of the file, its copy and its sequence files, newest first, that is complete. */
  async open(): Promise<OpenedFile | Report> {
    for (const path of [this.path, `${this.path}B`]) {
      const text = await this.#trusted(path);
      if (text !== undefined) return { text, report: ok };
    }
    const sequence = await this.#sequence();
    for (const { path } of sequence.sort((a, b) => b.written - a.written)) {
      const text = await this.#trusted(path);
      if (text === undefined) continue;
      const report = { status: SaveStatus.warning, text: 'Bad .sav(B) files; used seq. backup' };
      return { text, report };
    }
    return { status: SaveStatus.failure, text: "Can't open save file." };
  }

  /** Keeps the file as it was at this start. */
  async copyAtStart(): Promise<Report> {
    const { copies } = this.#options;
    try {
      if (copies === 0) await this.#disk.copy(this.path, `${this.path}.bu`);
      else {
        await this.#disk.copy(this.path, `${this.path}_${this.#stamp()}`);
        await this.#disk.prune(`${this.path}_`, copies);
      }
      return ok;
    } catch (error) {
      return this.#failed(this.path, "Can't write backup file", SaveStatus.warning, error);
    }
  }

  async #trusted(path: string): Promise<string | undefined> {
    const text = await this.#read(path);
    if (text === undefined) return undefined;
    if (isComplete(text)) return text;
    this.#log.error(`autosave: ${path} is not complete: its writer ended before it was done`);
    await this.#setAside(path, '_RBAD_').catch((error: unknown) => {
      this.#log.warn(`autosave: ${path} could not be kept aside: ${messageOf(error)}`);
    });
    return undefined;
  }

  async #read(path: string): Promise<string | undefined> {
    try {
      const text = await this.#disk.read(path);
      if (text === undefined) this.#log.info(`autosave: there is no ${path}`);
      return text;
    } catch (error) {
      this.#log.error(`autosave: ${path} cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** What cannot be read cannot be trusted. */
  async #stateOf(path: string): Promise<FileState> {
    try {
      return await this.#disk.state(path);
    } catch {
      return 'bad';
    }
  }

  async #setAside(path: string, mark: string): Promise<void> {
    await this.#disk.copy(path, `${path}${mark}${this.#stamp()}`);
    await this.#disk.prune(`${path}${mark}`, Math.max(1, this.#options.copies));
  }

  async #sequence(): Promise<{ readonly path: string; readonly written: number }[]> {
    const found: { path: string; written: number }[] = [];
    for (let number = 0; number < this.#options.sequence.files; number++) {
      const path = `${this.path}${number}`;
      const written = await this.#disk.written(path).catch(() => undefined);
      if (written !== undefined) found.push({ path, written });
    }
    return found;
  }

  /** The number of the first file that is not there, or of the one written longest ago. */
  async #oldest(files: number): Promise<number> {
    let oldest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let number = 0; number < files; number++) {
      const written = await this.#disk.written(`${this.path}${number}`);
      if (written === undefined) return number;
      if (written >= least) continue;
      oldest = number;
      least = written;
    }
    return oldest;
  }

  #failed(path: string, text: string, status: SaveStatus, error: unknown): Report {
    this.#log.error(`autosave: ${path} could not be written: ${messageOf(error)}`);
    return { status, text };
  }

  #stamp(): string {
    return stamp(new Date(this.#clock.now()));
  }
}
