import type { Position } from './database.ts';
import { MacroTable } from './macros.ts';
import { Complaints, DatabaseError } from './problem.ts';
import { SearchPath } from './search-path.ts';
import { Source } from './source.ts';
import { type Environment, TextFiles } from './text-files.ts';

/** A PV that is to be saved. */
export interface RequestedPv {
  /** As it stands there: `RECORD`, `RECORD.FIELD`, or either with `$` behind it for a long string. */
  readonly name: string;
  readonly at: Position;
}

/** What surrounds a request file. */
export interface RequestOptions {
  /** Macros as `A=1,B=2`. */
  readonly macros?: string;
  /** Folders for request files, by colons; without it the working folder. */
  readonly path?: string;
  readonly folder?: string;
  readonly env?: Environment;
}

/** Deepest nesting of included files, most files in all, and most PVs of one request. */
const DEEPEST = 32;
const MOST_FILES = 10_000;
const MOST_PVS = 1_000_000;

/** `file "x.req" P=a:,M=b`: the name, and macros with blanks or commas between them. */
const fileLine = /^file\s+(?:"\s*([^"#]*?)\s*"|([^\s"#]+))(.*)$/;

/**
 * The PVs that a `.req` file of autosave asks for, each once, in order. An included file gets only
 * the macros of its own `file` line. Throws a `DatabaseError` with every mistake found.
 */
export function readRequestFile(name: string, options: RequestOptions = {}): RequestedPv[] {
  const complaints = new Complaints();
  const reader = new RequestReader(options, complaints);
  return complaints.settled(() => {
    reader.read(name, options.macros ?? '', undefined, 0);
    return [...reader.found.values()];
  });
}

/** Whether there is a request file of that name along a path. */
export function hasRequestFile(name: string, path = '.', folder = '.'): boolean {
  return new SearchPath(path, folder).find(name) !== undefined;
}

class RequestReader {
  readonly found = new Map<string, RequestedPv>();
  readonly #complaints: Complaints;
  readonly #files: TextFiles;
  readonly #path: SearchPath;
  #count = 0;

  constructor({ path, folder, env = process.env }: RequestOptions, complaints: Complaints) {
    this.#complaints = complaints;
    this.#files = new TextFiles(env);
    this.#path = new SearchPath(path ?? '.', folder);
  }

  read(name: string, macros: string, from: Position | undefined, depth: number): void {
    const { path, text } = this.#files.read(name, this.#path, from);
    const source = new Source(path, new MacroTable(macros).expand(text), from);
    for (let start = 0; start < source.text.length; ) {
      const newline = source.text.indexOf('\n', start);
      const end = newline < 0 ? source.text.length : newline;
      this.#line(source, start, end, depth);
      start = end + 1;
    }
  }

  #line(source: Source, start: number, end: number, depth: number): void {
    const line = source.text.slice(start, end).trim();
    const isComment = line === '' || line.startsWith('#');
    const faults = takeFaults(source, end);
    if (isComment) return;
    const at = source.position(start);
    for (const message of faults) this.#complaints.add(at, message);
    const [, quoted, bare, macros = ''] = fileLine.exec(line) ?? [];
    const file = quoted ?? bare;
    if (file !== undefined) this.#include(file, macros, at, depth);
    else if (faults.length === 0) this.#add(line.split(/\s/, 1)[0] ?? '', at);
  }

  #add(name: string, at: Position): void {
    if (this.found.size >= MOST_PVS) throw failed(at, `more than ${MOST_PVS} PVs are asked for`);
    if (!this.found.has(name)) this.found.set(name, { name, at });
  }

  /** As autosave reads it: quotes in the macros are dropped, blanks part them as commas do. */
  #include(name: string, rest: string, at: Position, depth: number): void {
    if (depth >= DEEPEST) throw failed(at, `files are included deeper than ${DEEPEST}`);
    if (++this.#count > MOST_FILES) throw failed(at, `more than ${MOST_FILES} files are included`);
    const macros = rest
      .replaceAll('"', '')
      .split(/[\s,]+/)
      .join(',');
    try {
      this.read(name, macros, at, depth + 1);
    } catch (error) {
      this.#complaints.take(error);
    }
  }
}

function takeFaults(source: Source, end: number): string[] {
  const faults: string[] = [];
  while (source.faultAt < end) faults.push(source.takeFault());
  return faults;
}

function failed(at: Position, message: string): DatabaseError {
  return new DatabaseError([{ ...at, message }]);
}
