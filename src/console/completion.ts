import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command, ParameterKind } from './command.ts';
import type { CommandTable } from './command-table.ts';

/** The names that arguments are completed to. */
export interface RecordNames {
  /** Names of records and aliases. */
  recordNames(): Iterable<string>;
  /** Field names of a record; none of one that is not there. */
  fieldNames(record: string): Iterable<string>;
}

/** What words are completed from. */
export interface CompletionSources {
  readonly commands: CommandTable;
  readonly names: RecordNames;
}

/** Most candidates that are listed; of more, only what they begin with in common. */
const MOST_LISTED = 200;

/** What the word at the end of a line may become, and that word: as node:readline asks it. */
export function complete(line: string, sources: CompletionSources): [string[], string] {
  const [, before = '', word = ''] = /^(.*[ \t(),"'])?([^ \t(),"']*)$/s.exec(line) ?? [];
  const found = candidates(before.trim(), word, sources);
  const sorted = [...new Set(found)].toSorted();
  const [only] = sorted;
  if (sorted.length === 1 && before.trim() === '') return [[`${only} `], word];
  if (sorted.length <= MOST_LISTED) return [sorted, word];
  const common = commonStart(sorted);
  return [common.length > word.length ? [common] : [], word];
}

function candidates(before: string, word: string, sources: CompletionSources): readonly string[] {
  const { commands } = sources;
  if (before === '') return starting(commands.names(), word);
  const words = before.split(/[ \t(),"']+/).filter((each) => each !== '');
  if (/<\s*$/.test(before)) return paths(word);
  const command = commands.find(words[0] ?? '');
  switch (command && kindAt(command, words.length - 1)) {
    case 'command':
      return starting(commands.names(), word);
    case 'record':
      return records(word, sources.names);
    case 'path':
      return paths(word);
    case 'base':
      return starting(['pdbbase'], word);
    default:
      return [];
  }
}

/** The kind of an argument; the last parameter may take any number of them. */
function kindAt({ name, parameters }: Command, at: number): ParameterKind | undefined {
  const kind = parameters[at]?.kind ?? (parameters.at(-1)?.kind === 'rest' ? 'rest' : undefined);
  return kind === 'rest' && name === 'help' ? 'command' : kind;
}

function records(word: string, names: RecordNames): readonly string[] {
  const dot = word.indexOf('.');
  if (dot < 0) return starting(names.recordNames(), word);
  const record = word.slice(0, dot);
  return [...starting(names.fieldNames(record), word.slice(dot + 1))].map(
    (field) => `${record}.${field}`,
  );
}

function paths(word: string): readonly string[] {
  const folder = word.endsWith('/') ? word : dirname(word);
  const shown = word.includes('/') ? folder : '';
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const names = entries.map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`);
    return starting(
      names.map((name) => (shown === '' ? name : join(shown, name))),
      word,
    );
  } catch {
    return [];
  }
}

function starting(names: Iterable<string>, start: string): readonly string[] {
  const found: string[] = [];
  for (const name of names) if (name.startsWith(start)) found.push(name);
  return found;
}

/** What sorted texts begin with: the first and the last differ most. */
function commonStart(sorted: readonly string[]): string {
  const first = sorted[0] ?? '';
  const last = sorted.at(-1) ?? '';
  let length = 0;
  while (length < first.length && first[length] === last[length]) length++;
  return first.slice(0, length);
}
