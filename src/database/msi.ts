import type { Position } from './database.ts';
import { MacroTable } from './macros.ts';
import { readMsiSubstitutions } from './msi-substitutions.ts';
import { DatabaseError, type DatabaseProblem } from './problem.ts';
import { SearchPath } from './search-path.ts';
import { type Environment, type TextFile, TextFiles } from './text-files.ts';

/** What is to be expanded, in the words of msi's options. */
export interface MsiOptions {
  /** The template; of a substitution file it takes the place of what `file` says. */
  readonly template?: string;
  /** -S */
  readonly substitutions?: string;
  /** -M */
  readonly macros?: string;
  /** -I, by colons; without it files are looked for in the working folder only. */
  readonly path?: string;
  /** -g: definitions of one set stay for the next. */
  readonly global?: boolean;
  readonly folder?: string;
  readonly env?: Environment;
}

/** What msi writes, and the undefined macros that its -V would end on. */
export interface MsiOutput {
  readonly text: string;
  readonly faults: readonly DatabaseProblem[];
}

/** Deepest nesting of included files, most files in all, and most text that is written. */
const DEEPEST = 32;
const MOST_FILES = 10_000;
const LONGEST = 256 * 2 ** 20;
const MOST_FAULTS = 100;

/** A line that msi obeys rather than writes. */
const command = /^\s*(include|substitute)\s*"((?:\\"|[^"])*)" *$/;

/**
 * Expands templates as msi does: line by line, undefined macros left as they are, lines of the form
 * `include "file"` and `substitute "A=1"` obeyed. Throws a `DatabaseError` where msi would stop.
 */
export function msi(options: MsiOptions): MsiOutput {
  const expander = new Expander(options);
  const { substitutions, template, folder } = options;
  if (substitutions === undefined) {
    if (template === undefined) throw noTemplate({ file: 'msi', line: 1, column: 1 });
    expander.expand(template, undefined);
    return expander.output;
  }
  const { path, text } = expander.read(substitutions, new SearchPath('.', folder), undefined);
  for (const step of readMsiSubstitutions(path, text)) {
    if (step.kind === 'global') expander.macros.define(step.macros);
    else {
      const name = template ?? step.template;
      if (name === undefined) throw noTemplate(step.at);
      if (!options.global) expander.macros.pushScope();
      expander.macros.define(step.macros);
      expander.expand(name, step.at);
      if (!options.global) expander.macros.popScope();
    }
  }
  return expander.output;
}

class Expander {
  readonly macros: MacroTable;
  readonly #files: TextFiles;
  readonly #path: SearchPath;
  readonly #lines: string[] = [];
  readonly #faults: DatabaseProblem[] = [];
  #length = 0;
  #count = 0;

  constructor({ macros, path, folder, env = process.env }: MsiOptions) {
    this.macros = new MacroTable(macros);
    this.#files = new TextFiles(env);
    this.#path = new SearchPath(path ?? '.', folder);
  }

  get output(): MsiOutput {
    return { text: this.#lines.join(''), faults: this.#faults };
  }

  read(name: string, path: SearchPath, from: Position | undefined): TextFile {
    return this.#files.read(name, path, from);
  }

  expand(name: string, from: Position | undefined, depth = 0): void {
    if (depth > DEEPEST) throw failed(from, `files are included deeper than ${DEEPEST}`);
    if (++this.#count > MOST_FILES) throw failed(from, `more than ${MOST_FILES} files`);
    const { path, text } = this.read(name, this.#path, from);
    for (const [index, line] of text.split(/(?<=\n)/).entries()) {
      const at = { file: path, line: index + 1, column: 1 };
      const [, word, argument = ''] = command.exec(line.replace(/\n$/, '')) ?? [];
      if (word === 'include') this.expand(argument, at, depth + 1);
      else if (word === 'substitute') this.macros.define(argument);
      else this.#write(line, at);
    }
  }

  #write(line: string, at: Position): void {
    const { text, faults } = this.macros.expand(line, { keep: true });
    this.#lines.push(text);
    this.#length += text.length;
    if (this.#length > LONGEST) throw failed(at, `it comes to more than ${LONGEST} characters`);
    for (const { message } of faults) {
      if (this.#faults.length < MOST_FAULTS) this.#faults.push({ ...at, message });
    }
  }
}

function noTemplate(at: Position): DatabaseError {
  return failed(at, 'there is no template to expand; name one, or write file "x.template" { … }');
}

function failed(from: Position | undefined, message: string): DatabaseError {
  return new DatabaseError([{ ...(from ?? { file: 'msi', line: 1, column: 1 }), message }]);
}
