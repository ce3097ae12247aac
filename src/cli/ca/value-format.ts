import { Base, type Reading } from '../../ca/index.ts';
import { escaped } from '../../database/index.ts';
import { formatGeneral } from '../../kernel/index.ts';
import type { PvValue } from '../../pv/index.ts';

/** How values are printed: the options of caget and camonitor. */
export interface ValueFormat {
  /** Floating point: `%e`, `%f` or `%g` with so many digits. */
  readonly real: { readonly kind: 'e' | 'f' | 'g'; readonly digits: number };
  /** Rows of characters as one text. */
  readonly charsAsText: boolean;
  readonly separator: string;
  /** A number of elements was asked for: the count is printed also of one. */
  readonly counted: boolean;
}

/** Elements of a reading as texts. */
export function elementTexts({ value, type }: Reading, format: ValueFormat): string[] {
  const base = type % 7;
  const elements = typeof value === 'object' ? Array.from(value as ArrayLike<unknown>) : [value];
  return elements.map((element) => elementText(element, base, format));
}

/** A reading as caget prints it: of several elements their number, then each. */
export function valueText(reading: Reading, format: ValueFormat): string {
  const { separator, counted, charsAsText } = format;
  const isRow = counted || reading.count !== 1;
  if (charsAsText && isRow && reading.type % 7 === Base.char) return charText(reading.value);
  const texts = elementTexts(reading, format);
  return isRow ? [reading.count, ...texts].join(separator) : (texts[0] ?? '');
}

function charText(value: PvValue): string {
  const bytes = Buffer.from(typeof value === 'object' ? Uint8Array.from(value as Uint8Array) : []);
  const end = bytes.indexOf(0);
  return escaped(bytes.toString('utf8', 0, end < 0 ? undefined : end));
}

function elementText(element: unknown, base: number, { real }: ValueFormat): string {
  if (typeof element !== 'number') return escaped(String(element));
  // As in C, where a char has a sign.
  if (base === Base.char) return String((element << 24) >> 24);
  return base === Base.double || base === Base.float ? realText(element, real) : String(element);
}

function realText(value: number, { kind, digits }: ValueFormat['real']): string {
  if (!Number.isFinite(value) || kind === 'g') return formatGeneral(value, digits || 1);
  if (kind === 'f') return value.toFixed(digits);
  const [mantissa = '', exponent = ''] = value.toExponential(digits).split('e');
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}
