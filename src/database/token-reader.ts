import type { Position } from './database.ts';
import { type Complaints, DatabaseError, excerpt } from './problem.ts';
import { type Lexis, outside, ScanError, Scanner, Token } from './scanner.ts';
import type { Source } from './source.ts';
import { StringPool } from './string-pool.ts';

/** Deepest nesting of included files, and most files that one text may include in all. */
const DEEPEST = 32;
const MOST_INCLUDES = 10_000;

/** How a kind of text is cut into tokens, and which words have a meaning of their own in it. */
export interface Language {
  readonly lexis?: Lexis;
  readonly keywords?: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

/** One for all: templates are read many times over. */
const pool = new StringPool();

/** The tokens of a text and of what it includes, one after the other, with words for mistakes. */
export class TokenReader {
  readonly #complaints: Complaints;
  readonly #lexis: Lexis;
  readonly #keywords: ReadonlySet<string>;
  readonly #outer: { readonly source: Source; readonly scanner: Scanner }[] = [];
  #source: Source;
  #scanner: Scanner;
  #isAhead = false;
  #ignoresFaults = false;
  #includes = 0;

  /** Keywords are words that must have quotes where they are to be names. */
  constructor(
    source: Source,
    complaints: Complaints,
    { lexis = outside, keywords = none }: Language = {},
  ) {
    this.#complaints = complaints;
    this.#lexis = lexis;
    this.#keywords = keywords;
    this.#source = source;
    this.#scanner = new Scanner(source.text, pool, this.#lexis);
  }

  /** Of the token read last. */
  get kind(): number {
    return this.#scanner.kind;
  }

  /** The text that the token read last stands in, and where. */
  get source(): Source {
    return this.#source;
  }

  get offset(): number {
    return this.#scanner.start;
  }

  get hasEscape(): boolean {
    return this.#scanner.hasEscape;
  }

  /** The next token outside of values; the end of an included file is passed over. */
  next(): number {
    if (this.#isAhead) {
      this.#isAhead = false;
      return this.kind;
    }
    let kind = this.#scan(false);
    while (kind === Token.end && this.#leave()) kind = this.#scan(false);
    return kind;
  }

  /** The next token within a value. */
  nextOfValue(): number {
    return this.#scan(true);
  }

  /** The token read last, without quotes. */
  text(): string {
    return this.#scanner.value();
  }

  /** The token read last, as it stands there. */
  raw(): string {
    return this.#scanner.text.slice(this.#scanner.start, this.#scanner.end);
  }

  /** A word or a text in quotes. */
  string(what: string): string {
    const kind = this.next();
    if (kind === Token.string) return this.text();
    if (kind !== Token.word) throw this.unexpected(what);
    const text = this.text();
    if (this.#keywords.has(text)) {
      throw this.fail(`expected ${what}, found the keyword ${text}; put it in quotes`);
    }
    return text;
  }

  /** A file name, in which macros that are not defined here may be environment variables. */
  fileName(): string {
    this.#ignoresFaults = true;
    const name = this.string('a file name');
    this.#ignoresFaults = false;
    return name;
  }

  /** One character of punctuation. */
  mark(char: string): void {
    if (this.next() !== char.charCodeAt(0)) throw this.unexpected(excerpt(char));
  }

  /** The same if it is there; otherwise what is there comes next. */
  skip(char: string): boolean {
    if (this.next() === char.charCodeAt(0)) return true;
    this.#isAhead = true;
    return false;
  }

  /** A keyword if it is there; otherwise what is there comes next. */
  skipWord(word: string): boolean {
    if (this.next() === Token.word && this.text() === word) return true;
    this.#isAhead = true;
    return false;
  }

  /** Where the token read last stands. */
  position(): Position {
    return this.#source.position(this.#scanner.start);
  }

  /** What is wrong with the token read last. */
  fail(message: string): DatabaseError {
    return this.#failAt(this.#scanner.start, message);
  }

  unexpected(expected: string): DatabaseError {
    const found = this.kind === Token.end ? 'the end of the file' : excerpt(this.raw());
    return this.fail(`expected ${expected}, found ${found}`);
  }

  /** Goes on with another text, and comes back behind its end. */
  include(source: Source): void {
    const open = [this.#source, ...this.#outer.map((outer) => outer.source)];
    if (open.some(({ file }) => file === source.file)) {
      throw this.fail(`${source.file} includes itself`);
    }
    if (open.length >= DEEPEST) throw this.fail(`files are included deeper than ${DEEPEST}`);
    if (++this.#includes > MOST_INCLUDES) throw this.fail(`more than ${MOST_INCLUDES} includes`);
    this.#outer.push({ source: this.#source, scanner: this.#scanner });
    this.#source = source;
    this.#scanner = new Scanner(source.text, pool, this.#lexis);
  }

  /** Back to where this file was included. */
  #leave(): boolean {
    const outer = this.#outer.pop();
    if (!outer) return false;
    this.#source = outer.source;
    this.#scanner = outer.scanner;
    return true;
  }

  #scan(isValue: boolean): number {
    const scanner = this.#scanner;
    try {
      const kind = isValue ? scanner.nextOfValue() : scanner.next();
      if (scanner.end > this.#source.faultAt) this.#reportFaults(scanner.start);
      return kind;
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      const isFault = this.#source.faultAt <= error.offset;
      throw this.#failAt(error.offset, isFault ? this.#source.takeFault() : error.message);
    }
  }

  /** Complains of macros that the token read last needs; those in comments do not matter. */
  #reportFaults(start: number): void {
    const source = this.#source;
    for (let at = source.faultAt; at < this.#scanner.end; at = source.faultAt) {
      const message = source.takeFault();
      if (at >= start && !this.#ignoresFaults) this.#complaints.add(source.position(at), message);
    }
  }

  #failAt(offset: number, message: string): DatabaseError {
    return new DatabaseError([{ ...this.#source.position(offset), message }]);
  }
}
