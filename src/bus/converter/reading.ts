import { messageOf } from '../../kernel/index.ts';
import type { PvValue } from '../../pv/index.ts';
import { timeOf } from '../message-time.ts';
import { found, type JsonPointer, pointerText } from './json-pointer.ts';
import type { MqttAddress } from './mqtt-address.ts';
import type { Payload } from './payload.ts';
import type { Shape, State } from './record-shape.ts';

/** What a message says to a record. */
export type MessageReading =
  | {
      readonly kind: 'value';
      readonly value: PvValue;
      readonly time?: number;
      readonly poor?: string;
    }
  /** Nothing: its value is not in it, and need not be. */
  | { readonly kind: 'none' }
  /** It is not what the address says. */
  | { readonly kind: 'bad'; readonly text: string };

/** Reads a message as an address says, for a record of some shape. Never throws. */
export function readingOf(payload: Payload, address: MqttAddress, shape: Shape): MessageReading {
  try {
    return read(payload, address, shape);
  } catch (cause) {
    // JSON that is nested by the ten thousands.
    return bad(`it cannot be read: ${messageOf(cause)}`);
  }
}

function read(payload: Payload, address: MqttAddress, shape: Shape): MessageReading {
  const given = givenIn(payload, address, shape);
  if (given.kind !== 'given') return given;
  const value = valueFor(given.value, address, shape);
  if (value === undefined) return bad(`${excerpt(given.value)} is no ${nameOf(shape)}`);
  const time = timeIn(payload, address.time);
  if (typeof time === 'string') return bad(time);
  const poor = poorness(payload, address);
  return {
    ...{ kind: 'value', value },
    ...(time !== undefined && { time }),
    ...(poor !== undefined && { poor }),
  };
}

type Given =
  | { readonly kind: 'given'; readonly value: unknown }
  | Exclude<MessageReading, { kind: 'value' }>;

/** The value as it travels: text, bytes, or a part of a document. */
function givenIn(payload: Payload, { json, isOptional }: MqttAddress, shape: Shape): Given {
  if (json === undefined) {
    if (shape.kind === 'bytes') return { kind: 'given', value: payload.bytes };
    const { text } = payload;
    return text === undefined
      ? bad('the payload is no UTF-8 text')
      : { kind: 'given', value: text };
  }
  const document = payload.json;
  if (document === undefined) return bad(`the payload is no JSON: ${excerpt(payload.text ?? '')}`);
  const value = found(document.document, json);
  if (value !== undefined) return { kind: 'given', value };
  return isOptional ? { kind: 'none' } : bad(`there is no ${pointerText(json)} in the payload`);
}

function valueFor(given: unknown, address: MqttAddress, shape: Shape): PvValue | undefined {
  switch (shape.kind) {
    case 'number':
      return scaled(numberOf(given, address, []), address);
    case 'wide':
      return wideOf(given, address);
    case 'state':
      return numberOf(given, address, shape.states);
    case 'text':
      return textOf(given);
    case 'row':
      return rowOf(given, address);
    case 'bytes':
      return bytesOf(given);
    case 'texts':
      return textsOf(given);
  }
}

/** Words that mean yes and no where nothing else is said. */
const usual: ReadonlyMap<string, number> = new Map([
  ...['true', 'on', 'yes', 'open', 'online'].map((word) => [word, 1] as const),
  ...['false', 'off', 'no', 'closed', 'offline'].map((word) => [word, 0] as const),
]);

/** By the words of the address, the names of states, as a number, by the usual words. */
function numberOf(
  given: unknown,
  { words }: MqttAddress,
  states: readonly State[],
): number | undefined {
  const text = typeof given === 'string' ? given.trim() : JSON.stringify(given);
  if (text === undefined) return undefined;
  const word = words.get(text) ?? states.find(({ name }) => name !== '' && name === text)?.number;
  if (word !== undefined) return word;
  if (typeof given === 'boolean') return Number(given);
  if (typeof given === 'object') return undefined;
  const number = plainNumber(text);
  return number ?? usual.get(text.toLowerCase());
}

function plainNumber(text: string): number | undefined {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function scaled(value: number | undefined, { scale, offset }: MqttAddress): number | undefined {
  return value === undefined ? undefined : value * scale + offset;
}

/** Whole numbers in text keep all their digits. */
function wideOf(given: unknown, address: MqttAddress): PvValue | undefined {
  const isPlain = address.scale === 1 && address.offset === 0;
  if (isPlain && typeof given === 'string' && /^[-+]?\d{1,20}$/.test(given.trim())) {
    return BigInt.asIntN(64, BigInt(given.trim().replace('+', '')));
  }
  const number = scaled(numberOf(given, address, []), address);
  return number === undefined ? undefined : Math.trunc(number);
}

function textOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  return given === null ? undefined : JSON.stringify(given);
}

function rowOf(given: unknown, address: MqttAddress): PvValue | undefined {
  const list = typeof given === 'string' ? listIn(given) : given;
  const all = Array.isArray(list) ? list : [list];
  const row = new Float64Array(all.length);
  for (const [at, each] of all.entries()) {
    const number = scaled(numberOf(each, address, []), address);
    if (number === undefined) return undefined;
    row[at] = number;
  }
  return row;
}

/** A list of JSON; else numbers that commas, semicolons or blanks part. */
function listIn(text: string): unknown {
  if (!text.trimStart().startsWith('[')) return text.trim().split(/[\s,;]+/);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bytes as they are, texts as their characters with a NUL, lists of numbers. */
function bytesOf(given: unknown): PvValue | undefined {
  if (given instanceof Uint8Array) return given.slice();
  if (typeof given === 'string') return new Uint8Array(Buffer.from(`${given}\0`));
  if (!Array.isArray(given) || !given.every((each) => typeof each === 'number')) return undefined;
  return Float64Array.from(given);
}

function textsOf(given: unknown): PvValue | undefined {
  const list =
    typeof given === 'string' && given.trimStart().startsWith('[') ? listIn(given) : given;
  const texts = (Array.isArray(list) ? list : [list]).map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** Milliseconds since 1970; a text that says what is wrong with it. */
function timeIn(payload: Payload, pointer: JsonPointer | undefined): number | string | undefined {
  if (pointer === undefined) return undefined;
  const given = found(payload.json?.document, pointer);
  const time = timeOf(given);
  return time ?? `${pointerText(pointer)} is no time: ${excerpt(given)}`;
}

/** Why a value is no good although it came. */
function poorness(payload: Payload, { quality, good }: MqttAddress): string | undefined {
  if (quality === undefined) return undefined;
  const given = found(payload.json?.document, quality);
  const word = typeof given === 'string' ? given : JSON.stringify(given);
  if (word !== undefined && good.includes(word.toLowerCase())) return undefined;
  return `quality is ${excerpt(given)}`;
}

function bad(text: string): { readonly kind: 'bad'; readonly text: string } {
  return { kind: 'bad', text };
}

function nameOf({ kind }: Shape): string {
  const names = { number: 'number', wide: 'whole number', state: 'state', text: 'text' };
  return { ...names, row: 'row of numbers', bytes: 'row of bytes', texts: 'row of texts' }[kind];
}

/** The beginning of a value, for messages. */
function excerpt(given: unknown): string {
  const text = JSON.stringify(given) ?? 'missing';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 60;
