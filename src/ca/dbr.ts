import type { FieldType } from '../pv/index.ts';

/** Base types, as in DBR_STRING … DBR_DOUBLE. */
export const Base = {
  string: 0,
  short: 1,
  float: 2,
  enum: 3,
  char: 4,
  long: 5,
  double: 6,
} as const;
export type Base = (typeof Base)[keyof typeof Base];

/** What precedes the value: type number = family × 7 + base (facts/ca.md section 3). */
export const Family = { plain: 0, sts: 1, time: 2, gr: 3, ctrl: 4, other: 5 } as const;
export type Family = (typeof Family)[keyof typeof Family];

/** The types outside the five families. */
export const Dbr = {
  timeString: 14,
  putAckt: 35,
  putAcks: 36,
  stsackString: 37,
  className: 38,
} as const;

/** Largest DBR type number. */
export const LAST_DBR = Dbr.className;

/** Bytes of one element, by DBR type. */
export const elementSize: Uint8Array = Uint8Array.from(
  { length: LAST_DBR + 1 },
  (_, type) => [40, 2, 4, 2, 1, 4, 8][baseOf(type)] ?? 0,
);

/** Where the first element begins, by DBR type (the table of facts/ca.md section 3). */
export const valueOffset: Uint16Array = Uint16Array.from([
  ...[0, 0, 0, 0, 0, 0, 0],
  ...[4, 4, 4, 4, 5, 4, 8],
  ...[12, 14, 12, 14, 15, 12, 16],
  ...[4, 24, 40, 422, 19, 36, 64],
  ...[4, 28, 48, 422, 21, 44, 80],
  ...[0, 0, 8, 0],
]);

/** Payload bytes of `count` elements, before padding. */
export function payloadSize(type: number, count: number): number {
  return (valueOffset[type] ?? 0) + count * (elementSize[type] ?? 0);
}

/** The base type that a DBR type's elements have. */
export function baseOf(type: number): Base {
  if (type < Dbr.putAckt) return (type % 7) as Base;
  return type <= Dbr.putAcks ? Base.enum : Base.string;
}

export function familyOf(type: number): Family {
  return type < Dbr.putAckt ? (Math.floor(type / 7) as Family) : Family.other;
}

/** The type that CREATE_CHAN announces for a database field type. */
export function nativeType(type: FieldType): Base {
  return nativeTypes[type];
}

/** The database field type that a base type is read by. */
export const fieldTypeOf: Readonly<Record<Base, FieldType>> = {
  [Base.string]: 'STRING',
  [Base.short]: 'SHORT',
  [Base.float]: 'FLOAT',
  [Base.enum]: 'ENUM',
  [Base.char]: 'UCHAR',
  [Base.long]: 'LONG',
  [Base.double]: 'DOUBLE',
};

const nativeTypes: Readonly<Record<FieldType, Base>> = {
  STRING: Base.string,
  CHAR: Base.char,
  UCHAR: Base.char,
  SHORT: Base.short,
  USHORT: Base.long,
  LONG: Base.long,
  ULONG: Base.double,
  INT64: Base.double,
  UINT64: Base.double,
  FLOAT: Base.float,
  DOUBLE: Base.double,
  ENUM: Base.enum,
  MENU: Base.enum,
  DEVICE: Base.enum,
  INLINK: Base.string,
  OUTLINK: Base.string,
  FWDLINK: Base.string,
};
