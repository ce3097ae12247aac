import { excerpt } from './problem.ts';
import type { StringPool } from './string-pool.ts';

/** What the scanner found; single characters of punctuation stand for themselves. */
export const Token = {
  end: 0,
  /** A bare word. */
  word: 1,
  /** A text in quotes. */
  string: 2,
  /** `%` and the rest of its line: C code in a record type. */
  code: 3,
} as const;

/** Kinds of characters, as bits. */
const blank = 1;
const wordPart = 2;
const jsonWordPart = 4;
const mark = 8;
const jsonMark = 16;
const templateWordPart = 32;
const templateMark = 64;

const kinds = new Uint8Array(128);
for (const char of ' \t\r\n') setKind(char, blank);
for (const char of '_-+.') setKind(char, wordPart | jsonWordPart | templateWordPart);
for (const char of ':[]<>;') setKind(char, wordPart | templateWordPart);
for (const char of '/\\') setKind(char, templateWordPart);
for (let code = 0; code < 128; code++) {
  if (/[a-zA-Z0-9]/.test(String.fromCharCode(code))) {
    setKind(String.fromCharCode(code), wordPart | jsonWordPart | templateWordPart);
  }
}
for (const char of '{}(),') setKind(char, mark);
for (const char of ':,[]{}') setKind(char, jsonMark);
for (const char of '=,{}') setKind(char, templateMark);

function setKind(char: string, kind: number): void {
  const code = char.charCodeAt(0);
  kinds[code] = (kinds[code] ?? 0) | kind;
}

const newline = 0x0a;
const hash = 0x23;
const percent = 0x25;
const backslash = 0x5c;
const doubleQuote = 0x22;
const singleQuote = 0x27;

/** Why a text cannot be cut into tokens, and where. */
export class ScanError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** What words, marks and strings are made of; that differs by place. */
export interface Lexis {
  readonly word: number;
  readonly mark: number;
  readonly singleQuotes: boolean;
  /** Whether strings are JSON5, with its rules for escapes and control characters. */
  readonly json: boolean;
  /** Whether `%` begins a line of C. */
  readonly code: boolean;
}

/** Around the values of database files, and in access security files. */
export const outside: Lexis = {
  word: wordPart,
  mark,
  singleQuotes: false,
  json: false,
  code: true,
};

const inside: Lexis = {
  word: jsonWordPart,
  mark: jsonMark,
  singleQuotes: true,
  json: true,
  code: false,
};

/** In substitution files (dbLoadTemplate_lex.l of EPICS base). */
export const inTemplates: Lexis = {
  word: templateWordPart,
  mark: templateMark,
  singleQuotes: true,
  json: false,
  code: false,
};

/**
 * Cuts one text into the tokens of EPICS text files (dbLex.l of EPICS base). `next` reads what
 * stands around values, `nextOfValue` what stands in them.
 */
export class Scanner {
  readonly text: string;
  /** Of the token found last: its kind, where it starts and where it ends, quotes included. */
  kind: number = Token.end;
  start = 0;
  end = 0;
  /** Whether there is a backslash in the string found last. */
  hasEscape = false;
  readonly #pool: StringPool;
  readonly #around: Lexis;

  constructor(text: string, pool: StringPool, around: Lexis) {
    this.text = text;
    this.#pool = pool;
    this.#around = around;
  }

  next(): number {
    return this.#scan(this.#around);
  }

  nextOfValue(): number {
    return this.#scan(inside);
  }

  /** The token found last, without quotes. */
  value(): string {
    return this.kind === Token.string
      ? this.#pool.take(this.text, this.start + 1, this.end - 1)
      : this.#pool.take(this.text, this.start, this.end);
  }

  // hot path
  #scan(lexis: Lexis): number {
    const { text } = this;
    const { word } = lexis;
    let at = this.#skip(this.end);
    this.start = at;
    if (at >= text.length) return this.#found(Token.end, at);
    const code = text.charCodeAt(at);
    const kind = code < 128 ? kinds[code]! : 0;
    if ((kind & word) !== 0) {
      do at++;
      while (at < text.length && isOf(text.charCodeAt(at), word));
      return this.#found(Token.word, at);
    }
    if (code === doubleQuote || (lexis.singleQuotes && code === singleQuote)) {
      return this.#string(code, lexis.json);
    }
    if ((kind & lexis.mark) !== 0) return this.#found(code, at + 1);
    if (code === percent && lexis.code) return this.#found(Token.code, lineEnd(text, at));
    throw new ScanError(at, `${shown(code)} does not belong here`);
  }

  // hot path
  #skip(from: number): number {
    const { text } = this;
    let at = from;
    for (;;) {
      while (at < text.length && isOf(text.charCodeAt(at), blank)) at++;
      if (text.charCodeAt(at) !== hash) return at;
      at = lineEnd(text, at);
    }
  }

  // hot path
  #string(quote: number, isJson: boolean): number {
    const { text, start } = this;
    this.hasEscape = false;
    let at = start + 1;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) return this.#found(Token.string, at + 1);
      if (code === backslash) {
        this.hasEscape = true;
        if (isJson) checkEscape(text, at);
        else if (text.charCodeAt(at + 1) === newline) throw unclosed(text, start);
        at++;
      } else if (code < 0x20) {
        if (code === newline) throw unclosed(text, start);
        if (isJson) throw new ScanError(at, `${shown(code)} in a string; write it as an escape`);
      } else if (at >= text.length) throw unclosed(text, start);
    }
  }

  #found(kind: number, end: number): number {
    this.kind = kind;
    this.end = end;
    return kind;
  }
}

// hot path
function isOf(code: number, kind: number): boolean {
  return code < 128 && (kinds[code]! & kind) !== 0;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** The escapes of a JSON5 string, as far as EPICS base takes them. */
function checkEscape(text: string, at: number): void {
  const letter = text[at + 1] ?? '';
  const digits = letter === 'x' ? 2 : letter === 'u' ? 4 : 0;
  const isHex = /^[\da-fA-F]*$/.test(text.slice(at + 2, at + 2 + digits));
  if (isHex && !(letter >= '1' && letter <= '9') && at + 2 + digits <= text.length) return;
  const shownEscape = excerpt(text.slice(at, at + 2 + digits));
  throw new ScanError(at, `${shownEscape} is no escape; use \\xHH, \\uHHHH, \\n, \\t, \\" or \\\\`);
}

function unclosed(text: string, start: number): ScanError {
  const line = text.slice(start, lineEnd(text, start));
  return new ScanError(start, `the string ${excerpt(line)} lacks its closing quote on this line`);
}

function shown(code: number): string {
  return code > 0x20 && code !== 0x7f
    ? `the character ${excerpt(String.fromCharCode(code))}`
    : `the character 0x${code.toString(16).padStart(2, '0')}`;
}
