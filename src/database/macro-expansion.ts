import type { MacroTable } from './macros.ts';
import { excerpt } from './problem.ts';

/** A reference that could not be expanded. */
export interface MacroFault {
  /** Where its replacement stands in the expanded text. */
  readonly at: number;
  readonly message: string;
}

/** A text with its macro references replaced. */
export interface Expansion {
  /** Undefined and recursive references read `$(NAME,undefined)` and `$(NAME,recursive)` in it. */
  readonly text: string;
  /** Four numbers for each replacement: its start and end in `text`, those of what it replaced. */
  readonly edits: readonly number[];
  readonly faults: readonly MacroFault[];
}

/** Nesting, references and characters that the text of one line may come to. */
const DEEPEST = 40;
const MOST_REFERENCES = 10_000;
const LONGEST = 1_000_000;

const dollar = 0x24;
const backslash = 0x5c;
const singleQuote = 0x27;
const doubleQuote = 0x22;

/**
 * Expands line by line, as EPICS base reads files: quotes end with their line, nothing is expanded
 * between single quotes, and quotes and escapes of the text itself stay.
 */
export function expandText(text: string, macros: MacroTable, keep: boolean): Expansion {
  let at = text.indexOf('$');
  if (at < 0) return { text, edits: [], faults: [] };
  const output = new Output(text);
  while (at >= 0) {
    const start = text.lastIndexOf('\n', at) + 1;
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    expandLine(output, start, end, new Translation(macros, keep));
    at = text.indexOf('$', end);
  }
  return output.finish();
}

class Output {
  readonly source: string;
  readonly #parts: string[] = [];
  readonly #edits: number[] = [];
  readonly #faults: MacroFault[] = [];
  /** Up to where the source is copied, and how long the output is. */
  #copied = 0;
  #length = 0;

  constructor(source: string) {
    this.source = source;
  }

  replace(from: number, to: number, text: string, faults: readonly string[]): void {
    this.#copy(from);
    const at = this.#length;
    for (const message of faults) this.#faults.push({ at, message });
    this.#parts.push(text);
    this.#length += text.length;
    this.#edits.push(at, this.#length, from, to);
    this.#copied = to;
  }

  finish(): Expansion {
    this.#copy(this.source.length);
    return { text: this.#parts.join(''), edits: this.#edits, faults: this.#faults };
  }

  #copy(to: number): void {
    this.#parts.push(this.source.slice(this.#copied, to));
    this.#length += to - this.#copied;
  }
}

/** Replaces the references of one line. */
function expandLine(output: Output, start: number, end: number, translation: Translation): void {
  const text = output.source;
  let quote = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (quote !== 0 ? code === quote : code === doubleQuote || code === singleQuote) {
      quote = quote === 0 ? code : 0;
    } else if (code === backslash) {
      at++;
    } else if (code === dollar && quote !== singleQuote && opens(text, at)) {
      at = expandReference(output, at, end, translation) - 1;
    }
  }
}

/** Replaces the reference at `at`, and tells where the line goes on. */
function expandReference(output: Output, at: number, end: number, translation: Translation) {
  try {
    const text = translation.reference(output.source.slice(at, end), 0);
    output.replace(at, at + translation.end, text, translation.takeFaults());
    return at + translation.end;
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    translation.abandon();
    output.replace(at, end, '', [error.message]);
    return end;
  }
}

/** Whether a reference begins at a dollar sign. */
function opens(text: string, at: number): boolean {
  const next = text[at + 1];
  return next === '(' || next === '{';
}

/** Thrown when an expansion passes its bounds. */
class TooMuch extends Error {
  constructor(what: string) {
    super(`macro expansion given up: ${what}; look for a loop`);
  }
}

/** The expansion of references, with the state that nested ones share. */
class Translation {
  /** Where the text goes on behind what was translated last. */
  end = 0;
  readonly #macros: MacroTable;
  readonly #keep: boolean;
  readonly #open = new Set<string>();
  #faults: string[] = [];
  #isQuiet = false;
  #values = 0;
  #scopes = 0;
  #depth = 0;
  #references = 0;
  #size = 0;

  constructor(macros: MacroTable, keep = false) {
    this.#macros = macros;
    this.#keep = keep;
  }

  takeFaults(): readonly string[] {
    if (this.#faults.length === 0) return this.#faults;
    return this.#faults.splice(0);
  }

  /** A text within a reference or a value: quotes and escapes are taken away. */
  inner(text: string, from = 0, ends = ''): string {
    let out = '';
    let quote = '';
    let at = from;
    for (; at < text.length; at++) {
      const char = text[at] ?? '';
      if (ends.includes(char)) break;
      if (quote !== '' ? char === quote : char === '"' || char === "'") {
        quote = quote === '' ? char : '';
      } else if (char === '$' && quote !== "'" && opens(text, at)) {
        out += this.reference(text, at);
        at = this.end - 1;
      } else if (char === '\\' && at + 1 < text.length) {
        out += text[++at];
      } else out += char;
    }
    this.#size += out.length;
    if (this.#size > LONGEST) throw new TooMuch(`longer than ${LONGEST} characters`);
    this.end = at;
    return out;
  }

  /** What stands for the reference that begins at `at`: its value, its default, or what is wrong. */
  reference(text: string, at: number): string {
    if (++this.#references > MOST_REFERENCES)
      throw new TooMuch(`more than ${MOST_REFERENCES} references`);
    if (++this.#depth > DEEPEST) throw new TooMuch(`nested deeper than ${DEEPEST}`);
    const close = text[at + 1] === '(' ? ')' : '}';
    const name = this.inner(text, at + 2, `=,${close}`);
    let next = this.end;
    let defaultAt: number | undefined;
    if (text[next] === '=') {
      defaultAt = next + 1;
      next = skip(text, defaultAt, `,${close}`, this.#depth);
    }
    const isScoped = text[next] === ',';
    if (isScoped) next = this.#scoped(text, next, close);
    const value = this.#valueOf(name, text, defaultAt, close);
    if (isScoped) this.#leaveScope();
    if (next >= text.length) this.#fault(`${excerpt(text.slice(at))} lacks its "${close}"`);
    this.end = Math.min(next + 1, text.length);
    this.#depth--;
    return value;
  }

  /** Opens a scope with the definitions of a reference, and tells where they end. */
  #scoped(text: string, from: number, close: string): number {
    const wasQuiet = this.#isQuiet;
    this.#isQuiet = true;
    this.#macros.pushScope();
    this.#scopes++;
    let at = from;
    while (text[at] === ',') {
      const name = this.inner(text, at + 1, `=,${close}`);
      at = this.end;
      if (text[at] !== '=') continue;
      const value = this.inner(text, at + 1, `,${close}`);
      at = this.end;
      this.#macros.put(name, value);
    }
    this.#isQuiet = wasQuiet;
    return at;
  }

  /** Leaves the scopes of references that were given up. */
  abandon(): void {
    while (this.#scopes > 0) this.#leaveScope();
  }

  #leaveScope(): void {
    this.#macros.popScope();
    this.#scopes--;
  }

  #valueOf(name: string, text: string, defaultAt: number | undefined, close: string): string {
    const raw = this.#macros.raw(name);
    if (raw === undefined) {
      if (defaultAt !== undefined) return this.inner(text, defaultAt, `,${close}`);
      return this.#bad(name, 'undefined', `macro ${excerpt(name)} is undefined`);
    }
    if (this.#open.has(name)) {
      return this.#bad(name, 'recursive', `macro ${excerpt(name)} refers to itself`);
    }
    // As macLib, which expands all values before it is asked for one: the outermost is not marked.
    if (this.#values++ > 0 || this.#scopes > 0) this.#open.add(name);
    const value = this.inner(raw);
    this.#open.delete(name);
    this.#values--;
    return value;
  }

  #bad(name: string, why: string, message: string): string {
    const inside = [...this.#open];
    this.#fault(inside.length > 0 ? `${message} (in the value of ${inside.at(-1)})` : message);
    return this.#isQuiet || this.#keep ? `$(${name})` : `$(${name},${why})`;
  }

  #fault(message: string): void {
    if (!this.#isQuiet) this.#faults.push(message);
  }
}

/** Where the first of `ends` stands that is neither escaped nor within a reference. */
function skip(text: string, from: number, ends: string, depth: number): number {
  if (depth > DEEPEST) throw new TooMuch(`nested deeper than ${DEEPEST}`);
  let quote = '';
  let at = from;
  for (; at < text.length; at++) {
    const char = text[at] ?? '';
    if (ends.includes(char)) break;
    if (quote !== '' ? char === quote : char === '"' || char === "'") {
      quote = quote === '' ? char : '';
    } else if (char === '\\') {
      at++;
    } else if (char === '$' && quote !== "'" && opens(text, at)) {
      at = skipReference(text, at, depth + 1);
    }
  }
  return Math.min(at, text.length);
}

/** Where the bracket stands that closes the reference at `at`. */
function skipReference(text: string, at: number, depth: number): number {
  const close = text[at + 1] === '(' ? ')' : '}';
  let next = skip(text, at + 2, `=,${close}`, depth);
  if (text[next] === '=') next = skip(text, next + 1, `,${close}`, depth);
  while (text[next] === ',') {
    next = skip(text, next + 1, `=,${close}`, depth);
    if (text[next] === '=') next = skip(text, next + 1, `,${close}`, depth);
  }
  return next;
}
