import { escaped } from '../../database/index.ts';
import { formatGeneral } from '../../kernel/index.ts';
import { type FieldType, fieldText, type PvField, type PvValue } from '../../pv/index.ts';

/** Bytes of a value that dbgf shows, as in EPICS; whole rows are for clients. */
const SHOWN_BYTES = 800;

/** Characters of a line of a row of characters. */
const CHARACTERS = 70;

const bytesOf: Readonly<Partial<Record<FieldType, number>>> = {
  CHAR: 1,
  UCHAR: 1,
  SHORT: 2,
  USHORT: 2,
  LONG: 4,
  ULONG: 4,
  INT64: 8,
  UINT64: 8,
  FLOAT: 4,
  DOUBLE: 8,
  ENUM: 2,
};

/** What dbgf prints of a field, before it is set in columns: its type and count, and its elements. */
export function valueTexts(field: PvField): readonly string[] {
  const value = field.read();
  const type = isText(field.type) ? 'STRING' : field.type;
  const elements = elementsOf(value).slice(0, SHOWN_BYTES / (bytesOf[type as FieldType] ?? 40));
  const texts = type === 'STRING' ? elements.map((each) => quoted(fieldText(field, each))) : [];
  return typedTexts(type, elements, texts);
}

/** Elements as a type of DBR prints them; those of STRING are given as texts. */
export function typedTexts(
  type: string,
  elements: readonly (number | bigint | string)[],
  texts: readonly string[] = [],
): readonly string[] {
  const count = elements.length;
  const head = count === 1 ? `DBF_${type}: ` : `DBF_${type}[${count}]: `;
  if (count === 0) return [`${head}(empty)`];
  if (type === 'STRING') return [head, ...texts];
  if (type === 'CHAR' && count > 1) return [head, ...characters(elements.map(Number))];
  return [head, ...elements.map((each) => elementText(type, each))];
}

/** A text in quotes, with C escapes. */
export function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/** Fields that EPICS gives out as text: states and choices by their names, links. */
function isText(type: FieldType): boolean {
  return type === 'ENUM' || type === 'MENU' || type === 'DEVICE' || type.endsWith('LINK');
}

function elementsOf(value: PvValue): readonly (number | bigint | string)[] {
  if (typeof value !== 'object') return [value];
  return ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<number | bigint>) : value;
}

function elementText(type: string, value: number | bigint | string): string {
  switch (type) {
    case 'FLOAT':
      return formatGeneral(Number(value), 6);
    case 'DOUBLE':
      return formatGeneral(Number(value), 12);
    case 'ENUM':
      return String(value);
    case 'CHAR':
      return `${hexadecimal(type, value)}${character(Number(value))}`;
    default:
      return hexadecimal(type, value);
  }
}

/** `-1 = 0xffff` */
function hexadecimal(type: string, value: number | bigint | string): string {
  const bits = 8 * (bytesOf[type as FieldType] ?? 8);
  return `${value} = 0x${BigInt.asUintN(bits, BigInt(value)).toString(16)}`;
}

function character(code: number): string {
  return code >= 0x20 && code < 0x7f ? ` = '${String.fromCharCode(code)}'` : '';
}

/** A row of characters as text, up to its NUL, in pieces that fit a line. */
function characters(codes: readonly number[]): string[] {
  const end = codes.indexOf(0);
  const text = Buffer.from(codes.slice(0, end < 0 ? codes.length : end)).toString();
  const pieces = text.match(new RegExp(`.{1,${CHARACTERS}}`, 'gsu')) ?? [];
  return pieces.map((piece, at) => `${quoted(piece)}${at < pieces.length - 1 ? ' +' : ''}`);
}
