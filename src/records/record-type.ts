import type { Slot } from '../model/index.ts';
import type { AccessTable } from './access/access.ts';
import type { Row } from './array.ts';
import type { Columns, FieldValue } from './columns.ts';
import type { Engine } from './engine/engine.ts';
import type { FieldDefinition } from './field-table.ts';
import type { FieldType } from './field-type.ts';
import type { Metadata } from './metadata.ts';

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

/**
 * How a processing ended: over, over with nothing that FLNK would have to hear of, or waiting for
 * something that `Engine.suspend` told of (PACT).
 */
export type Progress = 'done' | 'silent' | 'waiting';

/** Type, most elements, and bytes of a text with its NUL, of a field that its record decides on. */
export interface FieldShape {
  readonly type: FieldType;
  readonly maxCount: number;
  readonly size: number;
}

/**
 * What a file in `types/` says of its record type (ADR 15); the fields come from
 * `record-fields.json`.
 */
export interface RecordSupport {
  readonly name: RecordTypeName;
  readonly kind: ValueKind;
  /** Fields that are not plainly stored: where they lie. */
  readonly access?: AccessTable;
  /** The loop of the plant's records can process it when it has no links or the like. */
  readonly isPlain?: boolean;
  /** What VAL and OVAL are, where the record decides. */
  shape?(c: Columns, slot: Slot): FieldShape | undefined;
  /** Record initialisation, once links are there: constants are taken, what depends is made. */
  init?(engine: Engine, slot: Slot): void;
  /** One processing up to the posting of its events; the engine goes on with FLNK. */
  process(engine: Engine, slot: Slot): Progress;
  /** A field was written, by a put or a link or a database file: what depends on it is made. */
  changed?(engine: Engine, slot: Slot, field: string): void;
  /** Why a field cannot take a value, in words. */
  refuses?(c: Columns, slot: Slot, field: string, value: FieldValue | Row): string | undefined;
  /** Why a database file cannot say so of a field, which a client could put. */
  refusesAtLoad?(field: string, value: FieldValue): string | undefined;
  /** Units, limits and precision of fields, where they are not those of the kind. */
  metadata?(c: Columns, slot: Slot, field: string): Partial<Metadata> | undefined;
}

/** Places of links that many record types have; -1 of those that a type has not. */
export interface CommonLinks {
  readonly inp: number;
  readonly out: number;
  readonly dol: number;
  readonly siml: number;
  readonly siol: number;
}

/** Places of the links that every record has. */
export const CommonLink = { tsel: 0, sdis: 1, flnk: 2 } as const;

/** A record type: its fields by name, and how its VAL is held. */
export interface RecordType extends RecordSupport {
  readonly code: RecordCode;
  readonly fields: ReadonlyMap<string, FieldDefinition>;
  /** Names of the link fields; a record keeps its links in this order. */
  readonly links: readonly string[];
  readonly common: CommonLinks;
  /** Whether a device gives it a value, or takes one. */
  readonly direction: 'input' | 'output' | 'none';
}
