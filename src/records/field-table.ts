import { IocError } from '../kernel/index.ts';
import { type Access, specialAccess } from './access/access.ts';
import { stored } from './access/cells.ts';
import { commonFields, simulationFields } from './common-fields.ts';
import { devicesOf } from './devices.ts';
import type { FieldType } from './field-type.ts';
import { type MenuName, menus } from './menus.ts';
import { RecordCode, type RecordType, type RecordTypeName, type ValueKind } from './record-type.ts';

/** One field of a record type (facts/ca.md section 11.1). */
export interface FieldDefinition {
  readonly name: string;
  readonly type: FieldType;
  /** Bytes of a STRING with its NUL; 0 for other types. */
  readonly size: number;
  /** Choices of a MENU or DEVICE field. */
  readonly choices: readonly string[];
  readonly readOnly: boolean;
  /** A put processes the record. */
  readonly pp: boolean;
  /** A put posts PROPERTY. */
  readonly prop: boolean;
  readonly initial: number | bigint | string;
  readonly access: Access;
}

/** A record type from the text of its own fields; those of all records are added. */
export function recordType(name: RecordTypeName, kind: ValueKind, ...texts: string[]): RecordType {
  const fields = new Map<string, FieldDefinition>();
  for (const text of [commonFields, simulationFields, ...texts]) {
    for (const entry of text.split(';')) {
      const field = fieldOf(name, kind, entry.trim());
      fields.set(field.name, field);
    }
  }
  return { name, code: RecordCode[name], kind, fields };
}

const notation = /^(\w+):(\w+)(?:\((\w+)\))?((?: \w+)*)(?: =(\S+))?$/;

/** Reads one entry: `PREC:SHORT prop`, `DESC:STRING(41)`, `STAT:MENU(menuAlarmStat) ro =UDF`. */
function fieldOf(record: RecordTypeName, kind: ValueKind, entry: string): FieldDefinition {
  const [, name = '', type, argument = '', marks = '', initial] = notation.exec(entry) ?? [];
  if (!name) throw new IocError('records/field-table', `"${entry}" of ${record} is no field entry`);
  const flags = marks.trim().split(' ');
  const choices = choicesOf(record, type as FieldType, argument);
  const start = initialOf(type as FieldType, choices, initial);
  return {
    name,
    type: type as FieldType,
    size: type === 'STRING' ? Number(argument) : 0,
    choices,
    readOnly: flags.includes('ro'),
    pp: flags.includes('pp'),
    prop: flags.includes('prop'),
    initial: start,
    access: specialAccess(kind, record, name) ?? stored(name, start),
  };
}

function choicesOf(record: RecordTypeName, type: FieldType, menu: string): readonly string[] {
  if (type === 'DEVICE') return devicesOf(record);
  return type === 'MENU' ? menus[menu as MenuName] : [];
}

function initialOf(
  type: FieldType,
  choices: readonly string[],
  text: string | undefined,
): number | bigint | string {
  if (type === 'STRING' || type.endsWith('LINK')) return text ?? '';
  if (choices.includes(text ?? '')) return choices.indexOf(text ?? '');
  return type === 'INT64' || type === 'UINT64' ? BigInt(text ?? 0) : Number(text ?? 0);
}
