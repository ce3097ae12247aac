import type { JsonValue } from '../../database/index.ts';
import { type Json5, messageOf, parseJson5 } from '../../kernel/index.ts';
import type { FieldType } from '../field-type.ts';
import { parseDouble } from '../parse.ts';

/** What a link does with the record that it leads to, and when it processes its own. */
export interface LinkModifiers {
  readonly process: 'NPP' | 'PP' | 'CA' | 'CP' | 'CPP';
  /** Which alarms cross it: none, their severity, also their status, only INVALID. */
  readonly severity: 'NMS' | 'MS' | 'MSS' | 'MSI';
}

/** What the text of a link field says. */
export type LinkText =
  | { readonly kind: 'empty' }
  /** A number, or a JSON list of constants. */
  | { readonly kind: 'constant'; readonly value: JsonValue }
  | { readonly kind: 'pv'; readonly name: string; readonly modifiers: LinkModifiers }
  /** `@…`: what device support makes of it. */
  | { readonly kind: 'device'; readonly address: string }
  /** `{"type": …}`. */
  | { readonly kind: 'json'; readonly type: string; readonly value: JsonValue }
  | { readonly kind: 'broken'; readonly why: string };

/** Reads the text of a link field of a type, as EPICS base does. */
export function parseLink(text: string, type: FieldType): LinkText {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'empty' };
  if (trimmed.startsWith('@')) return { kind: 'device', address: trimmed.slice(1) };
  if (/^\{.*\}$/s.test(trimmed)) return jsonLink(trimmed);
  if (trimmed.startsWith('#')) {
    return {
      kind: 'broken',
      why: 'there is no hardware of that kind here; device addresses begin with @',
    };
  }
  if (/^\[.*\]$/s.test(trimmed)) return constantList(trimmed);
  if (isNumber(trimmed)) return { kind: 'constant', value: trimmed };
  const end = trimmed.indexOf(' ');
  if (end < 0) return { kind: 'pv', name: trimmed, modifiers: modifiersOf('', type) };
  const modifiers = modifiersOf(trimmed.slice(end), type);
  return { kind: 'pv', name: trimmed.slice(0, end), modifiers };
}

/** A number and nothing after it. */
function isNumber(text: string): boolean {
  const hasOnlyNumber = /^[+-]?(0x[\da-f]+|[\d.]+(e[+-]?\d+)?|inf(inity)?|nan)$/i.test(text);
  return hasOnlyNumber && typeof parseDouble(text) === 'number';
}

function jsonLink(text: string): LinkText {
  const parsed = parsedJson(text);
  if (typeof parsed === 'string') return { kind: 'broken', why: parsed };
  const [[type, value] = ['', null], ...others] = Object.entries(parsed.value ?? {});
  if (type === '' || others.length > 0) {
    return { kind: 'broken', why: 'a JSON link has one key, its type' };
  }
  return type === 'const' ? { kind: 'constant', value } : { kind: 'json', type, value };
}

function constantList(text: string): LinkText {
  const parsed = parsedJson(text);
  return typeof parsed === 'string'
    ? { kind: 'broken', why: parsed }
    : { kind: 'constant', value: parsed.value };
}

function parsedJson(text: string): { readonly value: JsonValue } | string {
  try {
    return { value: plain(parseJson5(text)) };
  } catch (error) {
    return messageOf(error);
  }
}

function plain(json: Json5): JsonValue {
  switch (json.kind) {
    case 'null':
      return null;
    case 'array':
      return json.items.map(plain);
    case 'object':
      return Object.fromEntries(json.entries.map(([key, value]) => [key, plain(value)]));
    default:
      return json.value;
  }
}

/**
 * Modifiers, found anywhere after the name as EPICS finds them, the longer words first; those that
 * make no sense for a type of link are passed over.
 */
function modifiersOf(text: string, type: FieldType): LinkModifiers {
  const processes = ['NPP', 'CPP', 'PP', 'CA', 'CP'] as const;
  const severities = ['NMS', 'MSI', 'MSS', 'MS'] as const;
  const process = processes.find((word) => text.includes(word)) ?? 'NPP';
  const severity = severities.find((word) => text.includes(word)) ?? 'NMS';
  if (type === 'FWDLINK') return { process: process === 'CA' ? 'CA' : 'NPP', severity: 'NMS' };
  const isInputOnly = process === 'CP' || process === 'CPP';
  return { process: type === 'OUTLINK' && isInputOnly ? 'NPP' : process, severity };
}
