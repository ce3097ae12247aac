/** Where something stands in a text: lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where the file was included, or its template was asked for. */
  readonly from?: Position | undefined;
}

/** A value as JSON tells it. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What a field or info tag says: `text` as EPICS would store it, and the JSON value if it is one. */
export interface DatabaseValue {
  readonly name: string;
  /** Without quotes, escapes resolved; of JSON values their canonical text, as dbpr shows links. */
  readonly text: string;
  /** Of values that are arrays or objects. */
  readonly json?: JsonValue | undefined;
  readonly at: Position;
}

/** A record as database files tell it, after appends, deletions and aliases. */
export interface DatabaseRecord {
  readonly type: string;
  readonly name: string;
  /**
   * In the order of the text; of a field that is named twice the later value only. Made anew for
   * each reading, as infos are: keep them rather than ask twice.
   */
  readonly fields: readonly DatabaseValue[];
  readonly infos: readonly DatabaseValue[];
  readonly aliases: readonly string[];
  readonly at: Position;
}

/** A conversion by straight pieces, for LINR: at least two points, engineering values monotonic. */
export interface BreakTable {
  readonly name: string;
  readonly points: readonly { readonly raw: number; readonly engineering: number }[];
  readonly at: Position;
}

/** Everything that database files declare, in the order of first mention. */
export interface Database {
  readonly records: readonly DatabaseRecord[];
  /** The first of each name. */
  readonly breakTables?: readonly BreakTable[];
}
