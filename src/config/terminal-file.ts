import { z } from 'zod';
import type { SymbolDefinition, TerminalDefinition } from '../model/index.ts';
import { coeObject, coeObjectsOf } from './coe-section.ts';
import { section } from './issue-text.ts';
import { presentation, presentationOf } from './presentation.ts';
import { datatype, unsigned, word } from './scalars.ts';
import { snakeCase } from './words.ts';

const groups = [
  'DigIn',
  'DigOut',
  'AnaIn',
  'AnaOut',
  'Measuring',
  'PowerSupply',
  'CpBk',
  'SystemBk',
] as const;

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
    if (typeof given === 'number') return { bit: given, width: 1 };
    const [first = 0, last = 0] = given.split('..').map(Number);
    return { bit: first, width: last - first + 1 };
  });

const field = section({
  bits,
  name: word,
  attribute: attributeName.optional(),
  ...presentation,
});

const channels = z.union(
  [z.int().min(1).max(256), z.array(z.int().min(0)).min(1)],
  'must be the number of channels, or a list of channel numbers',
);

const symbol = section({
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
  fields: z.array(field).default([]),
  ...presentation,
}).check((context) => {
  const { symbol: name, attribute, channels: given } = context.value;
  const many = given !== undefined;
  for (const [key, text] of Object.entries({ symbol: name, attribute })) {
    if (text.includes('{channel}') === many) continue;
    const message = many
      ? 'must hold {channel}, for it has channels'
      : 'holds {channel}: add the key channels';
    context.issues.push({ code: 'custom', path: [key], message, input: text });
  }
});

const terminal = section({
  type: word,
  description: word,
  group: z.enum(groups),
  identity: section({ vendor: unsigned(32), product: unsigned(32), revision: unsigned(32) }),
  pdos: word.optional(),
  symbols: z.array(symbol).default([]),
  coe: z.array(coeObject).default([]),
});

/** A file of `config/terminals`. */
export const terminalFile = terminal.transform(
  ({ pdos, symbols, coe, ...rest }): TerminalDefinition => ({
    ...rest,
    ...(pdos !== undefined && { pdoGroup: pdos }),
    symbols: symbols.map((row) => symbolDefinition(row, pdos)),
    coe: coe.flatMap(coeObjectsOf),
  }),
);

function symbolDefinition(row: z.infer<typeof symbol>, pdos: string | undefined): SymbolDefinition {
  const channels = typeof row.channels === 'number' ? upTo(row.channels) : (row.channels ?? [1]);
  return {
    name: row.attribute,
    symbol: row.symbol,
    description: row.description ?? row.symbol,
    datatype: row.type,
    channels,
    access: row.access,
    indexGroup: row.group ?? usualGroup(row),
    byte: row.byte,
    bit: row.bit,
    ...(row.pdos !== undefined && { pdoGroup: row.pdos }),
    selected: row.selected ?? (row.pdos === undefined || row.pdos === pdos),
    fields: row.fields.map(({ bits: place, name, attribute, ...shown }) => ({
      name: attribute ?? `${row.attribute}_${snakeCase(name)}`,
      description: `${row.symbol}.${name}`,
      ...place,
      ...presentationOf(shown),
    })),
    ...presentationOf(row),
  };
}

/** Bits lie in the bit-addressed image, everything else in the byte-addressed one. */
function usualGroup({ type, access }: z.infer<typeof symbol>): number {
  const bytes = access === 'rw' ? 0xf020 : 0xf030;
  return type.kind === 'bool' ? bytes + 1 : bytes;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
