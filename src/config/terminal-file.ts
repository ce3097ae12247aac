import { z } from 'zod';
import type { TerminalDefinition } from '../model/index.ts';
import { coeObject, coeObjectsOf } from './coe-section.ts';
import { section } from './issue-text.ts';
import { unsigned, word } from './scalars.ts';
import { symbolDefinition, symbolRow } from './symbol-section.ts';

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

const terminal = section({
  type: word,
  description: word,
  group: z.enum(groups),
  identity: section({ vendor: unsigned(32), product: unsigned(32), revision: unsigned(32) }),
  pdos: word.optional(),
  symbols: z.array(symbolRow).default([]),
  coe: z.array(coeObject).default([]),
}).check(({ value, issues }) => {
  const first = new Map<string, string>();
  for (const { name, path } of attributesOf(value)) {
    const other = first.get(name);
    if (other === undefined) first.set(name, path.join('.'));
    else {
      const message = `comes to the attribute ${name}, as ${other} does; add or change the key attribute`;
      issues.push({ code: 'custom', path, message, input: name });
    }
  }
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

/** Every attribute name and the part of the file that it comes from. */
function* attributesOf({ symbols, coe }: z.infer<typeof terminal>) {
  for (const [i, row] of symbols.entries()) {
    const { name, channels, fields } = symbolDefinition(row, undefined);
    for (const channel of channels) {
      const named = (text: string) => text.replaceAll('{channel}', String(channel));
      yield { name: named(name), path: ['symbols', i] };
      for (const [j, field] of fields.entries()) {
        yield { name: named(field.name), path: ['symbols', i, 'fields', j] };
      }
    }
  }
  for (const [i, object] of coe.entries()) {
    for (const [j, row] of object.subindices.entries()) {
      const single = { ...object, subindices: [row] };
      for (const { entries } of coeObjectsOf(single)) {
        for (const { name } of entries) yield { name, path: ['coe', i, 'subindices', j] };
      }
    }
  }
}
