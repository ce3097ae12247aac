import type { Command, Lines, Parameter } from '../command.ts';
import type { CommandTable } from '../command-table.ts';

/** Columns of the list of commands. */
const COLUMN = 16;
const LAST_COLUMN = 64;
const WIDTH = 79;

export const help: Command = {
  name: 'help',
  parameters: [{ name: '[command ...]', kind: 'rest' }],
  usage: `With no arguments, list the commands.
With arguments, what they take and do; names may have wildcards.`,
  *run({ args: { rest }, shell: { commands } }): Lines {
    if (rest.length === 0) {
      yield* columns(commands.names());
      yield '';
      yield "Type 'help <command>' to see the arguments of <command>.  eg. 'help db*'";
      return;
    }
    yield* rest.flatMap((pattern) => [...described(commands, pattern)]);
  },
};

/** Names in columns, the longer ones over several, as iocsh sets them. */
function* columns(names: readonly string[]): Iterable<string> {
  let line = '';
  for (const name of names) {
    if (line.length + name.length >= WIDTH) {
      yield line.trimEnd();
      line = '';
    }
    line += name;
    if (line.length >= LAST_COLUMN) {
      yield line;
      line = '';
    } else {
      line = `${line} `.padEnd(Math.ceil((line.length + 1) / COLUMN) * COLUMN);
    }
  }
  if (line !== '') yield line.trimEnd();
}

function* described(commands: CommandTable, pattern: string): Iterable<string> {
  for (const { name, parameters, usage } of commands.matching(pattern)) {
    yield '';
    yield [name, ...parameters.map(parameterText)].join(' ');
    yield '';
    yield usage;
  }
}

function parameterText({ name, kind }: Parameter): string {
  return name.includes(' ') && kind !== 'rest' ? `'${name}'` : name;
}
