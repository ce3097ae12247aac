import { asRow, convertRow, type Row, realText } from './array.ts';
import type { Columns, FieldValue } from './columns.ts';
import type { FieldDefinition } from './field-table.ts';
import { formatDouble } from './format.ts';
import { castNumber } from './numbers.ts';
import { type ParseError, parseNumber } from './parse.ts';
import type { PvValue } from './put.ts';
import type { RecordField } from './record-field.ts';
import { RecordCode } from './record-type.ts';
import { stateNames } from './states.ts';
import { cutText } from './text.ts';

/** The value that a put makes of what a client sent; or why it cannot (facts/ca.md section 6.1). */
export function convertPut(
  c: Columns,
  field: RecordField,
  value: PvValue,
): FieldValue | Row | ParseError {
  if (field.record.kind === 'array' && field.definition.name === 'VAL') {
    const precision = precisionOf(c, field);
    const converted = convertRow(field.type as never, asRow(value), field.maxCount, precision);
    return 'error' in converted ? converted : converted.row;
  }
  const scalar = typeof value === 'object' ? value[0] : value;
  if (scalar === undefined) return { error: 'there is no value in it' };
  const isReal = value instanceof Float64Array || value instanceof Float32Array;
  if (isReal && isText(field))
    return convertScalar(c, field, realText(value, 0, precisionOf(c, field)));
  return convertScalar(c, field, scalar);
}

/** Text and links: a number becomes what a person reads. */
function isText({ type }: RecordField): boolean {
  return type === 'STRING' || type.endsWith('LINK');
}

/** Digits that a record gives to its numbers. */
function precisionOf(c: Columns, { slot, record }: RecordField): number {
  return record.fields.has('PREC') ? c.storedNumber(slot, 'PREC') : 6;
}

/** Whether a conversion failed. */
export function isError(value: FieldValue | Row | ParseError): value is ParseError {
  return typeof value === 'object' && 'error' in value;
}

function convertScalar(c: Columns, field: RecordField, value: FieldValue): FieldValue | ParseError {
  switch (field.type) {
    case 'STRING':
      return cutText(textOf(c, field, value), field.size - 1);
    case 'INLINK':
    case 'OUTLINK':
    case 'FWDLINK':
      return textOf(c, field, value);
    case 'MENU':
    case 'DEVICE':
      return choiceOf(field.definition, value);
    case 'ENUM':
      return typeof value === 'string' ? stateByName(c, field, value) : castNumber('ENUM', value);
    default:
      return typeof value === 'string'
        ? parseNumber(field.type, value)
        : castNumber(field.type, value);
  }
}

function textOf(c: Columns, field: RecordField, value: FieldValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || Number.isInteger(value)) return String(value);
  return formatDouble(value, precisionOf(c, field));
}

function choiceOf(
  { choices, initial }: FieldDefinition,
  value: FieldValue,
): FieldValue | ParseError {
  // SSCN begins as 65535, which is no choice: it may go back there.
  if (value === initial) return value;
  const exact = typeof value === 'string' ? choices.indexOf(value) : Number(value);
  if (exact >= 0 && exact < choices.length) return Math.trunc(exact);
  const index = typeof value === 'string' && /^\s*\+?\d+\s*$/.test(value) ? Number(value) : -1;
  if (index >= 0 && index < choices.length) return index;
  return { error: `"${value}" is none of ${choices.join(', ')}` };
}

function stateByName(c: Columns, field: RecordField, text: string): FieldValue | ParseError {
  const states = c.states[field.slot];
  const all = states?.names ?? [];
  const exact = all.indexOf(text);
  if (exact >= 0) return exact;
  const names = states ? stateNames(states) : [];
  // A number and nothing else, but for mbbo, which passes over what follows it.
  const isLenient = field.record.code === RecordCode.mbbo;
  const index = (isLenient ? /^\s*(\d+)/ : /^\s*(\d+)\s*$/).exec(text)?.[1];
  if (index !== undefined && Number(index) < names.length) return Number(index);
  const known = names.filter((name) => name !== '').join(', ');
  return { error: `"${text}" is none of the states ${known || '(none has a name)'}` };
}
