import type { Access, AccessTable } from './access/access.ts';
import { linkText, stored } from './access/cells.ts';
import { commonAccess } from './access/common.ts';
import { devicesOf } from './device-names.ts';
import { type FieldData, recordData } from './field-data.ts';
import type { FieldType } from './field-type.ts';
import { menus } from './menus.ts';
import {
  type CommonLinks,
  RecordCode,
  type RecordSupport,
  type RecordType,
  type RecordTypeName,
  type ValueKind,
} from './record-type.ts';

/** One field of a record type (facts/ca.md section 11.1). */
export interface FieldDefinition {
  readonly name: string;
  readonly type: FieldType;
  /** Bytes of a STRING with its NUL; 0 for other types. */
  readonly size: number;
  /** Name of the menu of a MENU field. */
  readonly menu?: string;
  /** Choices of a MENU or DEVICE field. */
  readonly choices: readonly string[];
  readonly readOnly: boolean;
  /** Said of the record type: clients are told that they may write it, and every put fails. */
  readonly isAttribute: boolean;
  /** A put processes the record. */
  readonly pp: boolean;
  /** A put posts PROPERTY. */
  readonly prop: boolean;
  /** Access security level: what operators change all the time is 0, set-up is 1. */
  readonly asl: 0 | 1;
  /** Who wants to see it in a print-out: 0 everybody, 4 the developer of the record type. */
  readonly interest: number;
  /** Database files are meant to set it. */
  readonly configurable: boolean;
  readonly initial: number | bigint | string;
  /** Place among the links of the record; -1 of a field that is none. */
  readonly link: number;
  readonly access: Access;
}

/** A record type: the fields that EPICS base gives it, where its support says that they lie. */
export function recordType(support: RecordSupport): RecordType {
  const fields = new Map<string, FieldDefinition>();
  const links: string[] = [];
  const access = { ...commonAccess(support.name), ...support.access };
  for (const data of [...(recordData.recordTypes[support.name] ?? []), ...added]) {
    const type = typeOf(data, support.kind);
    if (type === undefined) continue;
    const link = type.endsWith('LINK') ? links.push(data.name) - 1 : -1;
    fields.set(data.name, definitionOf(support.name, access, data, type, link));
  }
  const { name } = support;
  const common = commonLinks(links);
  return { ...support, code: RecordCode[name], fields, links, common, direction: wayOf(common) };
}

function commonLinks(links: readonly string[]): CommonLinks {
  const at = (name: string) => links.indexOf(name);
  return { inp: at('INP'), out: at('OUT'), dol: at('DOL'), siml: at('SIML'), siol: at('SIOL') };
}

function wayOf({ inp, out }: CommonLinks): RecordType['direction'] {
  if (inp >= 0) return 'input';
  return out >= 0 ? 'output' : 'none';
}

/**
 * TIME, NOACCESS in EPICS, is the ISO form of the time stamp here (ADR 5); RTYP and VERS are
 * attributes of the record type (facts/ca.md section 8).
 */
const added: readonly FieldData[] = [
  { name: 'TIME', type: 'STRING', size: 40, special: 'SPC_NOMOD', interest: 2 },
  { name: 'RTYP', type: 'STRING', size: 40, special: 'SPC_ATTRIBUTE', interest: 2 },
  { name: 'VERS', type: 'STRING', size: 40, special: 'SPC_ATTRIBUTE', interest: 2 },
];

/** Type of a field until its record says otherwise; undefined of what no client can open. */
function typeOf({ name, type }: FieldData, kind: ValueKind): FieldType | undefined {
  if (type !== 'NOACCESS') return type;
  if (name !== 'VAL' && name !== 'OVAL') return undefined;
  return kind === 'text' ? 'STRING' : 'DOUBLE';
}

function definitionOf(
  record: RecordTypeName,
  access: AccessTable,
  data: FieldData,
  type: FieldType,
  link: number,
): FieldDefinition {
  const { name, menu } = data;
  const choices = type === 'DEVICE' ? devicesOf(record) : (menus[menu ?? ''] ?? []);
  const initial = initialOf(type, choices, data.initial);
  return {
    name,
    type,
    size: type === 'STRING' ? (data.size ?? 0) : 0,
    ...(menu === undefined ? {} : { menu }),
    choices,
    readOnly: data.special === 'SPC_NOMOD',
    isAttribute: data.special === 'SPC_ATTRIBUTE',
    pp: data.pp ?? false,
    prop: data.prop ?? false,
    asl: data.asl === 'ASL0' ? 0 : 1,
    interest: data.interest ?? 0,
    configurable: data.configurable ?? false,
    initial,
    link,
    access: access[name] ?? (link < 0 ? stored(name, initial) : linkText(name, type)),
  };
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
