// What a client must see of a value, worked out from the tables of facts/ca.md sections 3 to 5 and from
// nothing of the server's: types, layouts, conversions, statuses.

/** What is true of a record's VAL. */
export interface ValueFact {
  /** DBR_STRING 0 to DBR_DOUBLE 6. */
  readonly native: number;
  /** What CREATE_CHAN says. */
  readonly maxCount: number;
  /** Clients may not write it. */
  readonly isReadOnly?: boolean;
  readonly className: string;
  /** Elements as DBR_STRING; undefined when they cannot be told so. */
  readonly texts: readonly string[] | undefined;
  /** Elements as numbers; undefined when they are texts that are none. */
  readonly numbers: readonly (number | bigint)[] | undefined;
  /** The numbers are floating-point ones: what does not fit 32 bits is −2³¹ then, else low bits. */
  readonly isReal?: boolean;
  /** The value is a short text that happens to be a number: it can be no state. */
  readonly isText?: boolean;
  readonly alarm: readonly [status: number, severity: number];
  /** ACKS, when it is not the severity. */
  readonly acks?: number;
  readonly units?: string;
  readonly precision?: number;
  /** Display high and low, HIHI, HIGH, LOW, LOLO, control high and low. */
  readonly limits?: readonly number[];
  readonly states?: readonly string[];
}

/** A DBR struct, taken apart. */
export type Seen = Readonly<Record<string, unknown>> | { readonly status: number };

const FLT_MAX = 3.4028234663852886e38;
const FLT_MIN = 1.1754943508222875e-38;
const GETFAIL = 152;
const NORMAL = 1;
const NaNs = [Number.NaN, Number.NaN, Number.NaN, Number.NaN] as const;
const noLimits = [0, 0, ...NaNs, 0, 0];

/** Where the value begins, by DBR type (facts/ca.md section 3). */
const valueAt = [
  ...[0, 0, 0, 0, 0, 0, 0],
  ...[4, 4, 4, 4, 5, 4, 8],
  ...[12, 14, 12, 14, 15, 12, 16],
  ...[4, 24, 40, 422, 19, 36, 64],
  ...[4, 28, 48, 422, 21, 44, 80],
  ...[0, 0, 8, 0],
];
const family = { sts: 1, time: 2, gr: 3, ctrl: 4 } as const;

/** What a get of a DBR type with count 0 must bring. */
export function expected(fact: ValueFact, type: number): Seen {
  const base = type < 35 ? type % 7 : 0;
  if (type === 35 || type === 36) return { status: GETFAIL };
  if (type === 38) return { status: NORMAL, values: [fact.className] };
  const values = valuesAs(fact, base);
  if (values === undefined) return { status: GETFAIL };
  const [stat, severity] = fact.alarm;
  const plain = { status: NORMAL, values };
  if (type < 7) return plain;
  if (type === 37) return { ...plain, stat, severity, ackt: 1, acks: fact.acks ?? severity };
  return { ...plain, stat, severity, ...metadataAs(fact, base, Math.floor(type / 7)) };
}

function valuesAs({ texts, numbers, isReal, isText }: ValueFact, base: number) {
  if (base === 0) return texts;
  if (base === 3 && isText) return undefined;
  return numbers?.map((value) => numberAs(value, base, isReal ?? false));
}

function numberAs(value: number | bigint, base: number, isReal: boolean): number {
  switch (base) {
    case 2:
      return floatOf(Number(value));
    case 6:
      return Number(value);
    default:
      return bitsAs(whole(value, isReal), base);
  }
}

/** Finite numbers stay finite, and what is not zero does not become zero. */
function floatOf(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const size = Math.min(Math.max(Math.abs(value), FLT_MIN), FLT_MAX);
  return Math.fround(Math.sign(value) * size);
}

/** A C cast to a 32-bit integer. */
function whole(value: number | bigint, isReal: boolean): number {
  if (typeof value === 'bigint') return Number(BigInt.asIntN(32, value));
  if (isReal && !(Math.abs(value) < 2 ** 31)) return -(2 ** 31);
  return Math.trunc(value) | 0;
}

function bitsAs(value: number, base: number): number {
  if (base === 1) return (value << 16) >> 16;
  if (base === 3) return value & 0xffff;
  return base === 4 ? value & 0xff : value;
}

function metadataAs(fact: ValueFact, base: number, of: number): object {
  if (of < family.gr || base === 0) return {};
  if (base === 3) return { states: fact.states ?? [] };
  const { units = '', precision = 0, limits = noLimits } = fact;
  const told = of === family.ctrl ? limits : limits.slice(0, 6);
  const cut = units.slice(0, 7);
  const asBase = told.map((limit) => limitAs(limit, base));
  return base === 2 || base === 6
    ? { precision, units: cut, limits: asBase }
    : { units: cut, limits: asBase };
}

/** A limit that the record does not have is 0 in integer types. */
function limitAs(limit: number, base: number): number {
  if (base === 6) return limit;
  if (base === 2) return Math.fround(limit);
  return bitsAs(Number.isNaN(limit) ? 0 : whole(limit, true), base);
}

/** Takes a struct of libca, in this machine's byte order, apart by the same tables. */
export function seen(status: number, type: number, count: number, bytes: Buffer): Seen {
  if (status !== NORMAL) return { status };
  const base = type < 35 ? type % 7 : 0;
  const at = valueAt[type] ?? 0;
  const values = Array.from({ length: count }, (_, i) => elementAt(bytes, at, base, i));
  const plain = { status, values };
  if (type < 7 || type === 38) return plain;
  const alarm = { stat: bytes.readInt16LE(0), severity: bytes.readInt16LE(2) };
  if (type === 37) {
    return { ...plain, ...alarm, ackt: bytes.readUInt16LE(4), acks: bytes.readUInt16LE(6) };
  }
  return { ...plain, ...alarm, ...metadataIn(bytes, base, Math.floor(type / 7)) };
}

function elementAt(bytes: Buffer, at: number, base: number, i: number): number | string {
  switch (base) {
    case 0:
      return textAt(bytes, at + 40 * i, 40);
    case 1:
      return bytes.readInt16LE(at + 2 * i);
    case 2:
      return bytes.readFloatLE(at + 4 * i);
    case 3:
      return bytes.readUInt16LE(at + 2 * i);
    case 4:
      return bytes.readUInt8(at + i);
    case 5:
      return bytes.readInt32LE(at + 4 * i);
    default:
      return bytes.readDoubleLE(at + 8 * i);
  }
}

function metadataIn(bytes: Buffer, base: number, of: number): object {
  if (of < family.gr || base === 0) return {};
  if (base === 3) {
    const length = bytes.readInt16LE(4);
    return { states: Array.from({ length }, (_, i) => textAt(bytes, 6 + 26 * i, 26)) };
  }
  const isReal = base === 2 || base === 6;
  const unitsAt = isReal ? 8 : 4;
  const count = of === family.ctrl ? 8 : 6;
  const limits = Array.from({ length: count }, (_, i) => elementAt(bytes, unitsAt + 8, base, i));
  const units = textAt(bytes, unitsAt, 8);
  return isReal ? { precision: bytes.readInt16LE(4), units, limits } : { units, limits };
}

function textAt(bytes: Buffer, at: number, size: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('utf8', at, end < 0 || end > at + size ? at + size : end);
}
