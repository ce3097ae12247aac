import { escapedBytes, unescaped } from './escapes.ts';

/** A value in a save file: text of a scalar, or of each element of an array; escapes resolved. */
export interface SavedValue {
  /** As asked for: `RECORD.FIELD`, or without a field; with `$` behind it for a long string. */
  readonly name: string;
  readonly value: string | readonly string[];
}

/** What a complete save file holds. */
export interface SavedSet {
  readonly values: readonly SavedValue[];
  /** How many values its writer could not get, by its own word. */
  readonly missing: number;
}

/** First and last line of a save file; `! …` lines and values go between. */
export const savedEnd = '<END>\n';

/** The first lines of a save file. `time` is local time; `missing` PVs had no value. */
export function savedHead(time: Date, missing: number): string {
  const head = `# save/restore V5.1\tAutomatically generated - DO NOT MODIFY - ${stamp(time)}\n`;
  if (missing === 0) return head;
  return `${head}! ${missing} channel(s) not connected - or not all gets were successful\n`;
}

/** One value as a line; an array is in one line too. */
export function savedLine(name: string, value: string | readonly string[]): string {
  if (typeof value === 'string') return `${name} ${escapedBytes(value)}\n`;
  let line = `${name} @array@ { `;
  for (const element of value) line += `"${escapedBytes(element)}" `;
  return `${line}}\n`;
}

/** A PV without a value: its line is a comment. */
export function missingLine(name: string): string {
  return `#${name} Search Issued\n`;
}

/** yymmdd-HHMMSS, as dated copies are named. */
export function stamp(time: Date): string {
  const two = (value: number) => String(value % 100).padStart(2, '0');
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(two).join('');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join('');
  return `${day}-${clock}`;
}

/**
 * Whether the writer of a save file came to its end: a line `<END>` and one or two
 * characters stand last.
 * As the C module, it trusts files that tell no version, and those before 1.8, without; unlike it,
 * not what breaks off within its first line.
 */
export function isComplete(text: string): boolean {
  if (/(^|\n)<END>[\s\S]{1,2}$/.test(text.slice(-8))) return true;
  const newline = text.indexOf('\n');
  if (newline < 0) return false;
  const head = text.slice(0, newline);
  const versions = [...head.matchAll(/[RV](\d+\.?\d*)/g)].map(([, version]) => Number(version));
  return !head.includes('Automatically generated') && versions.every((version) => version < 1.8);
}

/** The values of a save file, of which `isComplete` was asked before. */
export function parseSaved(text: string): SavedSet {
  const values: SavedValue[] = [];
  let missing = 0;
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    const name = nameAt(text, at, end);
    if (name.startsWith('<')) break;
    const start = at + name.length + 1;
    const isArray = text.startsWith('@array@', start);
    if (name.startsWith('!')) missing = Number.parseInt(text.slice(at + 1, end), 10) || 0;
    else if (name !== '' && !name.startsWith('#') && !isArray) {
      values.push({ name, value: unescaped(text.slice(start, withoutReturn(text, end))) });
    }
    at = end + 1;
    if (!isArray || name === '') continue;
    // An array may go on over any number of lines; that of a comment is passed over.
    const [elements, next] = elementsAt(text, start);
    if (!name.startsWith('#') && !name.startsWith('!')) values.push({ name, value: elements });
    at = lineEnd(text, next) + 1;
  }
  return { values, missing };
}

function nameAt(text: string, start: number, end: number): string {
  let at = start;
  while (at < end && text.charCodeAt(at) > 0x20) at++;
  return text.slice(start, at);
}

/** The elements between the braces of an array, and where they end. */
function elementsAt(text: string, start: number): readonly [string[], number] {
  const elements: string[] = [];
  let at = text.indexOf('{', start);
  if (at < 0) return [elements, text.length];
  for (;;) {
    at++;
    const char = text[at];
    if (char === undefined || char === '}') return [elements, at];
    if (char !== '"') continue;
    const close = closingQuote(text, at + 1);
    // Lines may break within an element, too; the break is not part of it.
    elements.push(unescaped(text.slice(at + 1, close).replace(/[\r\n]/g, '')));
    at = close;
  }
}

function closingQuote(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function withoutReturn(text: string, end: number): number {
  return text[end - 1] === '\r' ? end - 1 : end;
}
