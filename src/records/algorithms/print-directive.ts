import type { FieldType } from '../field-type.ts';

/** A directive of the FMT of a printf record. */
export interface PrintDirective {
  readonly text: string;
  readonly flags: string;
  /** A number, the next link's (`*`), or none. */
  readonly width: number | '*';
  readonly precision: number | '*' | undefined;
  /** `h`, `hh`, `l`, `ll` or nothing. */
  readonly size: string;
  readonly conversion: string;
  /** False where C, or the record, knows no such directive. */
  readonly isGood: boolean;
}

const pattern = /([-+ #0]*)(\*|\d*)(\.(\*|\d*))?(hh|h|ll|l|)(.?)/sy;

/** The directive that begins with the `%` at a place of a format; undefined where it has no end. */
export function directiveAt(format: string, at: number): PrintDirective | undefined {
  pattern.lastIndex = at + 1;
  const [rest = '', flags = '', width = '', point, precision = '', size = '', conversion = ''] =
    pattern.exec(format) ?? [];
  if (conversion === '') return undefined;
  return {
    text: `%${rest}`,
    flags,
    width: numberOf(width),
    precision: point === undefined ? undefined : numberOf(precision),
    size,
    conversion,
    isGood: 'diouxXeEfFgGcs%'.includes(conversion),
  };
}

/** The type as which a link is read for a conversion. */
export function printedType({ conversion, size }: PrintDirective): FieldType {
  switch (conversion) {
    case 's':
      return 'STRING';
    case 'c':
      return 'CHAR';
    case 'd':
    case 'i':
      return wholeTypes[size] ?? 'LONG';
    case 'o':
    case 'x':
    case 'X':
    case 'u':
      return unsignedTypes[size] ?? 'ULONG';
    default:
      return size === 'h' ? 'FLOAT' : 'DOUBLE';
  }
}

const wholeTypes: Readonly<Record<string, FieldType>> = { hh: 'CHAR', h: 'SHORT', ll: 'INT64' };
const unsignedTypes: Readonly<Record<string, FieldType>> = {
  hh: 'UCHAR',
  h: 'USHORT',
  ll: 'UINT64',
};

function numberOf(text: string): number | '*' {
  return text === '*' ? '*' : Number(text);
}
