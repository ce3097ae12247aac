import type { JsonValue } from '../../database/index.ts';
import { convertRow, type ElementType } from '../array.ts';
import type { FieldType } from '../field-type.ts';
import { castNumber } from '../numbers.ts';
import { parseNumber } from '../parse.ts';
import type { PvValue } from '../put.ts';
import { BaseLink } from './base-link.ts';

/** A number, text or list that a record takes when it is initialised, and never again. */
export class ConstantLink extends BaseLink {
  override readonly isConstant = true;
  readonly #value: JsonValue;

  constructor(value: JsonValue) {
    super('constant');
    this.#value = value;
  }

  override get isConnected(): boolean {
    return true;
  }

  override initial(type: FieldType, most: number): PvValue | undefined {
    if (most > 1) return rowOf(this.#value, type, most);
    return scalarOf(Array.isArray(this.#value) ? this.#value[0] : this.#value, type);
  }

  override number(): undefined {
    return undefined;
  }

  override value(): undefined {
    return undefined;
  }

  /** As in EPICS, nothing is written and nothing is wrong with that. */
  override put(): boolean {
    return true;
  }
}

function scalarOf(value: JsonValue | undefined, type: FieldType): PvValue | undefined {
  if (typeof value === 'boolean') return scalarOf(value ? 1 : 0, type);
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  if (type === 'STRING') return String(value);
  const numeric = type === 'ENUM' || type === 'MENU' || type === 'DEVICE' ? 'USHORT' : type;
  if (typeof value === 'number') return castNumber(numeric, value);
  const parsed = parseNumber(numeric, decimal(value, type));
  return typeof parsed === 'object' ? undefined : parsed;
}

function rowOf(value: JsonValue, type: FieldType, most: number): PvValue | undefined {
  const list = Array.isArray(value) ? value : [value];
  const isNumeric = list.every((element) => typeof element === 'number');
  const row = isNumeric ? Float64Array.from(list, Number) : list.map(String);
  const converted = convertRow(type as ElementType, row, most);
  return 'error' in converted ? undefined : converted.row;
}

/** Whole numbers may be hexadecimal or octal here, where puts take decimal ones only. */
function decimal(text: string, type: FieldType): string {
  const [, sign = '', digits] = /^([+-]?)(0x[\da-f]+|0[0-7]+)$/i.exec(text) ?? [];
  if (digits === undefined || type === 'DOUBLE' || type === 'FLOAT') return text;
  return `${sign}${BigInt(/^0x/i.test(digits) ? digits : `0o${digits}`)}`;
}
