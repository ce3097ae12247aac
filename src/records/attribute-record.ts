import type { Attribute, Datatype, EnumLabel, NumericDatatype } from '../model/index.ts';
import type { ElementType } from './array.ts';
import type { FieldValue } from './columns.ts';
import type { RecordTypeName } from './record-type.ts';
import type { RecordSpec } from './spec.ts';
import { statePrefixes } from './states.ts';
import { cutText } from './text.ts';

/** The records of one attribute; `place` is the caller's to add to the value. */
export interface AttributeRecords {
  /** What the plant says: the read-back of an `rw` attribute. Of a `w` one the setpoint, alone. */
  readonly value: RecordSpec;
  readonly setpoint?: RecordSpec;
}

type Fields = Record<string, FieldValue>;
/** A pair of record types, in and out, with the fields that make them fit an attribute. */
type Shape = {
  readonly input: RecordTypeName;
  readonly output: RecordTypeName;
  readonly fields: Fields;
};

/**
 * The records that an attribute becomes, by datatype: bi/bo, mbbi/mbbo for at most sixteen labels,
 * ai/ao for scaled numbers and floats, longin/longout or int64in/int64out for integers by width,
 * stringin/stringout or lsi/lso for texts by length, waveform for arrays. `names.pv` names the
 * setpoint when there is a read-back, else the value.
 */
export function recordSpecs(
  attribute: Attribute,
  names: { readonly pv: string; readonly readback?: string },
): AttributeRecords {
  const { datatype, scale } = attribute;
  const { input, output, fields } = shapeOf(attribute);
  const shown = { DESC: shortened(attribute.description, 40), ...fields };
  const row = datatype.kind === 'array' && scale ? { scale } : {};
  const setpoint: RecordSpec = {
    name: names.pv,
    type: output,
    role: 'setpoint',
    datatype,
    fields: { ...shown, ...driveLimits(output, attribute) },
    ...row,
  };
  if (attribute.access === 'w') return { value: setpoint };
  const value: RecordSpec = {
    name: names.readback ?? names.pv,
    type: input,
    role: 'input',
    fields: shown,
    ...row,
  };
  return names.readback === undefined ? { value } : { value, setpoint };
}

function shapeOf(attribute: Attribute): Shape {
  const { datatype, labels, scale } = attribute;
  switch (datatype.kind) {
    case 'bool':
      return { input: 'bi', output: 'bo', fields: twoStates(labels) };
    case 'float':
      return { input: 'ai', output: 'ao', fields: analogFields(attribute) };
    case 'string':
      return textShape(datatype.bytes);
    case 'array':
      return { input: 'waveform', output: 'waveform', fields: rowFields(attribute, datatype) };
    case 'int':
      if (labels && areStates(labels)) {
        return { input: 'mbbi', output: 'mbbo', fields: manyStates(labels) };
      }
      if (scale) return { input: 'ai', output: 'ao', fields: analogFields(attribute) };
      return integerShape(attribute, datatype);
  }
}

function integerShape(
  attribute: Attribute,
  { bits, signed }: Extract<Datatype, { kind: 'int' }>,
): Shape {
  const fields = { ...units(attribute), ...displayRange(attribute) };
  // A LONG holds what fits 32 bits with a sign; an unsigned word of 64 bits stops at 2^63 - 1.
  return bits < 32 || (bits === 32 && signed)
    ? { input: 'longin', output: 'longout', fields }
    : { input: 'int64in', output: 'int64out', fields };
}

/** Bytes of stringin and stringout without the NUL. */
const SHORT_TEXT = 39;

function textShape(bytes: number): Shape {
  if (bytes <= SHORT_TEXT) return { input: 'stringin', output: 'stringout', fields: {} };
  return { input: 'lsi', output: 'lso', fields: { SIZV: Math.min(bytes + 1, 0xffff) } };
}

/** CATio's names for the states of a switch, unless it has its own. */
function twoStates(labels: readonly EnumLabel[] = []): Fields {
  const name = (value: number) => labels.find((state) => state.value === value)?.label;
  return {
    ZNAM: cutText(name(0) ?? 'False', 25),
    ONAM: cutText(name(1) ?? 'True', 25),
  };
}

/** At most sixteen different values of 32 bits without a sign. */
function areStates(labels: readonly EnumLabel[]): boolean {
  const values = new Set(labels.map(({ value }) => value));
  const isUnsigned = labels.every(({ value }) => value >= 0 && value <= 0xffff_ffff);
  return labels.length > 0 && labels.length <= 16 && values.size === labels.length && isUnsigned;
}

function manyStates(labels: readonly EnumLabel[]): Fields {
  const states = labels.flatMap(({ value, label }, i) => [
    [`${statePrefixes[i]}VL`, value],
    [`${statePrefixes[i]}ST`, cutText(label, 25)],
  ]);
  return Object.fromEntries(states);
}

function analogFields(attribute: Attribute): Fields {
  const { scale, precision } = attribute;
  return {
    ...(scale ? { LINR: 'SLOPE', ESLO: scale.slope, EOFF: scale.offset } : {}),
    ...(precision === undefined ? {} : { PREC: precision }),
    ...units(attribute),
    ...displayRange(attribute),
  };
}

function rowFields(attribute: Attribute, row: Extract<Datatype, { kind: 'array' }>): Fields {
  const { scale, precision } = attribute;
  return {
    NELM: row.count,
    FTVL: scale ? 'DOUBLE' : elementOf(row.element),
    ...(precision === undefined ? {} : { PREC: precision }),
    ...units(attribute),
    ...displayRange(attribute),
  };
}

/** FTVL; 64-bit integers in rows are doubles in the model, and so here. */
function elementOf(element: NumericDatatype): ElementType {
  if (element.kind === 'bool') return 'UCHAR';
  if (element.kind === 'float') return element.bits === 32 ? 'FLOAT' : 'DOUBLE';
  const { bits, signed } = element;
  if (bits <= 8) return signed ? 'CHAR' : 'UCHAR';
  if (bits <= 16) return signed ? 'SHORT' : 'USHORT';
  if (bits <= 32) return signed ? 'LONG' : 'ULONG';
  return 'DOUBLE';
}

function units({ unit }: Attribute): Fields {
  return unit ? { EGU: cutText(unit, 15) } : {};
}

function displayRange({ range }: Attribute): Fields {
  return range ? { LOPR: range.low, HOPR: range.high } : {};
}

/** What the plant's type can hold, in engineering units; floats are not limited. */
function driveLimits(output: RecordTypeName, { datatype, scale }: Attribute): Fields {
  if (datatype.kind !== 'int' || output === 'mbbo') return {};
  const { bits, signed } = datatype;
  // INT64 is the range of a signed one anyway, and the most of an unsigned one.
  if (bits === 64 && !scale) return signed ? {} : { DRVL: 0n, DRVH: 2n ** 63n - 1n };
  const raw = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  const ends = raw.map((end) => (scale ? end * scale.slope + scale.offset : end));
  return { DRVL: Math.min(...ends), DRVH: Math.max(...ends) };
}

/** A text of at most `bytes` bytes, cut after a word where one ends in its second half. */
export function shortened(text: string, bytes: number): string {
  const cut = cutText(text, bytes);
  if (cut.length === text.length || text[cut.length] === ' ') return cut.trimEnd();
  const space = cut.lastIndexOf(' ');
  return space > cut.length / 2 ? cut.slice(0, space).trimEnd() : cut;
}
