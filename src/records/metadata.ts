import type { Slot } from '../model/index.ts';
import type { Columns } from './columns.ts';
import type { FieldType } from './field-type.ts';
import type { RecordField } from './record-field.ts';
import { stateNames } from './states.ts';

/** What a field tells beside its value; limits that a record does not have are NaN (alarm) or 0. */
export interface Metadata {
  readonly units: string;
  /** Digits after the decimal point; only floating-point fields have it. */
  readonly precision: number;
  readonly display: { readonly low: number; readonly high: number };
  readonly control: { readonly low: number; readonly high: number };
  readonly alarm: {
    readonly lolo: number;
    readonly low: number;
    readonly high: number;
    readonly hihi: number;
  };
  /** State or menu names; empty for fields that have none. */
  readonly labels: readonly string[];
}

type Limits = { readonly low: number; readonly high: number };

const none: Limits = { low: 0, high: 0 };
const noAlarm = { lolo: NaN, low: NaN, high: NaN, hihi: NaN };

/** Fields of analog and integer records that share VAL's display and control limits. */
const likeValue = new Set('VAL OVAL SVAL HIHI HIGH LOW LOLO LALM ALST MLST'.split(' '));
const withoutUnits = new Set(['ASLO', 'AOFF', 'SMOO']);

/** Ranges that EPICS tells of fields whose record says nothing (facts/ca.md section 11). */
const typeRange: Partial<Readonly<Record<FieldType, Limits>>> = {
  CHAR: { low: -128, high: 127 },
  UCHAR: { low: 0, high: 255 },
  SHORT: { low: -32768, high: 32767 },
  USHORT: { low: 0, high: 65535 },
  LONG: { low: -(2 ** 31), high: 2 ** 31 - 1 },
  ULONG: { low: 0, high: 2 ** 32 - 1 },
  INT64: { low: -(2 ** 63), high: 2 ** 63 },
  UINT64: { low: 0, high: 2 ** 64 },
  FLOAT: { low: -1e30, high: 1e30 },
  DOUBLE: { low: -1e300, high: 1e300 },
};

/** Units, precision, limits and labels of a field, now. */
export function metadataOf(c: Columns, field: RecordField): Metadata {
  return {
    ...metadataOfKind(c, field),
    ...field.record.metadata?.(c, field.slot, field.definition.name),
  };
}

function metadataOfKind(c: Columns, field: RecordField): Metadata {
  return {
    units: unitsOf(c, field),
    precision: precisionOf(c, field),
    display: rangeOf(c, field, false),
    control: rangeOf(c, field, true),
    alarm: alarmLimits(c, field),
    labels: labelsOf(c, field),
  };
}

function unitsOf(c: Columns, { record, slot, type, definition }: RecordField): string {
  const egu = String(c.stored(slot, 'EGU') ?? '');
  const { name } = definition;
  switch (record.kind) {
    case 'analog':
      return type === 'DOUBLE' && !withoutUnits.has(name) ? egu : '';
    case 'integer':
      return type === 'LONG' ? egu : '';
    case 'wide':
      return type === 'INT64' ? egu : '';
    case 'array':
      if (name === 'HOPR' || name === 'LOPR') return egu;
      return name === 'VAL' && type !== 'STRING' && type !== 'ENUM' ? egu : '';
    default:
      return record.name === 'bo' && name === 'HIGH' ? 's' : '';
  }
}

function precisionOf(c: Columns, { record, slot, type, definition }: RecordField): number {
  if (type !== 'DOUBLE' && type !== 'FLOAT') return 0;
  if (record.name === 'bo') return definition.name === 'HIGH' ? 2 : 0;
  if (!record.fields.has('PREC')) return 0;
  const precision = c.storedNumber(slot, 'PREC');
  if (definition.name === 'VAL') return precision;
  return precision >= 0 && precision <= 15 ? precision : 15;
}

function rangeOf(c: Columns, field: RecordField, isControl: boolean): Limits {
  const { record, slot, type, definition } = field;
  const { name } = definition;
  switch (record.kind) {
    case 'analog':
    case 'integer':
    case 'wide':
      if (record.name === 'ao' && name === 'IVOV' && !isControl) return operatingRange(c, slot);
      if (!likeValue.has(name) && !(record.name === 'ao' && name === 'PVAL')) break;
      return isControl && drives(c, field)
        ? { low: c.drvl[slot] ?? 0, high: c.drvh[slot] ?? 0 }
        : operatingRange(c, slot);
    case 'array':
      if (name === 'BUSY') return { low: 0, high: 1 };
      if (name === 'NORD') return { low: 0, high: c.storedNumber(slot, 'NELM', 1) };
      if (name === 'VAL') return operatingRange(c, slot);
      break;
    case 'plain':
      break;
    case 'state':
    case 'text':
      // These types tell no limits, but bo the control limits of its fields.
      return record.name === 'bo' && isControl ? boControl(name, type) : none;
  }
  return typeRange[type] ?? none;
}

/** HIGH is how long a momentary output lasts; other fields tell what their type can hold. */
function boControl(name: string, type: FieldType): Limits {
  if (name === 'HIGH') return { low: 0, high: 100_000 };
  return (type === 'ENUM' ? typeRange.USHORT : typeRange[type]) ?? none;
}

function operatingRange(c: Columns, slot: Slot): Limits {
  return { low: c.lopr[slot] ?? 0, high: c.hopr[slot] ?? 0 };
}

/** Whether DRVL and DRVH are the control limits: always for ao, else when they are a range. */
function drives(c: Columns, { record, slot }: RecordField): boolean {
  if (record.name === 'ao') return true;
  return record.fields.has('DRVH') && (c.drvh[slot] ?? 0) > (c.drvl[slot] ?? 0);
}

function alarmLimits(c: Columns, { record, slot, definition }: RecordField): Metadata['alarm'] {
  if (definition.name !== 'VAL' || !record.fields.has('HIHI')) return noAlarm;
  // The 64-bit types tell their limits whether they have a severity or not.
  const severities = record.kind === 'wide' ? 0xff : (c.limitSeverity[slot] ?? 0);
  return {
    hihi: severities & 0xc0 ? (c.hihi[slot] ?? 0) : NaN,
    high: severities & 0x30 ? (c.high[slot] ?? 0) : NaN,
    low: severities & 0x0c ? (c.low[slot] ?? 0) : NaN,
    lolo: severities & 0x03 ? (c.lolo[slot] ?? 0) : NaN,
  };
}

function labelsOf(c: Columns, { record, slot, definition }: RecordField): readonly string[] {
  const states = c.states[slot];
  if (record.kind === 'state' && definition.name === 'VAL' && states) return stateNames(states);
  return definition.choices;
}
