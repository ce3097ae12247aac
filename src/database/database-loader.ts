import type { Database, Position } from './database.ts';
import { DatabaseBuilder } from './database-builder.ts';
import { DatabaseParser, databaseKeywords as keywords } from './database-parser.ts';
import { MacroTable } from './macros.ts';
import { Complaints, problemText } from './problem.ts';
import { SearchPath } from './search-path.ts';
import { Source } from './source.ts';
import { readSubstitutions } from './substitutions.ts';
import { type Environment, TextFiles } from './text-files.ts';
import { TokenReader } from './token-reader.ts';

/** Where database files are looked for, and who hears of what is odd in them. */
export interface DatabaseOptions {
  /** Folders for files named without a slash, by colons; else EPICS_DB_INCLUDE_PATH, else `.`. */
  readonly path?: string;
  /** The working folder, from which relative names count. */
  readonly folder?: string;
  /** Environment variables, which file names may hold as macros. */
  readonly env?: Environment;
  /**
   * What becomes of `record("*", …)` and `alias(…)` about records that no file declares: a mistake,
   * as in EPICS base, or a record of type `*` for whoever knows other records, a plant's.
   */
  readonly others?: 'refused' | 'kept';
  /** Takes what EPICS base would only warn of, `file:line:column: message`. */
  readonly warn?: (text: string) => void;
}

/**
 * Loads database files one after the other, as the commands of an st.cmd do: later ones append to,
 * replace in, alias and delete from what earlier ones declared. Everything that is wrong with a
 * file is in the one `DatabaseError` thrown; what it declares then counts in part.
 */
export class DatabaseLoader {
  readonly #options: DatabaseOptions;
  readonly #env: Environment;
  readonly #files: TextFiles;
  readonly #complaints = new Complaints();
  readonly #builder: DatabaseBuilder;

  constructor(options: DatabaseOptions = {}) {
    this.#options = options;
    this.#env = options.env ?? process.env;
    this.#files = new TextFiles(this.#env);
    this.#builder = new DatabaseBuilder(
      (at, message) => this.#complaints.add(at, message),
      (at, message) => this.#warn(at, message),
      options.others === 'kept',
    );
  }

  /** What the files read so far declare. */
  get database(): Database {
    return this.#builder.database;
  }

  /** Reads a `.db` or `.template` file with macros as `A=1,B=2`: dbLoadRecords. */
  loadRecords(file: string, macros = ''): void {
    this.#load(file, new MacroTable(macros), undefined);
    this.#complaints.settle();
  }

  /** Reads a text that is in no file. */
  loadText(name: string, text: string, macros = ''): void {
    const table = new MacroTable(macros);
    const source = () => new Source(name, table.expand(text));
    this.#parse(source, table, this.#searchPath());
    this.#complaints.settle();
  }

  /**
   * Reads the templates that a `.substitutions` file names, once for each of its sets of macros, in
   * which `macros` may be used: dbLoadTemplate.
   */
  loadTemplate(file: string, macros = ''): void {
    this.#complaints.settled(() => {
      const { path, text } = this.#files.read(file, this.#folder(), undefined);
      const source = new Source(path, { text, edits: [], faults: [] });
      const warn = (at: Position, message: string) => this.#warn(at, message);
      for (const set of readSubstitutions(source, macros, this.#complaints, warn)) {
        this.#load(set.template, new MacroTable(set.macros), set.at);
      }
    });
  }

  #load(file: string, macros: MacroTable, from: Position | undefined): void {
    const path = this.#searchPath();
    this.#parse(() => this.#open(file, macros, path, from), macros, path);
  }

  #parse(source: () => Source, macros: MacroTable, path: SearchPath): void {
    try {
      const open = (name: string, at: Position) => this.#open(name, macros, path, at);
      const tokens = new TokenReader(source(), this.#complaints, { keywords });
      new DatabaseParser(tokens, this.#builder, path, open).read();
    } catch (error) {
      this.#complaints.take(error);
    }
  }

  #open(name: string, macros: MacroTable, path: SearchPath, from: Position | undefined): Source {
    const { path: file, text } = this.#files.read(name, path, from);
    return new Source(file, macros.expand(text), from);
  }

  #searchPath(): SearchPath {
    const { path = this.#env['EPICS_DB_INCLUDE_PATH'] ?? '.', folder } = this.#options;
    return new SearchPath(path, folder);
  }

  #folder(): SearchPath {
    return new SearchPath('.', this.#options.folder);
  }

  #warn(at: Position, message: string): void {
    this.#options.warn?.(problemText({ ...at, message }));
  }
}
