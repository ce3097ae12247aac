import type { Position } from './database.ts';
import { type Complaints, excerpt } from './problem.ts';
import { inTemplates, Token } from './scanner.ts';
import type { Source } from './source.ts';
import { TokenReader } from './token-reader.ts';

/** A template to be read with macros, as a substitution file says. */
export interface Substitution {
  readonly template: string;
  /** Definitions as `A=1,B="x"`; later ones count. */
  readonly macros: string;
  readonly at: Position;
}

const keywords: ReadonlySet<string> = new Set(['file', 'pattern', 'global']);

/**
 * What a substitution file says, in the grammar of dbLoadTemplate (dbLoadTemplate.y of EPICS base);
 * every set gets `macros` first, then the global definitions above it, then its own.
 */
export function readSubstitutions(
  source: Source,
  macros: string,
  complaints: Complaints,
  warn: (at: Position, message: string) => void,
): Generator<Substitution> {
  const tokens = new TokenReader(source, complaints, { lexis: inTemplates, keywords });
  return new SubstitutionParser(tokens, macros, warn).read();
}

class SubstitutionParser {
  readonly #tokens: TokenReader;
  readonly #warn: (at: Position, message: string) => void;
  /** Definitions that every set gets. */
  #common: string[];

  constructor(tokens: TokenReader, macros: string, warn: (at: Position, message: string) => void) {
    this.#tokens = tokens;
    this.#common = macros === '' ? [] : [macros];
    this.#warn = warn;
  }

  *read(): Generator<Substitution> {
    const tokens = this.#tokens;
    let isEmpty = true;
    for (; tokens.next() !== Token.end; isEmpty = false) {
      const keyword = tokens.kind === Token.word ? tokens.text() : '';
      if (keyword === 'global') this.#global();
      else if (keyword === 'file') yield* this.#file();
      else throw tokens.unexpected('file or global');
    }
    if (isEmpty) throw tokens.unexpected('file or global');
  }

  *#file(): Generator<Substitution> {
    const tokens = this.#tokens;
    const template = tokens.string('the name of a template');
    tokens.mark('{');
    const names = tokens.skipWord('pattern') ? this.#names() : undefined;
    while (!tokens.skip('}')) {
      if (tokens.skipWord('global')) {
        this.#global();
        continue;
      }
      const at = this.#open();
      const own = names ? this.#values(names) : this.#definitions();
      yield { template, macros: [...this.#common, ...own].join(','), at };
    }
  }

  /** The brace of a set, before which there was once a word. */
  #open(): Position {
    const tokens = this.#tokens;
    if (!tokens.skip('{')) {
      const word = tokens.string('"{", global or "}"');
      this.#warn(tokens.position(), `${excerpt(word)} before "{" means nothing; take it out`);
      tokens.mark('{');
    }
    return tokens.position();
  }

  #global(): void {
    this.#tokens.mark('{');
    this.#common.push(...this.#definitions());
  }

  #names(): string[] {
    const tokens = this.#tokens;
    const names: string[] = [];
    tokens.mark('{');
    while (!tokens.skip('}')) {
      if (names.length > 0 && tokens.skip(',')) continue;
      names.push(tokens.string('the name of a macro'));
    }
    return names;
  }

  /** `"1" x, y}` as definitions of the names of the pattern; values that are left out are undefined. */
  #values(names: readonly string[]): string[] {
    const tokens = this.#tokens;
    const found: string[] = [];
    let count = 0;
    while (!tokens.skip('}')) {
      if (count > 0 && tokens.skip(',')) continue;
      const value = this.#value();
      const name = names[count++];
      if (name !== undefined) found.push(`${name}=${value}`);
      else
        this.#warn(tokens.position(), `the pattern has ${names.length} macros, this is one more`);
    }
    return found;
  }

  /** `A=1, B="x"}`. */
  #definitions(): string[] {
    const tokens = this.#tokens;
    const found: string[] = [];
    while (!tokens.skip('}')) {
      if (found.length > 0 && tokens.skip(',')) continue;
      const name = tokens.string('the name of a macro or "}"');
      tokens.mark('=');
      found.push(`${name}=${this.#value()}`);
    }
    return found;
  }

  /** A value as a definition has it; single quotes become double ones, so that macros expand. */
  #value(): string {
    const tokens = this.#tokens;
    const text = tokens.string('a value');
    if (tokens.kind !== Token.string) return text;
    return tokens.raw().startsWith("'") ? `"${text.replace(/(?<!\\)"/g, '\\"')}"` : `"${text}"`;
  }
}
