import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/console/command.ts';
import { CommandTable } from '../../src/console/command-table.ts';
import { complete } from '../../src/console/completion.ts';

const command = (name: string, ...kinds: readonly Command['parameters'][number]['kind'][]) => ({
  name,
  parameters: kinds.map((kind) => ({ name: kind, kind })),
  usage: '',
  run: () => undefined,
});

const many = Array.from({ length: 1000 }, (_, i) => `M:${i}`);
const sources = {
  commands: new CommandTable([
    command('dbpr', 'record', 'integer'),
    command('dbpf', 'record', 'string'),
    command('help', 'rest'),
    command('dbLoadRecords', 'path'),
  ]),
  names: {
    recordNames: () => ['T:ai', 'T:ao', 'X', ...many],
    fieldNames: (record: string) => (record === 'T:ai' ? ['HIHI', 'HIGH', 'VAL'] : []),
  },
};

describe('completion', () => {
  it('offers commands for the first word, and after help', () => {
    expect(complete('db', sources)).toEqual([['dbLoadRecords', 'dbpf', 'dbpr'], 'db']);
    expect(complete('dbpr', sources)[0]).toEqual(['dbpr ']);
    expect(complete('help dbp', sources)[0]).toEqual(['dbpf', 'dbpr']);
  });

  it('offers records where a command takes one, in either way to write it', () => {
    expect(complete('dbpr T:', sources)).toEqual([['T:ai', 'T:ao'], 'T:']);
    expect(complete('dbpr("T:', sources)).toEqual([['T:ai', 'T:ao'], 'T:']);
    expect(complete('dbpr T:ai ', sources)).toEqual([[], '']);
  });

  it('offers fields behind the dot', () => {
    expect(complete('dbpf T:ai.HI', sources)[0]).toEqual(['T:ai.HIGH', 'T:ai.HIHI']);
  });

  it('offers paths', () => {
    expect(complete('dbLoadRecords src/cons', sources)[0]).toEqual(['src/console/']);
    expect(complete('dbLoadRecords nowhere/x', sources)[0]).toEqual([]);
  });

  it('of too many to list, says what they have in common', () => {
    expect(complete('dbpr M', sources)).toEqual([['M:'], 'M']);
    expect(complete('dbpr M:', sources)).toEqual([[], 'M:']);
  });
});
