import type { Command } from './command.ts';
import { matchesGlob } from './glob.ts';

/** Commands by which start-up files load record types. */
const dbdCommand = /^(dbLoadDatabase|\w+_registerRecordDeviceDriver)$/;

/** The commands of a shell, by name. */
export class CommandTable {
  readonly #commands: ReadonlyMap<string, Command>;

  /** Of two commands with one name the later counts. */
  constructor(commands: readonly Command[]) {
    const sorted = commands.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    this.#commands = new Map(sorted.map((command) => [command.name, command]));
  }

  /** Every name, sorted. */
  names(): readonly string[] {
    return [...this.#commands.keys()];
  }

  find(name: string): Command | undefined {
    return this.#commands.get(name) ?? (dbdCommand.test(name) ? builtIn(name) : undefined);
  }

  /** What to say of a name that is no command. */
  absence(name: string): string {
    const folded = name.toLowerCase();
    const meant = this.names().find((known) => known.toLowerCase() === folded);
    const hint = meant ? `; ${meant} is one` : '';
    return `Command ${name} not found${hint}.`;
  }

  /** Commands whose names match a pattern, sorted. */
  matching(pattern: string): readonly Command[] {
    return [...this.#commands.values()].filter(({ name }) => matchesGlob(name, pattern));
  }
}

/** Start-up files load record types before they use them; ours are all there from the start. */
function builtIn(name: string): Command {
  return {
    name,
    parameters: [{ name: 'argument ...', kind: 'rest' }],
    usage: 'Accepted: every record type is built in, there are no .dbd files.',
    run: () => {},
  };
}
