import { hasRequestFile, readRequestFile } from '../../database/index.ts';
import type { PvDirectory, PvField } from '../../pv/index.ts';
import type { AutosaveMeans, AutosaveRecords, SaveSetOptions } from './options.ts';

/** A PV of a set, and its field once there is one. */
export interface Requested {
  readonly name: string;
  field: PvField | undefined;
  /** UDF of its record, if it is a VAL. */
  udf: PvField | undefined;
}

/** Most PVs of one set. */
const MOST_PVS = 1_000_000;

/** The PVs of a set: those that its request file names, and those that records name in info tags. */
export class RequestedPvs {
  readonly entries: Requested[] = [];
  readonly #directory: PvDirectory;
  readonly #records: AutosaveRecords;
  readonly #tag: string | undefined;
  readonly #names = new Set<string>();
  /** Records at the last look; when there are more, what was missing may be there. */
  #size = -1;

  /** Throws a `DatabaseError` with every mistake in the request file. */
  constructor(
    directory: PvDirectory,
    records: AutosaveRecords,
    { request, macros, tag }: SaveSetOptions,
    folders: readonly string[],
    env: AutosaveMeans['env'],
  ) {
    this.#directory = directory;
    this.#records = records;
    this.#tag = tag;
    const path = folders.join(':') || '.';
    const around = { env, path, ...(macros && { macros }) };
    if (tag !== undefined && !hasRequestFile(request, path)) return;
    for (const { name } of readRequestFile(request, around)) this.#add(name);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Whether there are more PVs than a set may have. */
  get isFull(): boolean {
    return this.entries.length >= MOST_PVS;
  }

  /** Looks again for fields that were missing, if there are more records than there were; in steps. */
  *resolve(): Generator<void> {
    if (this.#directory.size === this.#size) return;
    this.#size = this.#directory.size;
    if (this.#tag !== undefined) yield* this.#addTagged(this.#tag);
    for (const entry of this.entries) {
      if (!entry.field) this.#find(entry);
      yield;
    }
  }

  #find(entry: Requested): void {
    entry.field = this.#directory.find(entry.name);
    if (entry.field?.field !== 'VAL') return;
    entry.udf = this.#directory.find(`${entry.field.record}.UDF`);
  }

  /** `info(tag, "FIELD FIELD$ …")`. */
  *#addTagged(tag: string): Generator<void> {
    for (const [record, text] of this.#records.tagged(tag)) {
      for (const field of text.split(/\s+/)) if (field !== '') this.#add(`${record}.${field}`);
      yield;
    }
  }

  #add(name: string): void {
    if (this.#names.has(name) || this.isFull) return;
    this.#names.add(name);
    this.entries.push({ name, field: undefined, udf: undefined });
  }
}
