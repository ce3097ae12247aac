import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseLoader } from '../../../src/database/index.ts';
import { type Clock, type Log, silentLog, systemClock } from '../../../src/kernel/index.ts';
import { ProcessImage } from '../../../src/model/index.ts';
import {
  Autosave,
  type AutosaveMeans,
  type AutosaveOptions,
  autosaveStatusDatabase,
} from '../../../src/ops/index.ts';
import { Directory, type PvValue } from '../../../src/pv/index.ts';
import { loadDatabase, RecordTable } from '../../../src/records/index.ts';

/** A folder for save and request files, and IOCs that come and go on it. */
export class SaveFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'autosave-'));

  write(name: string, ...lines: string[]): void {
    writeFileSync(join(this.path, name), lines.join('\n'));
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  /** The values in a save file: its lines but the first and the last. */
  values(name: string): string[] {
    return this.read(name).split('\n').slice(1, -2);
  }

  names(): string[] {
    return readdirSync(this.path).sort();
  }

  ioc(database: string, options: Partial<AutosaveOptions> = {}, means: Means = {}): SavedIoc {
    return new SavedIoc(this.path, database, options, means);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

type Means = Partial<Pick<AutosaveMeans, 'calls' | 'clock' | 'log'>>;

/** Records of a database with autosave. */
export class SavedIoc {
  readonly records: RecordTable;
  readonly directory: Directory;
  readonly autosave: Autosave;

  constructor(folder: string, database: string, options: Partial<AutosaveOptions>, means: Means) {
    const { clock = systemClock, log = silentLog, ...rest } = means;
    this.records = new RecordTable(new ProcessImage(), clock);
    this.directory = new Directory(this.records);
    this.load(database);
    if (options.status !== undefined) this.load(autosaveStatusDatabase(), `P=${options.status}`);
    const all = {
      ...{ folder, requests: [folder], sequence: { files: 3, period: 60 }, retry: 60 },
      ...{ incomplete: true, copies: 10, ...options },
    };
    const { records, directory } = this;
    this.autosave = new Autosave(all, {
      directory,
      records: recordsOf(records),
      env: {},
      log,
      clock,
      ...rest,
    });
  }

  load(database: string, macros = ''): void {
    const loader = new DatabaseLoader({ env: {} });
    loader.loadText('test.db', database, macros);
    loadDatabase(this.records, loader.database);
  }

  async restore(...passes: (0 | 1)[]): Promise<void> {
    await this.autosave.read();
    for (const pass of passes) this.autosave.restore(pass);
  }

  get(name: string): PvValue | undefined {
    return this.directory.find(name)?.read();
  }

  async put(name: string, value: PvValue): Promise<void> {
    const origin = { user: 'me', host: 'here' };
    const outcome = await this.directory
      .find(name)
      ?.put(value, origin, new AbortController().signal);
    if (outcome?.kind !== 'done') throw new Error(`${name}: ${outcome?.kind}`);
  }
}

function recordsOf(records: RecordTable): AutosaveMeans['records'] {
  return {
    configure: (name, field, value) => records.configure(records.slotOf(name) ?? -1, field, value),
    tagged: (tag) => records.tagged(tag),
  };
}

/** Keeps what is logged as warnings and errors. */
export function heard(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (line: string) => lines.push(line);
  const log = { ...silentLog, info() {}, warn: keep, error: keep } as unknown as Log;
  return { log, lines };
}

/** Resolves when something holds; fails after 10 s. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it did not come true within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export type { Clock };
