import type { NumberArray } from '../../../model/index.ts';
import type { PvField, PvValue } from '../../../pv/index.ts';
import { typedBlock } from './typed-block.ts';

/** What is around the bytes of a typed block. */
const BLOCK_BYTES = 64;

/** A number as JSON has it: what is none, or has no end, is `null`. */
// hot path
export function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null';
}

/** A value as JSON. 64-bit integers keep all their digits. */
export function jsonValue(value: PvValue, arrays: 'json' | 'base64', asText: boolean): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (!ArrayBuffer.isView(value)) return JSON.stringify(value);
  if (asText) return JSON.stringify(textOf(value));
  return arrays === 'base64' ? typedBlock(value) : rowText(value);
}

/** A value as plain text: states by their names, rows as a list of JSON. */
export function rawValue(value: PvValue, labels: readonly string[], asText: boolean): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return labels[value] || String(value);
  if (typeof value === 'bigint') return String(value);
  if (!ArrayBuffer.isView(value)) return JSON.stringify(value);
  return asText ? textOf(value) : rowText(value);
}

/** Bytes that a value takes as text, at most; what one number takes is not worth a look. */
export function mostBytes(value: PvValue, arrays: 'json' | 'base64'): number {
  if (typeof value !== 'object') return typeof value === 'string' ? value.length * 6 : 25;
  if (ArrayBuffer.isView(value)) {
    if (arrays === 'base64') return Math.ceil(value.byteLength / 3) * 4 + BLOCK_BYTES;
    return value.length * (value.BYTES_PER_ELEMENT < 4 ? 7 : 26);
  }
  return value.reduce((sum, text) => sum + text.length * 6 + 3, 0);
}

/** Whether a field's rows are of characters. */
export function isCharacters({ type, maxCount }: PvField): boolean {
  return maxCount > 1 && (type === 'CHAR' || type === 'UCHAR');
}

function rowText(row: NumberArray): string {
  const text = row instanceof Float32Array ? shortTexts(row) : row.join();
  // Joined quickly; what JSON does not know is rare.
  return `[${text.replace(/-?(NaN|Infinity)/g, 'null')}]`;
}

/** As few digits as tell a number of 32 bits from its neighbours. */
function shortTexts(row: Float32Array): string {
  return Array.from(row, (value) => {
    for (let digits = 6; digits < 9; digits++) {
      const short = Number(value.toPrecision(digits));
      if (Math.fround(short) === value) return short;
    }
    return value;
  }).join();
}

function textOf(characters: NumberArray): string {
  const nul = characters.indexOf(0);
  const bytes = Uint8Array.from(nul < 0 ? characters : characters.subarray(0, nul));
  return Buffer.from(bytes).toString('utf8');
}
