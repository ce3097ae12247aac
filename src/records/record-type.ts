import type { AccessTable } from './access/access.ts';
import type { FieldDefinition } from './field-table.ts';

/** Numbers by which the processing loop knows the types. */
export const RecordCode = {
  ai: 0,
  ao: 1,
  bi: 2,
  bo: 3,
  mbbi: 4,
  mbbo: 5,
  longin: 6,
  longout: 7,
  int64in: 8,
  int64out: 9,
  stringin: 10,
  stringout: 11,
  lsi: 12,
  lso: 13,
  waveform: 14,
  aai: 15,
  aao: 16,
  calc: 17,
  calcout: 18,
  compress: 19,
  dfanout: 20,
  event: 21,
  fanout: 22,
  histogram: 23,
  mbbiDirect: 24,
  mbboDirect: 25,
  permissive: 26,
  printf: 27,
  sel: 28,
  seq: 29,
  state: 30,
  subArray: 31,
} as const;
export type RecordTypeName = keyof typeof RecordCode;
export type RecordCode = (typeof RecordCode)[RecordTypeName];

/**
 * How VAL is held: a number with limits, the same as whole number or one of 64 bits, a state, a
 * number that has neither, text, or a row.
 */
export type ValueKind = 'analog' | 'integer' | 'wide' | 'state' | 'plain' | 'text' | 'array';

/** What a file in `types/` says of its record type; the fields come from `record-fields.json`. */
export interface RecordSupport {
  readonly name: RecordTypeName;
  readonly kind: ValueKind;
  /** Fields that are not plainly stored: where they lie. */
  readonly access?: AccessTable;
}

/** A record type: its fields by name, and how its VAL is held. */
export interface RecordType extends RecordSupport {
  readonly code: RecordCode;
  readonly fields: ReadonlyMap<string, FieldDefinition>;
  /** Names of the link fields; a record keeps its links in this order. */
  readonly links: readonly string[];
}
