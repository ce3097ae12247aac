import { mkdirSync } from 'node:fs';
import { messageOf, sleep } from '../../kernel/index.ts';
import { Disk } from './disk.ts';
import {
  type AutosaveMeans,
  type AutosaveOptions,
  type Report,
  type RestoreFile,
  type SaveSetOptions,
  SHORTEST_PERIOD,
} from './options.ts';
import { Restorer } from './restorer.ts';
import { SaveSet, saveFileOf } from './save-set.ts';
import { StatusPvs } from './status-pvs.ts';
import { Triggers } from './triggers.ts';

/** How often it is looked what is to be saved, in milliseconds. */
const LOOK_MS = 1000;
/** How long the last saves may take: an IOC that is told to end has 3 s. */
const LAST_MS = 2500;

/**
 * Saves values of PVs to files and brings them back at the next start, in the files and habits of
 * the autosave module of EPICS. First the files to restore and the sets to save are named, and
 * `read`; `restore` runs before and after records are initialised; `start` saves until it is
 * disposed of, which saves once more.
 */
export class Autosave implements AsyncDisposable {
  readonly #options: AutosaveOptions;
  readonly #means: AutosaveMeans;
  readonly #disk: Disk;
  readonly #restorer: Restorer;
  readonly #sets: SaveSet[] = [];
  readonly #end = new AbortController();
  #running: Promise<void> | undefined;
  #recently = 'Status unknown';

  constructor(options: AutosaveOptions, means: AutosaveMeans) {
    this.#options = options;
    this.#means = means;
    this.#disk = new Disk(means.calls);
    this.#restorer = new Restorer(options, means, this.#disk);
  }

  get sets(): readonly SaveSet[] {
    return this.#sets;
  }

  /** The files that come back, and how that went. */
  get restored(): readonly (RestoreFile & { readonly report: Report })[] {
    return this.#restorer.reports;
  }

  /** Names a file that `restore` brings back. */
  restoreFile(file: RestoreFile): void {
    this.#restorer.add(file);
  }

  /** Adds a set. It takes the place of one of the same file. Throws what is wrong with its requests. */
  addSet(options: SaveSetOptions): SaveSet {
    const kept = this.#restorer.keptOf(saveFileOf(options.request));
    const set = new SaveSet(withPeriod(options), this.#options, this.#means, this.#disk, kept);
    const same = this.#sets.findIndex(({ fileName }) => fileName === set.fileName);
    if (same >= 0) this.#sets.splice(same, 1);
    this.#sets.push(set);
    return set;
  }

  /** Forgets a set; its file stays. */
  removeSet(request: string): boolean {
    const index = this.#sets.findIndex(({ options }) => options.request === request);
    if (index >= 0) this.#sets.splice(index, 1);
    return index >= 0;
  }

  /** Reads the files that are to come back. Never rejects. */
  read(): Promise<void> {
    return this.#restorer.read();
  }

  /** Brings back what was read, in a pass: 0 before records are initialised, 1 after. */
  restore(pass: 0 | 1): void {
    this.#restorer.run(pass);
  }

  /** A record came, after `restore`: what was saved of it comes back. */
  take(record: string): void {
    this.#restorer.take(record);
  }

  /** Puts what a file holds to its PVs, as a client would; how many of them did not take it. */
  restoreNow(file: string, macros = ''): Promise<number> {
    return this.#restorer.put(file, macros, this.#end.signal);
  }

  /** Begins to save. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Saves what may have changed, and ends, within 2.5 s. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    if (!this.#running) return;
    const { clock, log } = this.#means;
    const saved = new AbortController();
    const late = sleep(LAST_MS, saved.signal, clock).then(
      () => log.error('autosave: the last save took too long; the files hold the one before it'),
      () => {},
    );
    await Promise.race([this.#saveLast(), late]);
    saved.abort();
  }

  async #saveLast(): Promise<void> {
    await this.#running;
    for (const set of this.#sets) if (set.wantsLastSave) await set.save(true);
  }

  async #run(): Promise<void> {
    const { directory, clock } = this.#means;
    const { signal } = this.#end;
    this.#makeFolder();
    using triggers = new Triggers(directory);
    const status = new StatusPvs(directory, this.#options.status ?? '', clock, signal);
    status.tellRestored(this.#restorer);
    while (!signal.aborted) {
      if (!status.isDisabled) {
        await this.#look(triggers, signal);
        status.tell(this.#sets, this.#recently);
      }
      await sleep(LOOK_MS, signal, clock).catch(() => {});
    }
  }

  async #look(triggers: Triggers, signal: AbortSignal): Promise<void> {
    this.#restorer.takeArrived();
    for (const set of [...this.#sets]) {
      if (signal.aborted) return;
      triggers.attend(set);
      this.#recently = (await set.attend()) ?? this.#recently;
    }
  }

  #makeFolder(): void {
    try {
      mkdirSync(this.#options.folder, { recursive: true });
    } catch (error) {
      this.#means.log.error(
        `autosave: ${this.#options.folder} cannot be made: ${messageOf(error)}`,
      );
    }
  }
}

/** No set is saved more often than the C module would. */
function withPeriod(options: SaveSetOptions): SaveSetOptions {
  const { method } = options;
  if (!('period' in method)) return options;
  return { ...options, method: { ...method, period: Math.max(method.period, SHORTEST_PERIOD) } };
}
