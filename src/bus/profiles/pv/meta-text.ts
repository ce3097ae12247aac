import type { Metadata, PvField } from '../../../pv/index.ts';
import type { ServedPv } from './served-pv.ts';
import { isCharacters } from './value-text.ts';

/** What `…/meta` tells beside what the record does. */
export interface MetaFacts {
  readonly heartbeat: number;
  readonly description: string;
  readonly isWritable: boolean;
}

/** The payload of `…/meta`: what a consumer must know of a PV to show it, check it and put to it. */
export function metaText(
  { name, field, asText }: ServedPv,
  { heartbeat, description, isWritable }: MetaFacts,
): string {
  const metadata = field.metadata();
  const { units, labels } = metadata;
  const isText = asText && isCharacters(field);
  return JSON.stringify({
    pv: name,
    record: field.recordType,
    type: isText ? 'string' : typeName(field),
    ...(field.maxCount > 1 && { count: field.maxCount }),
    ...(description !== '' && { desc: description }),
    ...(units !== '' && { units }),
    ...(isReal(field) && { precision: metadata.precision }),
    ...limitsOf(field, metadata),
    ...(labels.length > 0 && { enum: labels }),
    writable: isWritable,
    heartbeat,
    // Numbers of JSON are doubles to most who read them.
    ...(is64(field) && { note: 'values beyond 2^53 need a parser of big integers' }),
  });
}

/** Kinds of values in the words of JSON and its consumers. */
export function typeName({ type }: PvField): string {
  switch (type) {
    case 'STRING':
    case 'INLINK':
    case 'OUTLINK':
    case 'FWDLINK':
      return 'string';
    case 'ENUM':
    case 'MENU':
    case 'DEVICE':
      return 'enum';
    default:
      return type.toLowerCase();
  }
}

function isReal({ type }: PvField): boolean {
  return type === 'DOUBLE' || type === 'FLOAT';
}

function is64({ type }: PvField): boolean {
  return type === 'INT64' || type === 'UINT64';
}

type Range = { readonly low: number; readonly high: number };

/** Ranges that are some, and the alarm limits that have a severity. */
export function limitsOf(field: PvField, { display, control, alarm }: Metadata) {
  if (typeName(field) === 'string' || typeName(field) === 'enum') return {};
  const isRange = ({ low, high }: Range) => low < high;
  const limits = Object.entries(alarm).filter(([, limit]) => Number.isFinite(limit));
  return {
    ...(isRange(display) && { display }),
    ...(isRange(control) && { control }),
    ...(limits.length > 0 && { alarm: Object.fromEntries(limits) }),
  };
}
