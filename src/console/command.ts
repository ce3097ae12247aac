import type { Shell } from './shell.ts';

/**
 * What an argument is: how it is converted, and how it is completed. `rest` takes all that follow;
 * `base` is the word pdbbase, which some commands of EPICS want.
 */
export type ParameterKind =
  | 'string'
  | 'record'
  | 'path'
  | 'command'
  | 'integer'
  | 'number'
  | 'base'
  | 'rest';

export interface Parameter {
  /** As `help` shows it; names with blanks are shown in quotes. */
  readonly name: string;
  readonly kind: ParameterKind;
}

/** What a command prints, line by line, when whoever reads it is ready for more. */
export type Lines = Iterable<string> | AsyncIterable<string>;

/** One command of the shell. */
export interface Command {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** What it does, for `help`. */
  readonly usage: string;
  /** Runs it. What it yields is printed; a Complaint that it throws is printed where errors go. */
  run(call: Call): Lines | undefined | Promise<void>;
}

/** A command with its arguments, on its way to be run. */
export interface Call {
  readonly args: Arguments;
  readonly shell: Shell;
  /** Prints a line where errors go, and goes on. */
  complain(line: string): void;
}

/** The arguments of a call, converted as the parameters say. */
export class Arguments {
  readonly #values: readonly (string | number | undefined)[];
  /** Words that a `rest` parameter took. */
  readonly rest: readonly string[];

  constructor(values: readonly (string | number | undefined)[], rest: readonly string[]) {
    this.#values = values;
    this.rest = rest;
  }

  /** The argument as text; undefined where it was not given. */
  text(at: number): string | undefined {
    const value = this.#values[at];
    return value === undefined ? undefined : String(value);
  }

  /** A number; 0 where it was not given. */
  number(at: number): number {
    return Number(this.#values[at] ?? 0);
  }
}
