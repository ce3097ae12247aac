import type { Database, DatabaseRecord, DatabaseValue } from './database.ts';
import { databaseKeywords } from './database-parser.ts';
import { escaped } from './escapes.ts';

/**
 * A database as text, in the form of dbWriteRecord; `readDatabase` reads the same from it. Values
 * that are JSON stay JSON.
 */
export function writeDatabase({ records, breakTables = [] }: Database): string {
  const tables = breakTables.map(({ name, points }) => {
    const numbers = points.map(({ raw, engineering }) => `\t${raw} ${engineering}\n`);
    return `breaktable(${quoted(name)}) {\n${numbers.join('')}}\n`;
  });
  return [...tables, ...records.map(recordText)].join('');
}

function recordText(record: DatabaseRecord): string {
  const { type, name, fields, infos, aliases } = record;
  const lines = [
    `record(${word(type)},"${name}") {\n`,
    ...fields.map((field) => `\tfield(${word(field.name)},${valueText(field)})\n`),
    ...infos.map((info) => `\tinfo("${info.name}",${valueText(info)})\n`),
    '}\n',
    ...aliases.map((alias) => `alias("${name}","${alias}")\n`),
  ];
  return lines.join('');
}

function valueText({ text, json }: DatabaseValue): string {
  if (json !== undefined) return text;
  // A text that looks like a macro must not be taken for one.
  return `"${escaped(text).replace(/\$(?=[({])/g, '\\$')}"`;
}

/** Names keep their backslashes as they are: nothing resolves them. */
function word(name: string): string {
  return /^[\w\-+:.[\]<>;]+$/.test(name) && !databaseKeywords.has(name) ? name : quoted(name);
}

function quoted(name: string): string {
  return `"${name}"`;
}
