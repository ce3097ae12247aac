import { z } from 'zod';
import {
  byteLength,
  type Datatype,
  decodeValue,
  encodeValue,
  iecDatatype,
  iecDatatypes,
  type NumericDatatype,
} from '../../../model/index.ts';
import type { Json } from '../json.ts';
import { CommandFailure } from '../operation.ts';
import { jsonOf } from '../pv-client.ts';

/** A whole number of `bits` bits, as such or as hex digits: `0x8000`, `"8000"`. */
function hexNumber(bits: number) {
  const most = 2 ** bits - 1;
  const number = z.int().min(0).max(most);
  const text = z
    .string()
    .regex(/^(0x)?[0-9a-f]+$/i, 'must be a number, or hex digits such as "0x8000"')
    .transform((digits) => Number.parseInt(digits, 16))
    .pipe(number);
  return z.union([number, text]);
}

/** A type of IEC 61131: `UINT`, `REAL`, `STRING(20)`. */
const datatype = z.string().transform((name, context): Datatype => {
  const found = iecDatatype(name);
  if (found) return found;
  context.addIssue({ code: 'custom', message: `"${name}" is no datatype; use ${iecDatatypes}` });
  return z.NEVER;
});

/** Where an object is, and what it holds if its terminal's definition does not say. */
export const coeInput = z.object({
  index: hexNumber(16),
  subindex: hexNumber(8).default(0),
  type: datatype.optional(),
});

/** The value of an object's bytes; throws a `CommandFailure` when there are too few. */
export function coeValue(type: Datatype, bytes: Uint8Array): Json {
  if (type.kind !== 'string' && bytes.length < byteLength(type)) {
    throw new CommandFailure(
      `the object has ${bytes.length} bytes where its type has ${byteLength(type)}`,
      { bytes: Buffer.from(bytes).toString('hex') },
    );
  }
  return jsonOf(decodeValue(type, bytes));
}

/** The bytes of a value; throws a `CommandFailure` for one that the type cannot hold exactly. */
export function coeBytes(type: Datatype, value: Json): Uint8Array {
  switch (type.kind) {
    case 'string':
      if (typeof value === 'string' && value.length <= type.bytes) return encodeValue(type, value);
      throw unfit(value, `a text of at most ${type.bytes} characters`);
    case 'array':
      throw new CommandFailure('arrays are written element by element, each at its subindex');
    case 'bool':
    case 'int':
    case 'float':
      return encodeValue(type, numberOf(type, value));
  }
}

function numberOf(type: NumericDatatype, value: Json): number | bigint {
  if (type.kind === 'bool') {
    if (value === true || value === 1) return 1;
    if (value === false || value === 0) return 0;
    throw unfit(value, 'true or false');
  }
  if (type.kind === 'float') {
    const isFloat = typeof value === 'number' && Number.isFinite(value);
    if (isFloat && (type.bits === 64 || Number.isFinite(Math.fround(value)))) return value;
    throw unfit(value, `a number of ${type.bits} bits`);
  }
  const { bits, signed } = type;
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const high = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  const whole = wholeOf(value);
  if (whole !== undefined && whole >= low && whole <= high) return whole;
  throw unfit(value, `a whole number from ${low} to ${high}`);
}

/** Of a number, or of a text where JSON would round. */
function wholeOf(value: Json): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  return undefined;
}

function unfit(value: Json, wanted: string): CommandFailure {
  return new CommandFailure(`${JSON.stringify(value)} is not ${wanted}`);
}
