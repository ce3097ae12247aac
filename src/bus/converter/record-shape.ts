import type { DeviceRecord } from '../../pv/index.ts';

/** What a record's raw value is. */
export type Shape =
  | { readonly kind: 'number' }
  /** 64 bits. */
  | { readonly kind: 'wide' }
  /**
   * Names of states, and the number of each: its raw value; of records whose states have names only,
   * VAL itself.
   */
  | { readonly kind: 'state'; readonly states: readonly State[]; readonly by: 'raw' | 'value' }
  | { readonly kind: 'text' }
  /** A row of numbers. */
  | { readonly kind: 'row' }
  /** A row of characters, which takes any bytes. */
  | { readonly kind: 'bytes' }
  /** A row of texts. */
  | { readonly kind: 'texts' };

/** A state by its name. */
export interface State {
  readonly name: string;
  readonly number: number;
}

/** What a record takes and gives; read anew each time, since names of states may change. */
export function shapeOf(record: DeviceRecord): Shape {
  switch (record.type) {
    case 'bi':
    case 'bo':
      return { kind: 'state', states: twoStates(record), by: 'raw' };
    case 'mbbi':
    case 'mbbo':
      return manyStates(record);
    case 'stringin':
    case 'stringout':
    case 'lsi':
    case 'lso':
      return { kind: 'text' };
    case 'int64in':
    case 'int64out':
      return { kind: 'wide' };
    case 'waveform':
    case 'aai':
    case 'aao':
      return rowShape(record);
    default:
      return { kind: 'number' };
  }
}

/** FTVL by its number: texts, characters, else numbers. */
function rowShape(record: DeviceRecord): Shape {
  const type = Number(record.field('FTVL') ?? 0);
  if (type === 0) return { kind: 'texts' };
  return { kind: type <= 2 ? 'bytes' : 'row' };
}

function twoStates(record: DeviceRecord): State[] {
  return ['ZNAM', 'ONAM'].map((field, number) => {
    return { name: String(record.field(field) ?? ''), number };
  });
}

const prefixes = 'ZR ON TW TH FR FV SX SV EI NI TE EL TV TT FT FF'.split(' ');

/** Numbers are those of ZRVL to FFVL, if any is given. */
function manyStates(record: DeviceRecord): Shape {
  const values = prefixes.map((prefix) => Number(record.field(`${prefix}VL`) ?? 0));
  const hasValues = values.some((value) => value !== 0);
  const states = prefixes.map((prefix, index) => ({
    name: String(record.field(`${prefix}ST`) ?? ''),
    number: hasValues ? (values[index] ?? 0) : index,
  }));
  return { kind: 'state', states, by: hasValues ? 'raw' : 'value' };
}
