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
} as const;
export type RecordTypeName = keyof typeof RecordCode;
export type RecordCode = (typeof RecordCode)[RecordTypeName];

/** How VAL is held: a number with limits, the same as whole number, a state, text, or a row. */
export type ValueKind = 'analog' | 'integer' | 'wide' | 'state' | 'text' | 'array';

/** A record type: its fields by name, and how its VAL is held. */
export interface RecordType {
  readonly name: RecordTypeName;
  readonly code: RecordCode;
  readonly kind: ValueKind;
  readonly fields: ReadonlyMap<string, FieldDefinition>;
}
