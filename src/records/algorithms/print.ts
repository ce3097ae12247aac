import type { FieldType } from '../field-type.ts';
import { cutText } from '../text.ts';
import {
  formatInteger,
  formatReal,
  formatText,
  formatUnsigned,
  type PrintFormat,
} from './c-format.ts';
import { directiveAt, type PrintDirective, printedType } from './print-directive.ts';

/** Where the values come from: the links of a printf record, one after the other. */
export interface PrintSource {
  /** What the next link gives as a type; undefined where it gives nothing, or there is none. */
  next(type: FieldType): number | bigint | string | undefined;
  /** The text of the next link, of any length. */
  nextLongText(): string | undefined;
}

/**
 * The text of a printf record, of at most `room` bytes: FMT with a value of a link for each
 * directive and each `*`, and `invalid` (IVLS) where a link gives none. A NUL ends it.
 */
export function printText(
  format: string,
  source: PrintSource,
  invalid: string,
  room: number,
): string {
  const pieces: string[] = [];
  let used = 0;
  let at = 0;
  while (at < format.length && used < room) {
    const percent = format.indexOf('%', at);
    const literal = format.slice(at, percent < 0 ? format.length : percent);
    pieces.push(literal);
    used += literal.length;
    if (percent < 0) break;
    const directive = directiveAt(format, percent);
    // A directive that the end of the format cuts off prints nothing.
    if (!directive) break;
    const piece = printed(directive, source, room) ?? invalid;
    pieces.push(piece);
    used += piece.length;
    at = percent + directive.text.length;
  }
  const [text = ''] = pieces.join('').split('\0', 1);
  return cutText(text, room);
}

/** What a directive prints; undefined where a link gives no value. */
function printed(directive: PrintDirective, source: PrintSource, room: number): string | undefined {
  const width = starred(directive.width, source);
  const precision = starred(directive.precision, source);
  if (!directive.isGood) return directive.text;
  if (width === null || precision === null) return undefined;
  if (directive.conversion === '%') return '%';
  const format: PrintFormat = {
    flags: (width ?? 0) < 0 ? `${directive.flags}-` : directive.flags,
    width: Math.min(Math.abs(width ?? 0), room),
    precision: precision === undefined || precision < 0 ? undefined : Math.min(precision, room),
    conversion: directive.conversion,
  };
  if (directive.conversion === 's') return printedText(directive, format, source, room);
  const value = source.next(printedType(directive));
  return value === undefined ? undefined : printedNumber(value, format);
}

function printedText(
  { size }: PrintDirective,
  format: PrintFormat,
  source: PrintSource,
  room: number,
): string | undefined {
  const { precision } = format;
  const isLong = size === 'l' || size === 'll';
  // As base: of long texts a precision of 0 is none.
  const most = isLong ? precision || room : (precision ?? room);
  const text = isLong ? source.nextLongText() : source.next('STRING');
  return text === undefined ? undefined : formatText(cutText(String(text), most), format);
}

function printedNumber(value: number | bigint | string, format: PrintFormat): string {
  switch (format.conversion) {
    case 'c':
      return formatText(String.fromCharCode(Number(value) & 0xff), format);
    case 'd':
    case 'i':
      return formatInteger(BigInt(value), format);
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return formatUnsigned(BigInt(value), format);
    default:
      return formatReal(Number(value), format);
  }
}

/** A number, that of the next link, or null where the link gives none. */
function starred(number: number | '*' | undefined, source: PrintSource): number | undefined | null {
  if (number !== '*') return number;
  const value = source.next('SHORT');
  return value === undefined ? null : Number(value);
}
