import { z } from 'zod';
import { amsNetId, amsPort as toAmsPort } from '../ads/index.ts';
import { messageOf } from '../kernel/index.ts';
import {
  arrayOf,
  bool,
  type Datatype,
  f32,
  f64,
  int,
  type NumericDatatype,
  text,
} from '../model/index.ts';

/** A text with something in it. */
export const word = z.string().min(1, 'must not be empty');

/** A whole number of `bits` bits without sign. */
export const unsigned = (bits: number) =>
  z
    .int()
    .min(0)
    .max(2 ** bits - 1);

/** A duration in seconds. */
export const seconds = (low: number, high: number) => z.number().min(low).max(high);

/** A TCP port; 0 is any free one. */
export const tcpPort = z.int().min(0).max(65535);

/** Six numbers with dots: `5.1.2.3.1.1`. */
export const netId = z.string().transform((value, context) => {
  try {
    return amsNetId(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) });
    return z.NEVER;
  }
});

/** An AMS port. */
export const amsPort = z.int().min(0).max(65535).transform(toAmsPort);

/** A piece of a PV name: what EPICS allows in one. */
export const namePart = z
  .string()
  .regex(/^[\w:;<>[\]-]+$/, 'must consist of letters, digits and _ - : ; < > [ ], as PV names do');

/** A piece of a PV name with `{id}`, `{node}`, `{position}` or `{type}`; `{node:02}` pads. */
export const nameTemplate = z
  .string()
  .regex(
    /^([\w:;<>[\]-]|\{(id|node|position|type)(:0?\d)?\})+$/,
    'must be a piece of a PV name with {id}, {node}, {position} or {type}, such as RIO{node} or RIO{node:02}',
  );

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

/** `INT`, `BIT3` (an unsigned field of 3 bits), `INT[50]` (an array), `STRING(20)`. */
export const datatype = z.string().transform((name, context): Datatype => {
  const found = datatypeOf(name);
  if (found) return found;
  context.addIssue({
    code: 'custom',
    message: `"${name}" is not a datatype; use ${Object.keys(elementary).join(', ')}, BIT2 to BIT31, STRING(n) or, for an array, INT[n]`,
  });
  return z.NEVER;
});

function datatypeOf(name: string): Datatype | undefined {
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
