import { IocError } from './errors.ts';

/**
 * A JSON5 value as it was written: whole numbers differ from others, and objects keep order and
 * repeated keys, which EPICS gives a meaning.
 */
export type Json5 =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Json5[] }
  | { readonly kind: 'object'; readonly entries: readonly Json5Entry[] };

export type Json5Entry = readonly [key: string, value: Json5];

/** Arrays and objects within each other; what nests deeper is no honest text. */
const DEEPEST = 32;

/** Reads one JSON5 value that fills the text; anything else throws `kernel/json5` with its column. */
export function parseJson5(text: string): Json5 {
  const parser = new Parser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

const blank = /(?:\s|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)*/y;
const identifier = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const number =
  /[+-]?(?:(?<word>Infinity|NaN)|(?<hex>0[xX][0-9a-fA-F]+)|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const quoted = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const escape_ = /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))/g;
const escapes: Readonly<Record<string, string>> = {
  ...{ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '0': '\0' },
  ...{ '\n': '', '\r': '', '\r\n': '' },
};

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  end(): void {
    if (this.#peek() !== '') throw this.#unexpected();
  }

  value(depth: number): Json5 {
    const first = this.#peek();
    if (depth > DEEPEST) throw this.#unexpected();
    if (first === '{') return { kind: 'object', entries: this.#entries(depth) };
    if (first === '[') return { kind: 'array', items: this.#items(depth) };
    if (first === '"' || first === "'") return { kind: 'string', value: this.#string() };
    return this.#word() ?? this.#number();
  }

  #entries(depth: number): Json5Entry[] {
    return this.#list('}', () => {
      const first = this.#peek();
      const isQuoted = first === '"' || first === "'";
      const key = isQuoted ? this.#string() : this.#match(identifier)?.[0];
      if (key === undefined || this.#peek() !== ':') throw this.#unexpected();
      this.#at++;
      return [key, this.value(depth + 1)];
    });
  }

  #items(depth: number): Json5[] {
    return this.#list(']', () => this.value(depth + 1));
  }

  /** What stands between brackets, separated by commas; one may follow the last. */
  #list<T>(close: string, item: () => T): T[] {
    const found: T[] = [];
    this.#at++;
    while (this.#peek() !== close) {
      found.push(item());
      if (this.#peek() === ',') this.#at++;
      else if (this.#peek() !== close) throw this.#unexpected();
    }
    this.#at++;
    return found;
  }

  #string(): string {
    const match = this.#match(quoted);
    if (!match) throw this.#unexpected();
    return match[0]
      .slice(1, -1)
      .replace(escape_, (_, unicode?: string, hex?: string, character?: string) => {
        const code = unicode ?? hex;
        if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
        return escapes[character ?? ''] ?? character ?? '';
      });
  }

  #word(): Json5 | undefined {
    const start = this.#at;
    const word = this.#match(identifier)?.[0];
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
    if (word === 'null') return { kind: 'null' };
    this.#at = start;
    return undefined;
  }

  #number(): Json5 {
    const match = this.#match(number);
    if (!match) throw this.#unexpected();
    const [text] = match;
    const sign = text.startsWith('-') ? -1 : 1;
    const value = sign * Number(text.replace(/^[+-]/, ''));
    const isWhole = match.groups?.['hex'] !== undefined || /^[+-]?\d+$/.test(text);
    return { kind: isWhole ? 'integer' : 'number', value };
  }

  /** The next character that is neither blank nor comment; empty at the end. */
  #peek(): string {
    this.#match(blank);
    return this.#text[this.#at] ?? '';
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #unexpected(): IocError {
    const what = this.#at < this.#text.length ? `"${this.#text[this.#at]}"` : 'the end';
    const where = `${what} at column ${this.#at + 1} of ${this.#text}`;
    return new IocError('kernel/json5', `Read JSON5: did not expect ${where}`);
  }
}
