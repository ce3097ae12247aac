import { recordTypes } from '../../records/index.ts';
import type { Command, Lines } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { matchesGlob } from '../glob.ts';
import { fieldText } from './field-text.ts';
import type { ListedRecord, RecordsView } from './records-view.ts';

/** The commands that list records. */
export function listingCommands(view: RecordsView): readonly Command[] {
  return [dbl(view), dbnr(view), dbgrep(view), dbla(view), dbli(view)];
}

function dbl(view: RecordsView): Command {
  return {
    name: 'dbl',
    parameters: [
      { name: 'record type', kind: 'string' },
      { name: 'fields', kind: 'string' },
    ],
    usage: `List the names of all records, or of those of one type, with fields of theirs if asked for.

Example: dbl
         dbl ai
         dbl ai "VAL EGU SCAN"`,
    *run({ args }): Lines {
      const type = args.text(0);
      const fields = (args.text(1) ?? '').split(/\s+/).filter((name) => name !== '');
      if (type && type !== '*' && !(type in recordTypes)) {
        throw new Complaint(`No record type ${type}`);
      }
      for (const [each, records] of byType(view)) {
        if (type && type !== '*' && each !== type) continue;
        for (const record of records) {
          yield [record.name, ...fields.map((field) => shown(view, record, field))].join(', ');
        }
      }
    },
  };
}

/** A field in quotes, nothing where the type has none of that name. */
function shown(view: RecordsView, { name, type, aliasOf }: ListedRecord, field: string): string {
  if (field === 'recordType') return `"${type}"`;
  const found = view.find(`${aliasOf ?? name}.${field}`);
  return found ? `"${fieldText(found)}"` : '';
}

/** Records by type, types by name. */
function byType(view: RecordsView): readonly (readonly [string, readonly ListedRecord[]])[] {
  const types = new Map<string, ListedRecord[]>();
  for (const record of view.list()) {
    const records = types.get(record.type);
    if (records) records.push(record);
    else types.set(record.type, [record]);
  }
  return [...types].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function dbnr(view: RecordsView): Command {
  return {
    name: 'dbnr',
    parameters: [{ name: 'verbose', kind: 'integer' }],
    usage: 'Count records and aliases by type; with 1, of types without records too.',
    *run({ args }): Lines {
      const counts = new Map<string, { records: number; aliases: number }>();
      if (args.number(0) !== 0) {
        const types = Object.keys(recordTypes).toSorted((a, b) => (a < b ? -1 : 1));
        for (const type of types) counts.set(type, { records: 0, aliases: 0 });
      }
      for (const [type, all] of byType(view)) {
        const aliases = all.filter(({ aliasOf }) => aliasOf !== undefined).length;
        counts.set(type, { records: all.length - aliases, aliases });
      }
      yield 'Records  Aliases  Record Type';
      for (const [type, { records, aliases }] of counts) {
        yield ` ${String(records).padStart(5)}    ${String(aliases).padStart(5)}    ${type}`;
      }
      const sum = (which: 'records' | 'aliases') =>
        [...counts.values()].reduce((total, count) => total + count[which], 0);
      yield `Total ${sum('records')} records, ${sum('aliases')} aliases`;
    },
  };
}

function dbgrep(view: RecordsView): Command {
  return {
    name: 'dbgrep',
    parameters: [{ name: 'pattern', kind: 'record' }],
    usage: `List the names that match a pattern: * stands for any characters, ? for one.

Example: dbgrep "*:Temp?"`,
    *run({ args }): Lines {
      const pattern = args.text(0);
      if (!pattern) throw new Complaint('Usage: dbgrep "pattern"');
      for (const [, records] of byType(view)) {
        for (const { name } of records) if (matchesGlob(name, pattern)) yield name;
      }
    },
  };
}

function dbla(view: RecordsView): Command {
  return {
    name: 'dbla',
    parameters: [{ name: 'pattern', kind: 'record' }],
    usage: 'List the aliases, or those that match a pattern, and what they stand for.',
    *run({ args }): Lines {
      const pattern = args.text(0) || '*';
      for (const { name, aliasOf } of view.list()) {
        if (aliasOf !== undefined && matchesGlob(name, pattern)) yield `${name} -> ${aliasOf}`;
      }
    },
  };
}

function dbli(view: RecordsView): Command {
  return {
    name: 'dbli',
    parameters: [{ name: 'pattern', kind: 'string' }],
    usage: `List the info tags, or those whose names match a pattern.

Example: dbli "autosave*"`,
    *run({ args }): Lines {
      const pattern = args.text(0) || '*';
      for (const [record, tag, text] of view.tags()) {
        if (matchesGlob(tag, pattern)) yield `${record} info(${tag}, "${text}")`;
      }
    },
  };
}
