import { quoted } from './address-words.ts';
import type { ConvertRule, ConvertType } from './convert-rule.ts';
import { isWild } from './wildcards.ts';

/** A record to make, as a database would tell it. */
export interface RuleRecord {
  readonly name: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, string>>;
}

const recordTypes: Readonly<Record<ConvertType, string>> = {
  number: 'ai',
  integer: 'int64in',
  boolean: 'bi',
  enum: 'mbbi',
  text: 'lsi',
  array: 'waveform',
};

/** The record that shows a topic by a rule; `levels` are what its wildcards stand for. */
export function ruleRecord(
  rule: ConvertRule,
  topic: string,
  levels: readonly string[],
): RuleRecord {
  const { type, unit, precision, description, time, fields } = rule;
  return {
    name: nameOf(rule.pv, levels),
    type: recordTypes[type],
    fields: {
      ...{ DTYP: 'MQTT', SCAN: 'I/O Intr', INP: `@${addressOf(rule, topic)}` },
      DESC: (description ?? topic).slice(0, LONGEST_DESC),
      ...(unit !== undefined && hasUnit.has(type) && { EGU: unit }),
      ...(precision !== undefined && hasPrecision.has(type) && { PREC: String(precision) }),
      // Its time is that of the message.
      ...(time !== undefined && { TSE: '-2' }),
      ...shapeFields(rule),
      ...fields,
    },
  };
}

/** The address of a rule's record, as one would write it into a database. */
export function addressOf(rule: ConvertRule, topic: string): string {
  const { json, quality, good, time, timeout, scale, offset, words, qos, retained } = rule;
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ['VIA', isWild(rule.topic) ? rule.topic : undefined],
    ['JSON', json],
    ['MAP', words && wordText(words)],
    ['SCALE', scale],
    ['OFFSET', offset],
    ['QUALITY', quality],
    ['GOOD', good?.join(',')],
    ['TIME', time],
    ['TIMEOUT', timeout],
    ['QOS', qos === 1 ? undefined : qos],
    ['RETAINED', retained === 'take' ? undefined : retained],
  ];
  const told = options.flatMap(([key, value]) => {
    return value === undefined ? [] : [`${key}=${quoted(String(value))}`];
  });
  return [quoted(topic), ...told, ...(rule.isOptional ? ['OPTIONAL'] : [])].join(' ');
}

const hasUnit = new Set<ConvertType>(['number', 'integer', 'array']);
const hasPrecision = new Set<ConvertType>(['number', 'array']);

/** What DESC holds. */
const LONGEST_DESC = 40;

/** Prefixes of the names of mbbi's states. */
const prefixes = 'ZR ON TW TH FR FV SX SV EI NI TE EL TV TT FT FF'.split(' ');

function shapeFields({ type, states = [], length }: ConvertRule): Record<string, string> {
  switch (type) {
    case 'boolean':
      return { ZNAM: states[0] ?? 'Off', ONAM: states[1] ?? 'On' };
    case 'enum':
      return Object.fromEntries(states.map((name, at) => [`${prefixes[at] ?? ''}ST`, name]));
    case 'text':
      return { SIZV: String(length) };
    case 'array':
      return { FTVL: 'DOUBLE', NELM: String(length) };
    case 'number':
    case 'integer':
      return {};
  }
}

function wordText(words: Readonly<Record<string, number>>): string {
  return Object.entries(words)
    .map(([word, number]) => `${word}:${number}`)
    .join(',');
}

/** Levels in the name of a PV have what names may have. */
function nameOf(template: string, levels: readonly string[]): string {
  return template.replace(/\{(\d+)\}/g, (_, number: string) => {
    const level = levels[Number(number) - 1] ?? '';
    return level.replaceAll('/', ':').replace(/[^\w:;<>[\]-]+/g, '_');
  });
}
