import type { PvValue } from '../../pv/index.ts';
import { Base, elementSize } from '../dbr.ts';
import { writeNumbers } from '../elements.ts';
import type { Output } from '../output.ts';
import { writeText } from '../text.ts';

const STRING_BYTES = 40;

/** A value on its way to a server: the type that it travels in, and how many elements. */
export interface Outgoing {
  readonly base: Base;
  readonly count: number;
  readonly size: number;
  readonly value: PvValue;
}

/**
 * The type in which a value is best sent to a channel of a native type: texts as text, integers
 * that no double holds as text too, numbers as the channel's own type or double.
 */
export function outgoing(value: PvValue, native: Base): Outgoing {
  if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value))) {
    return outgoing(String(value), native);
  }
  const count = typeof value === 'object' ? value.length : 1;
  const base = baseFor(value, native);
  // libca sends a single text as long as it is.
  const single = base === Base.string && count === 1;
  const text = single ? String(typeof value === 'object' ? value[0] : value) : '';
  const size = single
    ? Math.min(Buffer.byteLength(text) + 1, STRING_BYTES)
    : count * (elementSize[base] ?? 0);
  return { base, count, size, value };
}

function baseFor(value: PvValue, native: Base): Base {
  const isText = typeof value === 'string' || (Array.isArray(value) && value.length > 0);
  if (isText) return Base.string;
  return native === Base.string ? Base.double : native;
}

/** Writes a value at `at`, where its `size` bytes were claimed. */
export function writeOutgoing(
  out: Output,
  at: number,
  { base, count, size, value }: Outgoing,
): void {
  if (base !== Base.string) {
    const numbers = typeof value === 'object' ? (value as ArrayLike<number>) : [Number(value)];
    writeNumbers(out.view, at, base, count, numbers, true);
    return;
  }
  out.zero(at, size);
  const texts = typeof value === 'object' ? (value as readonly string[]) : [String(value)];
  for (const [i, text] of texts.entries()) {
    const room = Math.min(STRING_BYTES, size - i * STRING_BYTES) - 1;
    writeText(out.bytes, at + i * STRING_BYTES, room, text);
  }
}
