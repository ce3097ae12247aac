import {
  arrayOf,
  bool,
  type Datatype,
  f32,
  f64,
  int,
  type NumericDatatype,
  text,
} from './datatype.ts';

/** IEC 61131-3 names of datatypes, as TwinCAT writes them. */
const elementary: Readonly<Record<string, NumericDatatype>> = {
  BOOL: bool,
  BIT: bool,
  SINT: int(8, true),
  USINT: int(8, false),
  BYTE: int(8, false),
  INT: int(16, true),
  UINT: int(16, false),
  WORD: int(16, false),
  DINT: int(32, true),
  UDINT: int(32, false),
  DWORD: int(32, false),
  LINT: int(64, true),
  ULINT: int(64, false),
  LWORD: int(64, false),
  REAL: f32,
  LREAL: f64,
};

/** What `iecDatatype` knows, for messages. */
export const iecDatatypes = `${Object.keys(elementary).join(', ')}, BIT2 to BIT31, STRING(n) or, for an array, INT[n]`;

/**
 * The datatype of a name: `INT`, `BIT3` (an unsigned field of 3 bits), `INT[50]` (an array),
 * `STRING(20)` (with its NUL 21 bytes); undefined for any other.
 */
export function iecDatatype(name: string): Datatype | undefined {
  const array = /^(\w+)\[(\d+)\]$/.exec(name);
  if (array) {
    const element = elementary[array[1] ?? ''];
    const count = Number(array[2]);
    return element && count > 0 ? arrayOf(element, count) : undefined;
  }
  const string = /^STRING\((\d+)\)$/.exec(name);
  if (string) return text(Number(string[1]) + 1);
  const bits = Number(/^BIT(\d+)$/.exec(name)?.[1]);
  if (bits >= 2 && bits <= 31) return int(bits, false);
  return elementary[name];
}
