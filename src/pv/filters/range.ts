import type { Json5 } from '../../kernel/index.ts';
import type { PvValue } from '../../records/index.ts';
import type { FieldLog, Filter, Shape } from './field-log.ts';
import { BadFilter, int32, readParameters } from './parameters.ts';

/** First and last element and the step between; negative ones count from the end. */
export interface Bounds {
  readonly start: number;
  readonly step: number;
  readonly end: number;
}

/** `arr`: shows some elements of an array, `{"s":start,"i":step,"e":end}`, both ends included. */
export class Range implements Filter {
  readonly stage = 'view';
  readonly #bounds: Bounds;

  constructor(bounds: Bounds) {
    this.#bounds = { ...bounds, step: Math.max(1, bounds.step) };
  }

  static of(parameters: Json5): Range {
    const bounds = { start: 0, step: 1, end: -1 };
    const whole = int32(true);
    readParameters(parameters, {
      s: (value) => {
        bounds.start = whole(value);
      },
      i: (value) => {
        bounds.step = whole(value);
      },
      e: (value) => {
        bounds.end = whole(value);
      },
    });
    return new Range(bounds);
  }

  shape(shape: Shape): Shape {
    if (shape.maxCount <= 1) return shape;
    return { ...shape, maxCount: places(this.#bounds, shape.maxCount).count };
  }

  event(log: FieldLog): FieldLog {
    return this.read(log);
  }

  read(log: FieldLog): FieldLog {
    return typeof log.value === 'object' ? { ...log, value: this.#cut(log.value) } : log;
  }

  #cut(value: Extract<PvValue, object>): PvValue {
    const { first, count } = places(this.#bounds, value.length);
    const { step } = this.#bounds;
    const row = value.slice(first, first + Math.max(0, (count - 1) * step + 1));
    if (step === 1) return row;
    return row.filter((_: number | string, i: number) => i % step === 0);
  }
}

const shorthand = new RegExp(
  /^\[(?<start>N)?(?:\]|:(?:(?<second>N)?)(?:\]|:(?<third>N)?\]))/.source.replaceAll(
    'N',
    String.raw`\s*[+-]?(?:0[xX][0-9a-fA-F]+|\d+)`,
  ),
);

/** Reads `[i]`, `[start:end]` or `[start:step:end]` at the head of a text, and says what follows. */
export function readShorthand(text: string): { bounds: Bounds; rest: string } {
  const match = shorthand.exec(text);
  const { start, second, third } = match?.groups ?? {};
  if (!match || match[0] === '[]') throw new BadFilter(`${text} is no range`);
  const rest = text.slice(match[0].length);
  const parts = match[0].split(':').length;
  const first = numberOf(start, 0);
  if (parts === 1) return { bounds: { start: first, step: 1, end: first }, rest };
  if (parts === 2) return { bounds: { start: first, step: 1, end: numberOf(second, -1) }, rest };
  return { bounds: { start: first, step: numberOf(second, 1), end: numberOf(third, -1) }, rest };
}

/** As C's strtol with base 0: hexadecimal after 0x, octal after 0. */
function numberOf(text: string | undefined, missing: number): number {
  if (text === undefined) return missing;
  const digits = text.trim().replace(/^[+-]/, '');
  const value = Number(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (Number.isNaN(value)) throw new BadFilter(`${text} is no number`);
  return text.trim().startsWith('-') ? -value : value;
}

/** Where the elements lie in an array of `length`: none when the end is before the start. */
function places({ start, step, end }: Bounds, length: number): { first: number; count: number } {
  const first = Math.min(fromEnd(start, length), length);
  const last = Math.min(fromEnd(end, length), length - 1);
  return { first, count: last < first ? 0 : 1 + Math.floor((last - first) / step) };
}

function fromEnd(index: number, length: number): number {
  return index < 0 ? Math.max(0, length + index) : index;
}
