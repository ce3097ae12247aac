import type { PvField, PvValue } from '../../../pv/index.ts';
import { timeOf } from '../../message-time.ts';
import { rowOf } from './typed-block.ts';
import { isCharacters } from './value-text.ts';

/** What a message on `…/set` asks for. */
export interface Wish {
  readonly value: PvValue;
  /** What the asker calls it, in its result. */
  readonly id?: string | number;
  /** When it was wished, in milliseconds since 1970; only of those that say so. */
  readonly time?: number;
}

/** A message that is no wish, and why; with what it is called, if that could be read. */
export interface NoWish {
  readonly error: string;
  readonly id?: string | number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Characters of an id that results repeat. */
const LONGEST_ID = 200;

/**
 * Reads the payload of `…/set`: the bare value, `{"v":…,"id":…,"t":…}`, or a typed block as `v`.
 * A bare value is text, which the record converts as it does any text; a list is a row, unless the
 * row is of characters and `asText`.
 */
export function wishOf(payload: Uint8Array, field: PvField, asText = false): Wish | NoWish {
  const text = decoded(payload);
  if (text === undefined) return { error: 'the payload is no UTF-8 text' };
  const start = text.trimStart().charAt(0);
  if (start === '{') return fromObject(text, field);
  if (start === '[' && field.maxCount > 1 && !asText) return fromList(text, field);
  return { value: textFor(field, text) };
}

/** A text is the content of a row of characters, up to what that holds, with its NUL. */
function textFor(field: PvField, text: string): PvValue {
  if (!isCharacters(field)) return text;
  return new Uint8Array(Buffer.from(`${text}\0`)).subarray(0, field.maxCount);
}

function fromObject(text: string, field: PvField): Wish | NoWish {
  const given = parsed(text);
  if (typeof given !== 'object' || given === null) return { error: 'the payload is no JSON' };
  const { v, id, t } = given as Readonly<Record<string, unknown>>;
  const called = isId(id) ? { id } : {};
  const value = jsonWish(v, field);
  if (value === undefined) return { ...called, error: `"v" is no value for ${kindOf(field)}` };
  if (typeof value === 'object' && 'error' in value) return { ...called, error: value.error };
  const time = timeOf(t);
  if (t !== undefined && time === undefined) {
    return { ...called, error: '"t" is no time: give RFC 3339, or seconds since 1970' };
  }
  return { ...called, value, ...(time !== undefined && { time }) };
}

function fromList(text: string, field: PvField): Wish | NoWish {
  const value = jsonWish(parsed(text), field);
  if (value === undefined) return { error: `the list is no value for ${kindOf(field)}` };
  if (typeof value === 'object' && 'error' in value) return value;
  return { value };
}

/** A value of JSON as one that a record takes. */
export function jsonWish(given: unknown, field: PvField): PvValue | NoWish | undefined {
  if (typeof given === 'string') return textFor(field, given);
  if (typeof given === 'boolean') return Number(given);
  if (typeof given === 'number') return exact(given, field);
  if (Array.isArray(given)) return field.maxCount > 1 ? listOf(given) : undefined;
  if (typeof given !== 'object' || given === null || field.maxCount === 1) return undefined;
  return rowOf(given);
}

/** JSON.parse rounds integers beyond 2^53, which as a wish would be another one. */
function exact(given: number, { type }: PvField): number | NoWish {
  const isLong = type === 'INT64' || type === 'UINT64';
  if (!isLong || !Number.isInteger(given) || Number.isSafeInteger(given)) return given;
  return { error: 'integers beyond 2^53 must be given as text: {"v":"9007199254740993"}' };
}

function listOf(given: readonly unknown[]): PvValue | undefined {
  if (given.every((each) => typeof each === 'number')) return Float64Array.from(given);
  if (given.every((each) => typeof each === 'boolean')) return Float64Array.from(given, Number);
  return given.every((each) => typeof each === 'string') ? given : undefined;
}

function isId(id: unknown): id is string | number {
  return typeof id === 'number' || (typeof id === 'string' && id.length <= LONGEST_ID);
}

function kindOf({ record, type, maxCount }: PvField): string {
  return `${record}, which takes ${maxCount > 1 ? `${maxCount} elements of ` : ''}${type}`;
}

function decoded(payload: Uint8Array): string | undefined {
  try {
    return utf8.decode(payload);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
