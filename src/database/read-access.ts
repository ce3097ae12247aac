import type { AccessFile } from './access-file.ts';
import { AccessParser } from './access-parser.ts';
import { MacroTable } from './macros.ts';
import { Complaints } from './problem.ts';
import { SearchPath } from './search-path.ts';
import { Source } from './source.ts';
import { type Environment, TextFiles } from './text-files.ts';
import { TokenReader } from './token-reader.ts';

/** What surrounds an access security file. */
export interface AccessOptions {
  /** Macros as `A=1,B=2`: asSetSubstitutions. */
  readonly macros?: string;
  /** The working folder, from which a relative name counts. */
  readonly folder?: string;
  readonly env?: Environment;
}

/** Reads a `.acf` file. Throws a `DatabaseError` with every mistake found. */
export function readAccessFile(name: string, options: AccessOptions = {}): AccessFile {
  const files = new TextFiles(options.env ?? process.env);
  const { path, text } = files.read(name, new SearchPath('.', options.folder), undefined);
  return parseAccessFile(path, text, options.macros);
}

/** Reads the text of a `.acf` file; `name` is for messages. */
export function parseAccessFile(name: string, text: string, macros = ''): AccessFile {
  const complaints = new Complaints();
  const source = new Source(name, new MacroTable(macros).expand(text));
  const tokens = new TokenReader(source, complaints);
  return complaints.settled(() => new AccessParser(tokens, complaints).read());
}
