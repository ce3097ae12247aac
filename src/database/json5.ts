import type { JsonValue } from './database.ts';
import { unescaped } from './escapes.ts';
import { Token } from './scanner.ts';
import type { TokenReader } from './token-reader.ts';

/** A value as EPICS base keeps it, and what it means when it is an array or an object. */
export interface ReadValue {
  readonly text: string;
  readonly json?: JsonValue;
}

const DEEPEST = 64;

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/** What dbLex.l of EPICS base takes for a number; every other word is a text. */
const number =
  /^(?:[+-]?(?:(?:\d|[1-9]\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]?Infinity|[+-]?0[xX][\da-fA-F]+)$/;

const words: ReadonlyMap<string, JsonValue> = new Map([
  ['null', null],
  ['true', true],
  ['false', false],
]);

/** Reads the value of a field or an info tag. */
export function readValue(tokens: TokenReader): ReadValue {
  const kind = tokens.nextOfValue();
  if (kind === Token.word) return { text: tokens.text() };
  if (kind === Token.string) {
    const text = tokens.text();
    return { text: tokens.hasEscape ? unescaped(text) : text };
  }
  return readPart(tokens, 0);
}

/** The value that begins with the token read last, as a part of another. */
function readPart(tokens: TokenReader, depth: number): Required<ReadValue> {
  if (depth > DEEPEST) throw tokens.fail(`values are nested deeper than ${DEEPEST}`);
  switch (tokens.kind) {
    case openBrace:
      return readObject(tokens, depth);
    case openBracket:
      return readArray(tokens, depth);
    case Token.string:
      return { text: tokens.raw(), json: unescaped(tokens.text()) };
    case Token.word:
      return readWord(tokens.text());
    default:
      throw tokens.unexpected('a value');
  }
}

function readWord(word: string): Required<ReadValue> {
  const known = words.get(word);
  if (known !== undefined) return { text: word, json: known };
  if (number.test(word)) return { text: word, json: numberOf(word) };
  return { text: `"${word}"`, json: word };
}

function numberOf(word: string): number {
  const negative = word.startsWith('-');
  const size = Number(word.replace(/^[+-]/, ''));
  return negative ? -size : size;
}

/** A comma behind the last member is dropped, as by EPICS base. */
function readObject(tokens: TokenReader, depth: number): Required<ReadValue> {
  const texts: string[] = [];
  const members: [string, JsonValue][] = [];
  while (tokens.nextOfValue() !== closeBrace) {
    const [keyText, key] = readKey(tokens);
    if (tokens.nextOfValue() !== colon) throw tokens.unexpected('":"');
    tokens.nextOfValue();
    const { text, json } = readPart(tokens, depth + 1);
    texts.push(`${keyText}:${text}`);
    members.push([key, json]);
    if (tokens.nextOfValue() === closeBrace) break;
    if (tokens.kind !== comma) throw tokens.unexpected('"," or "}"');
  }
  return { text: `{${texts.join(',')}}`, json: Object.fromEntries(members) };
}

/** A bare key with one of `+ - .` gets quotes: the parser of links needs them. */
function readKey(tokens: TokenReader): readonly [string, string] {
  if (tokens.kind === Token.string) return [tokens.raw(), unescaped(tokens.text())];
  const word = tokens.kind === Token.word ? tokens.text() : '';
  if (word === '' || words.get(word) !== undefined || number.test(word)) {
    throw tokens.unexpected('a key');
  }
  return [/[-+.]/.test(word) ? `"${word}"` : word, word];
}

/** A comma behind the last element stays: `[x,]` tells a list of one from a name in brackets. */
function readArray(tokens: TokenReader, depth: number): Required<ReadValue> {
  const texts: string[] = [];
  const elements: JsonValue[] = [];
  while (tokens.nextOfValue() !== closeBracket) {
    const { text, json } = readPart(tokens, depth + 1);
    texts.push(text);
    elements.push(json);
    if (tokens.nextOfValue() === closeBracket) {
      return { text: `[${texts.join(',')}]`, json: elements };
    }
    if (tokens.kind !== comma) throw tokens.unexpected('"," or "]"');
  }
  return { text: texts.length === 0 ? '[]' : `[${texts.join(',')},]`, json: elements };
}
