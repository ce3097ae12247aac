import { AdsDataType, type ArrayDimension } from '../ads/index.ts';
import type { Datatype, NumericDatatype } from '../model/index.ts';

/** How TwinCAT calls and numbers a datatype (facts/ads.md section 7). */
export interface IecType {
  readonly name: string;
  readonly id: number;
  readonly dimensions: readonly ArrayDimension[];
}

/** The IEC type of a datatype; bit fields have names of their own: `BIT2`. */
export function iecType(datatype: Datatype): IecType {
  if (datatype.kind === 'string') {
    return scalar(`STRING(${datatype.bytes - 1})`, AdsDataType.string);
  }
  if (datatype.kind !== 'array') return numeric(datatype);
  const { count } = datatype;
  const element = numeric(datatype.element);
  return {
    name: `ARRAY [0..${count - 1}] OF ${element.name}`,
    id: element.id,
    dimensions: [{ lowerBound: 0, length: count }],
  };
}

/** Bits that a value takes in the image; a two-state value takes one. */
export function bitLength(datatype: Datatype): number {
  switch (datatype.kind) {
    case 'bool':
      return 1;
    case 'int':
    case 'float':
      return datatype.bits;
    case 'string':
      return datatype.bytes * 8;
    case 'array':
      return arrayStep(datatype.element) * datatype.count;
  }
}

/** Bits from one array element to the next: elements begin at whole bytes. */
export function arrayStep(element: NumericDatatype): number {
  return Math.ceil(bitLength(element) / 8) * 8;
}

const integers: Readonly<Record<number, readonly [unsigned: IecType, signed: IecType]>> = {
  8: [scalar('USINT', AdsDataType.uint8), scalar('SINT', AdsDataType.int8)],
  16: [scalar('UINT', AdsDataType.uint16), scalar('INT', AdsDataType.int16)],
  32: [scalar('UDINT', AdsDataType.uint32), scalar('DINT', AdsDataType.int32)],
  64: [scalar('ULINT', AdsDataType.uint64), scalar('LINT', AdsDataType.int64)],
};

function numeric(datatype: NumericDatatype): IecType {
  switch (datatype.kind) {
    case 'bool':
      return scalar('BIT', AdsDataType.bit);
    case 'float':
      return datatype.bits === 32
        ? scalar('REAL', AdsDataType.real32)
        : scalar('LREAL', AdsDataType.real64);
    case 'int':
      return (
        integers[datatype.bits]?.[datatype.signed ? 1 : 0] ??
        scalar(`BIT${datatype.bits}`, AdsDataType.bigType)
      );
  }
}

function scalar(name: string, id: number): IecType {
  return { name, id, dimensions: [] };
}
