import { formatG, type SavedValue } from '../../database/index.ts';
import { type FieldType, type PvField, type PvValue, parseNumber } from '../../pv/index.ts';

/** The text of a number, text or choice as save files have it (facts/epics-formats.md section 3.5). */
export function scalarText(type: FieldType, value: number | bigint | string): string {
  if (typeof value !== 'number') return String(value);
  if (type === 'DOUBLE') return formatG(value, 14);
  if (type === 'FLOAT') return formatG(value, 7);
  return Number.isSafeInteger(value) ? String(value) : wholeText(value);
}

/** Whether a field is saved as an array, however many elements it has now. */
export function isArray(field: PvField, name: string): boolean {
  return field.maxCount > 1 && !name.endsWith('$');
}

/** Text of the one value of a field; of a long string all of it. */
export function fieldText(field: PvField, name: string): string {
  const value = field.read();
  if (typeof value !== 'object') return scalarText(field.type, value);
  if (name.endsWith('$')) return textOfBytes(Uint8Array.from(value, Number));
  return scalarText(field.type, value[0] ?? 0);
}

/** Why a value cannot come back. */
export type Problem = { readonly error: string };

/** What a saved value is to a field; or why it is nothing to it. */
export function restoredValue(field: PvField, { value }: SavedValue): PvValue | Problem {
  if (field.maxCount > 1) return restoredArray(field, value);
  const text = typeof value === 'string' ? value : (value[0] ?? '');
  switch (field.type) {
    case 'DEVICE':
      return { error: 'device supports are not restored' };
    case 'MENU':
    case 'ENUM':
      return wholeNumber(text);
    case 'STRING':
      // An expression must not be empty.
      return text === '' && /^(CALC|OCAL)$/.test(field.field) ? '0' : text;
    default:
      return text;
  }
}

/** An empty array is saved as no text at all by the C module. */
function restoredArray(field: PvField, value: SavedValue['value']): PvValue | Problem {
  const texts = typeof value === 'string' ? (value === '' ? [] : [value]) : value;
  if (field.type === 'STRING') return texts;
  const numbers = new Float64Array(texts.length);
  for (const [index, text] of texts.entries()) {
    const number = parseNumber(field.type, text);
    if (typeof number === 'object') return { error: `element ${index}: ${number.error}` };
    numbers[index] = Number(number);
  }
  return numbers;
}

function wholeNumber(text: string): number | Problem {
  const number = parseNumber('USHORT', text);
  return typeof number === 'object' ? number : Number(number);
}

/** Of 64-bit integers that travel as doubles; what is no number at all is 0. */
function wholeText(value: number): string {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)).toString() : '0';
}

function textOfBytes(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(bytes.buffer, bytes.byteOffset, end < 0 ? bytes.length : end).toString();
}
