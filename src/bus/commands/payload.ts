import { messageOf } from '../../kernel/index.ts';
import type { Json, JsonObject } from './json.ts';

/** What the payload of a command's topic says. */
export type Payload =
  /** Empty: whoever asked has taken note of the end. */
  | { readonly kind: 'cleared' }
  | { readonly kind: 'state'; readonly status: string; readonly fields: JsonObject }
  /** No command; `fields` are what is kept of it for the answer. */
  | { readonly kind: 'bad'; readonly reason: string; readonly fields: JsonObject };

/** What a payload may be. */
export interface PayloadLimits {
  readonly bytes: number;
  /** Objects and arrays within each other. */
  readonly depth: number;
}

/** Most characters that an answer repeats of what is no JSON. */
const MOST_REPEATED = 1024;

/** Reads a payload; never throws. */
export function readPayload(bytes: Uint8Array, limits: PayloadLimits): Payload {
  if (bytes.length === 0) return { kind: 'cleared' };
  if (bytes.length > limits.bytes) {
    return bad(`the payload has ${bytes.length} bytes where ${limits.bytes} are the most`);
  }
  const text = textOf(bytes);
  if (text === undefined) return bad('the payload is not UTF-8');
  if (isDeeper(text, limits.depth)) {
    return bad(`the payload nests more than ${limits.depth} deep`);
  }
  return parsed(text);
}

function parsed(text: string): Payload {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const repeated = { input: text.slice(0, MOST_REPEATED) };
    return bad(`the payload is not JSON: ${messageOf(error)}`, repeated);
  }
  if (!isObject(value)) return bad('a command is a JSON object', { input: value });
  const { status = 'init' } = value;
  if (typeof status === 'string') return { kind: 'state', status, fields: value };
  return bad('status must be a text', value);
}

function bad(reason: string, fields: JsonObject = {}): Payload {
  return { kind: 'bad', reason, fields };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether brackets outside of texts nest deeper; of what is no JSON, too. */
function isDeeper(text: string, depth: number): boolean {
  let level = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isText) {
      if (char === '\\') at++;
      else if (char === '"') isText = false;
    } else if (char === '"') isText = true;
    else if (char === '{' || char === '[') {
      if (++level > depth) return true;
    } else if (char === '}' || char === ']') level--;
  }
  return false;
}
