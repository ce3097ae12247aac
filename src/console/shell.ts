import type { MacroTable } from '../database/index.ts';
import { argumentsOf } from './arguments.ts';
import type { CommandTable } from './command-table.ts';
import { Complaint, complaintOf } from './complaint.ts';
import type { Environment } from './environment.ts';
import { printCommand } from './print-command.ts';
import { redirected, type Streams } from './redirection.ts';
import { type OnError, Script } from './script.ts';
import { splitWords, type Words } from './words.ts';

/** How a line ended. */
export type LineEnd = 'done' | 'failed' | 'exit';

/** Files that call each other stop here. */
const DEEPEST_NESTING = 32;

/** What a shell needs. */
export interface ShellMeans {
  readonly commands: CommandTable;
  readonly environment: Environment;
  /** Values of `$(NAME)`, with the environment behind them. */
  readonly macros: MacroTable;
  readonly streams: Streams;
}

/**
 * Runs command lines and files of them, one after the other. What a command throws is printed, and
 * ends that command only.
 */
export class Shell {
  readonly commands: CommandTable;
  readonly environment: Environment;
  readonly macros: MacroTable;
  readonly signal: AbortSignal;
  #streams: Streams;
  readonly #scripts: Script[] = [];

  constructor({ commands, environment, macros, streams }: ShellMeans, signal: AbortSignal) {
    this.commands = commands;
    this.environment = environment;
    this.macros = macros;
    this.#streams = streams;
    this.signal = signal;
  }

  /** The file that is being read; undefined while a person types. */
  get script(): Script | undefined {
    return this.#scripts.at(-1);
  }

  /** Runs one line. Rejects only when the shell ends: its signal, or an output that is gone. */
  async run(line: string): Promise<LineEnd> {
    try {
      return await this.#runLine(line);
    } catch (error) {
      this.signal.throwIfAborted();
      const place = this.script?.name ? `${this.script.place}: ` : '';
      await this.#streams.err.write(`${place}${complaintOf(error)}\n`);
      return 'failed';
    }
  }

  /** Runs a file, with macros of its own; false when it stopped for an error. */
  async runFile(path: string, macros = '', onError?: OnError): Promise<boolean> {
    return this.#runScript(await Script.read(path, onError), macros);
  }

  /** Runs one command for another, with macros of its own. */
  runCommand(line: string, macros = ''): Promise<boolean> {
    return this.#runScript(new Script('', line, { kind: 'break' }), macros);
  }

  async #runScript(script: Script, macros: string): Promise<boolean> {
    if (this.#scripts.length >= DEEPEST_NESTING) {
      throw new Complaint(`${script.name}: more than ${DEEPEST_NESTING} files call each other`);
    }
    this.macros.pushScope();
    this.#scripts.push(script);
    try {
      this.macros.define(macros);
      return await this.#runLines(script);
    } finally {
      this.#scripts.pop();
      this.macros.popScope();
    }
  }

  async #runLines(script: Script): Promise<boolean> {
    for (const line of script) {
      this.signal.throwIfAborted();
      const end = await this.run(line);
      if (end === 'exit') return true;
      if (end === 'failed' && !(await script.goesOn(this.signal))) {
        await this.#streams.err.write(`${script.place}: stopped here\n`);
        return false;
      }
    }
    return true;
  }

  async #runLine(line: string): Promise<LineEnd> {
    const isComment = line.trimStart().startsWith('#');
    const expanded = isComment ? line : this.#expanded(line);
    const text = expanded.trimStart();
    if (text !== '' && !text.startsWith('#-') && this.script?.name) {
      await this.#streams.out.write(`${expanded}\n`);
    }
    if (text === '' || text.startsWith('#')) return 'done';
    return this.#runWords(splitWords(text));
  }

  #expanded(line: string): string {
    const { text, faults } = this.macros.expand(line);
    const [fault] = faults;
    if (fault) throw new Complaint(`${fault.message} (in ${line.trim()})`);
    return text;
  }

  async #runWords({ words, redirects }: Words): Promise<LineEnd> {
    const [name, ...rest] = words;
    const input = redirects.find(({ mode }) => mode === 'read');
    if (name === undefined) return input ? this.#include(input.file) : 'done';
    if (name === 'exit') return 'exit';
    const command = this.commands.find(name);
    if (!command) throw new Complaint(this.commands.absence(name));
    const args = argumentsOf(command, rest);
    const outer = this.#streams;
    await using streams = await redirected(outer, redirects);
    this.#streams = streams;
    try {
      return await printCommand(command, args, this, streams);
    } finally {
      this.#streams = outer;
    }
  }

  /** `< file` */
  async #include(file: string): Promise<LineEnd> {
    return (await this.runFile(file)) ? 'done' : 'failed';
  }
}
