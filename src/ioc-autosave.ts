import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { AutosaveConfig, SaveSetConfig } from './config/index.ts';
import {
  type AutosaveControl,
  type AutosaveSettings,
  Complaint,
  type Lines,
  type NamedSet,
} from './console/index.ts';
import { DatabaseLoader, hasRequestFile, readRequestFile } from './database/index.ts';
import { IocError, type Log, messageOf, systemClock } from './kernel/index.ts';
import {
  Autosave,
  type AutosaveRecords,
  autosaveStatusDatabase,
  type RestoreFile,
  type SaveMethod,
  type SaveSet,
  type SaveSetOptions,
  saveFileOf,
} from './ops/index.ts';
import type { Directory } from './pv/index.ts';
import { loadDatabase, type RecordTable } from './records/index.ts';

/** What autosave of an IOC works on. */
export interface AutosaveGround {
  readonly records: RecordTable;
  readonly directory: Directory;
  /** What is loaded, until the records are made. */
  readonly loader: () => DatabaseLoader | undefined;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A request file that is built while databases are loaded. */
interface Build {
  readonly suffix: string;
  readonly lines: string[];
}

/** Autosave of an IOC: what its configuration and commands order, in force from iocInit on. */
export class IocAutosave implements AutosaveControl, AsyncDisposable {
  readonly settings: AutosaveSettings & { keepsAbsent: boolean } = {
    ...{ folder: '.', requests: [], status: '', retry: 60, incomplete: true, copies: 10 },
    ...{ sequence: { files: 3, period: 60 }, keepsAbsent: false },
  };
  readonly #ground: AutosaveGround;
  readonly #restores: RestoreFile[] = [];
  readonly #configured: SaveSetOptions[] = [];
  readonly #waiting: SaveSetOptions[] = [];
  readonly #builds = new Map<string, Build>();
  #autosave: Autosave | undefined;
  #isStarted = false;

  constructor(ground: AutosaveGround) {
    this.#ground = ground;
  }

  /** Takes the configuration of an IOC whose plants come after it; `read` throws its mistakes. */
  configure({ sets, requests, sequence, ...settings }: AutosaveConfig): void {
    Object.assign(this.settings, settings, { sequence: { ...sequence }, keepsAbsent: true });
    this.settings.requests.push(...requests);
    for (const set of sets) {
      this.#configured.push(optionsOf(set));
      for (const pass of set.passes) this.#restores.push({ file: saveFileOf(set.request), pass });
    }
  }

  restoreFile(pass: 0 | 1, file: string, macros: string): void {
    if (this.#autosave) throw new Complaint('Files come back at iocInit; use fdbrestore now');
    this.#restores.push({ file, pass, macros });
  }

  addSet({ request, macros, ...when }: NamedSet): void {
    const set = { request, macros, method: methodOf(when) };
    if (this.#autosave) this.#autosave.addSet(set);
    else this.#waiting.push(set);
    if (this.#isStarted) this.#autosave?.start();
  }

  removeSet(request: string): boolean {
    return this.#autosave?.removeSet(request) ?? false;
  }

  async save(request: string, file: string): Promise<void> {
    const set = this.#running().sets.find(({ options }) => options.request === request);
    if (!set) throw new Complaint(`there is no set of ${request}`);
    if (file !== '') await set.saveAs(file);
    else if ((await set.save()).status === 1) throw new Complaint(set.report.text);
  }

  restoreNow(file: string, macros: string): Promise<number> {
    return this.#running().restoreNow(file, macros);
  }

  /** The sets that are saved now. */
  get sets(): readonly SaveSet[] {
    return this.#autosave?.sets ?? [];
  }

  writeRequests(file: string, tag: string): void {
    const lines: string[] = [];
    for (const [record, text] of this.#tagged(tag)) {
      for (const field of text.split(/\s+/)) if (field !== '') lines.push(`${record}.${field}\n`);
    }
    writeFileSync(file, lines.join(''));
  }

  build(file: string, suffix: string, on: boolean): void {
    if (!on) this.#builds.delete(file);
    else {
      this.#builds.set(file, { suffix, lines: [] });
      writeFileSync(file, '');
    }
  }

  /** A database was loaded: the request files that go with it join those that are built. */
  loaded(database: string, macros: string): void {
    const path = this.settings.requests.join(':') || '.';
    for (const [file, { suffix, lines }] of this.#builds) {
      const request = `${basename(database).replace(/\.[^.]*$/, '')}${suffix}`;
      if (!hasRequestFile(request, path)) continue;
      lines.push(`file ${request} ${macros}\n`);
      writeFileSync(file, lines.join(''));
    }
  }

  *show(): Lines {
    const { folder, requests } = this.settings;
    yield `save files in ${folder}, request files in ${requests.join(', ') || '.'}`;
    for (const { file, pass, report } of this.#autosave?.restored ?? []) {
      yield `  ${file}: restored in pass ${pass}: ${report.text}`;
    }
    for (const { fileName, method, size, report } of this.#autosave?.sets ?? []) {
      yield `  ${fileName}: ${size} PVs, ${method.kind}: ${report.text}`;
    }
    for (const { request } of this.#waiting) yield `  ${request}: from iocInit on`;
  }

  /** Reads what comes back, when the records are made. */
  async read(): Promise<void> {
    this.#autosave = this.#open();
    await this.#autosave.read();
  }

  /** Brings it back, in a pass: 0 when the records are made, 1 when they are initialised. */
  restore(pass: 0 | 1): void {
    this.#autosave?.restore(pass);
  }

  /** Begins to save, if there is anything to: clients are served. */
  start(): void {
    this.#isStarted = true;
    const { sets = [], restored = [] } = this.#autosave ?? {};
    if (sets.length > 0 || restored.length > 0) this.#autosave?.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#autosave?.[Symbol.asyncDispose]();
  }

  #open(): Autosave {
    const { records, directory, log, env } = this.#ground;
    const { status } = this.settings;
    if (status !== '' && !directory.has(`${status}SR_status`)) addStatus(records, status);
    // The settings themselves, so that commands change them while it runs.
    const autosave = new Autosave(this.settings, {
      ...{ directory, records: autosaveRecords(records), env, log, clock: systemClock },
    });
    records.added = (name) => autosave.take(name);
    for (const file of this.#restores) autosave.restoreFile(file);
    for (const set of this.#configured) autosave.addSet(set);
    for (const set of this.#waiting.splice(0)) this.#addWaiting(autosave, set);
    return autosave;
  }

  /** As in st.cmd: what is wrong with one set is told, the others go on. */
  #addWaiting(autosave: Autosave, set: SaveSetOptions): void {
    try {
      autosave.addSet(set);
    } catch (error) {
      this.#ground.log.error(`autosave: ${set.request} is not saved: ${messageOf(error)}`);
    }
  }

  #running(): Autosave {
    if (this.#autosave) return this.#autosave;
    throw new Complaint('Autosave begins with iocInit');
  }

  *#tagged(tag: string): Iterable<readonly [record: string, text: string]> {
    const loader = this.#ground.loader();
    if (!loader) yield* this.#ground.records.tagged(tag);
    for (const { name, infos } of loader?.database.records ?? []) {
      const text = infos.find((info) => info.name === tag)?.text;
      if (text !== undefined) yield [name, text];
    }
  }
}

/** Reads the request files of a configuration. Throws what is wrong with one. */
export function checkRequests({ sets, requests }: AutosaveConfig): void {
  const path = requests.join(':') || '.';
  for (const { request, macros, tag } of sets) {
    if (tag === undefined || hasRequestFile(request, path)) {
      readRequestFile(request, { macros, path });
    }
  }
}

/** The records of an IOC as autosave wants them. */
export function autosaveRecords(records: RecordTable): AutosaveRecords {
  return {
    tagged: (tag) => records.tagged(tag),
    configure(name, field, value) {
      const slot = records.slotOf(name);
      if (slot === undefined) throw new IocError('records/name', `Set ${name}.${field}: no record`);
      records.configure(slot, field, value);
    },
  };
}

function addStatus(records: RecordTable, prefix: string): void {
  const loader = new DatabaseLoader({ env: {} });
  loader.loadText('autosave status', autosaveStatusDatabase(), `P=${prefix}`);
  loadDatabase(records, loader.database);
}

function optionsOf({ request, macros, tag, ...when }: SaveSetConfig): SaveSetOptions {
  return { request, macros, method: methodOf(when), ...(tag !== undefined && { tag }) };
}

interface When {
  readonly method: SaveMethod['kind'];
  readonly period: number;
  readonly trigger?: string;
}

function methodOf({ method, period, trigger = '' }: When): SaveMethod {
  switch (method) {
    case 'monitored':
    case 'periodic':
      return { kind: method, period };
    case 'triggered':
      return { kind: method, pv: trigger };
    case 'manual':
      return { kind: method };
  }
}
