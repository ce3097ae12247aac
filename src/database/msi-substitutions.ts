import type { Position } from './database.ts';
import { DatabaseError, excerpt } from './problem.ts';
import { Source } from './source.ts';

/** A step of a substitution file: definitions for all that follows, or a template to be expanded. */
export type MsiStep =
  | { readonly kind: 'global'; readonly macros: string }
  | {
      readonly kind: 'set';
      readonly template: string | undefined;
      readonly macros: string;
      readonly at: Position;
    };

type Token =
  | { readonly kind: '{' | '}' | 'separator' | 'end'; readonly at: number }
  | { readonly kind: 'string'; readonly text: string; readonly at: number };

const blanks = /[ \t\r\f\v]*/y;
const separators = /[\s,]*/y;
const quoted = /"(?:\\"|[^"\n])*"/y;
const word = /[^\s",{}]+/y;

/**
 * The steps of a substitution file in the grammar of msi, which differs from that of dbLoadTemplate:
 * words may hold anything but blanks, commas, quotes and braces, words without a comma or the end of
 * a line between them are one, and `file` may be missing.
 */
export function* readMsiSubstitutions(file: string, text: string): Generator<MsiStep> {
  const parser = new MsiParser(new Source(file, { text, edits: [], faults: [] }));
  yield* parser.read();
}

class MsiParser {
  readonly #source: Source;
  #offset = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  *read(): Generator<MsiStep> {
    let template: string | undefined;
    let isInFile = false;
    let pattern: string[] | undefined;
    for (;;) {
      const token = this.#next();
      const at = this.#source.position(token.at);
      if (token.kind === 'end') return;
      if (token.kind === '{') {
        const macros = pattern ? this.#values(pattern) : this.#definitions();
        yield { kind: 'set', template, macros, at };
      } else if (token.kind === '}' && isInFile) {
        isInFile = false;
        template = pattern = undefined;
      } else if (token.kind !== 'string') throw this.#unexpected('file, global or pattern', token);
      else if (token.text === 'global') {
        this.#expect('{');
        yield { kind: 'global', macros: this.#definitions() };
      } else if (token.text === 'file') {
        template = this.#fileName();
        pattern = undefined;
        isInFile = true;
        this.#expect('{');
      } else if (token.text === 'pattern') pattern = this.#names();
      else throw this.#unexpected('file, global or pattern', token);
    }
  }

  #fileName(): string {
    const token = this.#next();
    if (token.kind !== 'string') throw this.#unexpected('the name of a template', token);
    return /^".*"$/.test(token.text) ? token.text.slice(1, -1) : token.text;
  }

  #names(): string[] {
    this.#expect('{');
    const names: string[] = [];
    for (let token = this.#next(); token.kind !== '}'; token = this.#next()) {
      if (token.kind !== 'string') throw this.#unexpected('the name of a macro', token);
      names.push(token.text);
    }
    return names;
  }

  /** Values of a pattern; those beyond its names are dropped. */
  #values(names: readonly string[]): string {
    const definitions: string[] = [];
    for (let token = this.#next(); token.kind !== '}'; token = this.#next()) {
      if (token.kind !== 'string') throw this.#unexpected('the value of a macro', token);
      const name = names[definitions.length];
      if (name !== undefined) definitions.push(`${name}=${token.text}`);
    }
    return definitions.join(',');
  }

  #definitions(): string {
    let text = '';
    for (;;) {
      const token = this.#scan();
      if (token.kind === '}') return text;
      if (token.kind === 'separator') text += ',';
      else if (token.kind === 'string') text += token.text;
      else throw this.#unexpected('"}"', token);
    }
  }

  #expect(kind: '{'): void {
    const token = this.#next();
    if (token.kind !== kind) throw this.#unexpected(excerpt(kind), token);
  }

  /** The next token that is no separator. */
  #next(): Token {
    let token = this.#scan();
    while (token.kind === 'separator') token = this.#scan();
    return token;
  }

  #scan(): Token {
    this.#take(blanks);
    const { text } = this.#source;
    const at = this.#offset;
    const char = text[at];
    if (char === undefined) return { kind: 'end', at };
    if (char === '{' || char === '}') {
      this.#offset++;
      return { kind: char, at };
    }
    if (char === '#') {
      const end = text.indexOf('\n', at);
      this.#offset = end < 0 ? text.length : end;
      return { kind: 'separator', at };
    }
    if (char === ',' || char === '\n') {
      this.#take(separators);
      return { kind: 'separator', at };
    }
    if (char !== '"') return { kind: 'string', text: this.#take(word), at };
    const string = this.#take(quoted);
    if (string === '') throw this.#fail(at, 'a string must end on the line on which it begins');
    return { kind: 'string', text: string, at };
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#source.text)?.[0] ?? '';
    this.#offset += found.length;
    return found;
  }

  #unexpected(expected: string, token: Token): DatabaseError {
    const found = token.kind === 'string' ? excerpt(token.text) : token.kind;
    return this.#fail(token.at, `expected ${expected}, found ${found}`);
  }

  #fail(offset: number, message: string): DatabaseError {
    return new DatabaseError([{ ...this.#source.position(offset), message }]);
  }
}
