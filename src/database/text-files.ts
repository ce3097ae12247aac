import { readFileSync, statSync } from 'node:fs';
import type { Position } from './database.ts';
import { textOfBytes } from './escapes.ts';
import { MacroTable } from './macros.ts';
import { DatabaseError, excerpt } from './problem.ts';
import type { SearchPath } from './search-path.ts';

/** Largest file that is read. */
const LARGEST = 256 * 2 ** 20;
/** Texts that are kept because they may be wanted again: templates. */
const KEPT = 4 * 2 ** 20;

/** A text file that was found, and what it says. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads text files; a small one that is read again is not fetched again. */
export class TextFiles {
  readonly #env: Environment;
  readonly #kept = new Map<string, string>();
  #size = 0;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** The file of that name, in which environment variables are expanded. */
  read(name: string, path: SearchPath, from: Position | undefined): TextFile {
    const { text: wanted, faults } = new MacroTable('', (key) => this.#env[key]).expand(name);
    const fault = faults[0];
    if (fault) throw failed(name, from, fault.message);
    const found = path.find(wanted);
    if (found === undefined) {
      const where = wanted.includes('/') ? '' : `; looked in ${path}`;
      throw failed(wanted, from, `there is no such file${where}`);
    }
    const kept = this.#kept.get(found);
    return { path: found, text: kept ?? this.#fetch(found, from) };
  }

  #fetch(path: string, from: Position | undefined): string {
    const bytes = readBytes(path, from);
    const text = textOfBytes(bytes);
    this.#size += text.length;
    if (this.#size <= KEPT) this.#kept.set(path, text);
    return text;
  }
}

function readBytes(path: string, from: Position | undefined): Uint8Array {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new Error('it is no file');
    if (stat.size > LARGEST) throw new Error(`it is larger than ${LARGEST} bytes`);
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw failed(path, from, `cannot be read (${reason})`, cause);
  }
}

function failed(
  name: string,
  from: Position | undefined,
  why: string,
  cause?: unknown,
): DatabaseError {
  const at = from ?? { file: name, line: 1, column: 1 };
  return new DatabaseError([{ ...at, message: `${excerpt(name, 200)}: ${why}` }], { cause });
}
