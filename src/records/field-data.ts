import { readFileSync } from 'node:fs';
import type { FieldType } from './field-type.ts';

/** One field as `data/record-fields.json` tells it. */
export interface FieldData {
  readonly name: string;
  /** A `FieldType`, or NOACCESS of what no client can open. */
  readonly type: FieldType | 'NOACCESS';
  readonly menu?: string;
  /** What EPICS does beside storing it: SPC_NOMOD is read-only. */
  readonly special?: string;
  readonly size?: number;
  readonly initial?: string;
  readonly asl?: 'ASL0' | 'ASL1';
  readonly interest?: number;
  readonly pp?: boolean;
  readonly prop?: boolean;
  readonly configurable?: boolean;
}

/** The field tables of EPICS base 7.0.8. */
export interface RecordData {
  readonly menus: Readonly<Record<string, readonly string[]>>;
  readonly recordTypes: Readonly<Record<string, readonly FieldData[]>>;
  readonly devices: Readonly<
    Record<string, readonly { readonly link: string; readonly name: string }[]>
  >;
}

const file = new URL('./data/record-fields.json', import.meta.url);

/** What EPICS base says of every record type, field and menu. */
export const recordData: RecordData = JSON.parse(readFileSync(file, 'utf8'));
