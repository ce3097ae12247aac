import { z } from 'zod';
import { type BitField, byteLength, type SymbolDefinition, snakeCase } from '../model/index.ts';
import { alarm, usualAlarm } from './alarm-key.ts';
import { section } from './issue-text.ts';
import { presentation, presentationOf } from './presentation.ts';
import { datatype, unsigned, word } from './scalars.ts';

/** Attribute name: snake_case words and `{channel}`. */
const attributeName = z
  .string()
  .regex(
    /^([a-z0-9_]|\{channel\})+$/,
    'must be lower-case words joined by _, with {channel} where the channel number goes',
  );

/** `3` is one bit, `2..3` are two. */
const bits = z
  .union([unsigned(6), z.string().regex(/^\d+\.\.\d+$/)], 'must be a bit number or first..last')
  .transform((given) => {
    const [first = 0, last = first] = String(given).split('..').map(Number);
    return { bit: first, width: last - first + 1 };
  });

/** Name of a file in db/, without `.template`. */
const templateName = z.string().regex(/^[\w.-]+$/, 'must be the name of a template, or none');

const field = section({
  bits,
  name: word,
  attribute: attributeName.optional(),
  alarm: alarm.optional(),
  template: templateName.optional(),
  ...presentation,
});

const channels = z.union(
  [z.int().min(1).max(256), z.array(z.int().min(0)).min(1)],
  'must be the number of channels, or a list of channel numbers',
);

/** One process-data entry of a terminal, repeated over its channels. */
export const symbolRow = section({
  symbol: word,
  attribute: attributeName,
  description: z.string().optional(),
  type: datatype,
  channels: channels.optional(),
  access: z.enum(['r', 'rw']).default('r'),
  byte: unsigned(16).default(0),
  bit: z.int().min(0).max(7).default(0),
  group: unsigned(32).optional(),
  pdos: word.optional(),
  selected: z.boolean().optional(),
  template: templateName.optional(),
  fields: z.array(field).default([]),
  ...presentation,
}).check(({ value, issues }) => {
  const complain = (path: (string | number)[], message: string) =>
    issues.push({ code: 'custom', path, message, input: value });
  for (const key of ['symbol', 'attribute'] as const) {
    const message = channelMistake(value[key], value.channels !== undefined);
    if (message) complain([key], message);
  }
  for (const [i, each] of value.fields.entries()) {
    const message = fieldMistake(each, value);
    if (message) complain(['fields', i, 'bits'], message);
  }
});

export type SymbolRow = z.infer<typeof symbolRow>;

/** `pdos` is the PDO set that the terminal uses. */
export function symbolDefinition(row: SymbolRow, pdos: string | undefined): SymbolDefinition {
  const template = row.template ?? usualTemplate(row);
  return {
    name: row.attribute,
    symbol: row.symbol,
    description: row.description ?? row.symbol,
    datatype: row.type,
    channels: typeof row.channels === 'number' ? upTo(row.channels) : (row.channels ?? [1]),
    access: row.access,
    indexGroup: row.group ?? usualGroup(row),
    byte: row.byte,
    bit: row.bit,
    ...(row.pdos !== undefined && { pdoGroup: row.pdos }),
    selected: row.selected ?? (row.pdos === undefined || row.pdos === pdos),
    ...(template !== undefined && template !== 'none' && { template }),
    fields: row.fields.map((given) => bitField(given, row)),
    ...presentationOf(row),
  };
}

function bitField(given: SymbolRow['fields'][number], row: SymbolRow): BitField {
  const { bits: place, name, attribute, alarm: _, template: wish, ...shown } = given;
  const alarm = alarmOf(given, row);
  const tells = alarm && alarm.trouble !== 'standstill' && row.access === 'r' && place.width === 1;
  const template = wish ?? (tells ? 'status-bit' : undefined);
  return {
    name: attribute ?? `${row.attribute}_${snakeCase(name)}`,
    description: `${row.symbol}: ${name}`,
    ...place,
    ...(alarm && { alarm }),
    ...(template !== undefined && template !== 'none' && { template }),
    ...presentationOf(shown),
  };
}

function alarmOf({ name, alarm }: SymbolRow['fields'][number], row: SymbolRow) {
  const siblings = row.fields.map((each) => each.name);
  // Control words hold wishes, not what is the matter.
  const own = alarm ?? (row.access === 'r' ? usualAlarm(name, siblings) : undefined);
  return own === 'none' ? undefined : own;
}

function channelMistake(text: string, many: boolean): string | undefined {
  if (text.includes('{channel}') === many) return undefined;
  return many
    ? 'must hold {channel}, for the row has channels'
    : 'holds {channel}: add the key channels, such as channels: 4';
}

/** Fields are read from whole bytes; a field of 8, 16 or 32 bits must be bytes itself. */
function fieldMistake(
  { bits: { bit, width } }: SymbolRow['fields'][number],
  { type }: Pick<SymbolRow, 'type'>,
): string | undefined {
  if (type.kind !== 'int') return 'are of a row that is no integer: make its type UINT, say';
  const size = 8 * byteLength(type);
  if (width < 1) return 'must rise: first..last';
  if (bit + width > size) return `reach beyond the ${size} bits of the row`;
  const isBytes = width === 8 || width === 16 || width === 32;
  return isBytes && bit % 8 !== 0 ? `are ${width} bits that must begin at a whole byte` : undefined;
}

/** By what a row is; words of status and control bits, texts and arrays have none. */
function usualTemplate({ type, access, fields, scale, labels }: SymbolRow): string | undefined {
  const way = access === 'rw' ? 'output' : 'input';
  if (type.kind === 'bool') return `digital-${way}`;
  if (type.kind === 'float' || scale !== undefined) return `analogue-${way}`;
  const isNumber = type.kind === 'int' && fields.length === 0 && labels === undefined;
  return isNumber ? `integer-${way}` : undefined;
}

/** Bits lie in the bit-addressed image, everything else in the byte-addressed one. */
function usualGroup({ type, access }: SymbolRow): number {
  const bytes = access === 'rw' ? 0xf020 : 0xf030;
  return type.kind === 'bool' ? bytes + 1 : bytes;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
