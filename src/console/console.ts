import type { Readable, Writable } from 'node:stream';
import { MacroTable } from '../database/index.ts';
import type { CommandTable } from './command-table.ts';
import { type CompletionSources, complete, type RecordNames } from './completion.ts';
import type { Environment } from './environment.ts';
import { historyFile, readHistory, writeHistory } from './history.ts';
import type { LineSource } from './line-source.ts';
import { PlainLines } from './plain-lines.ts';
import type { Streams } from './redirection.ts';
import type { OnError } from './script.ts';
import { Shell } from './shell.ts';
import { StreamOutput } from './stream-output.ts';
import { TerminalLines } from './terminal-lines.ts';

/** How a session ended: by the command `exit`, or because there is no more input. */
export type SessionEnd = 'exit' | 'end';

/** The streams of a person, or of what stands for one. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  /** Where errors go; `output` if not given. */
  readonly errors?: Writable;
  /** Keys come one by one and are to be shown; else lines come whole. */
  readonly isTerminal: boolean;
  /** Print lines that came whole behind their prompts. */
  readonly echo?: boolean;
  /** Its first prompt is there already. */
  readonly isPrompted?: boolean;
  /**
   * It is the terminal of the process: its history is kept in the file that EPICS_IOCSH_HISTFILE
   * names, and Ctrl-Z suspends.
   */
  readonly isOwn?: boolean;
  /** Ctrl-C on an empty line. */
  readonly onInterrupt?: () => void;
  /** It wants carriage returns. */
  readonly isRaw?: boolean;
  /** How long it may take nothing of what is printed before it counts as gone. */
  readonly patienceMs?: number;
}

/** Shells on the same commands and the same environment, one for each client. */
export class Console {
  readonly #sources: CompletionSources;
  readonly #environment: Environment;

  constructor(commands: CommandTable, names: RecordNames, environment: Environment) {
    this.#sources = { commands, names };
    this.#environment = environment;
  }

  get prompt(): string {
    return this.#environment.prompt;
  }

  /** A shell of its own, which prints where it is told. */
  shell(streams: Streams, signal: AbortSignal): Shell {
    const environment = this.#environment;
    const macros = new MacroTable('', (name) => environment.get(name));
    return new Shell({ commands: this.#sources.commands, environment, macros, streams }, signal);
  }

  /** Runs a file of commands; false when it stopped for an error. Throws when it cannot be read. */
  runFile(
    path: string,
    { output, errors = output }: Pick<Terminal, 'output' | 'errors'>,
    onError: OnError,
    signal: AbortSignal,
  ): Promise<boolean> {
    const out = new StreamOutput(output, signal);
    const err = new StreamOutput(errors, signal);
    return this.shell({ out, err }, signal).runFile(path, '', onError);
  }

  /** Runs what a terminal says until `exit`, the end of its input, or the signal. */
  async session(terminal: Terminal, signal: AbortSignal): Promise<SessionEnd> {
    const { output, errors, isOwn, isTerminal } = terminal;
    const out = new StreamOutput(output, signal, terminal);
    const err = errors ? new StreamOutput(errors, signal, terminal) : out;
    const shell = this.shell({ out, err }, signal);
    const file = isOwn && isTerminal ? historyFile(this.#environment) : undefined;
    const history = readHistory(file);
    using lines = this.#lines(terminal, out, history, signal);
    const stop = () => lines[Symbol.dispose]();
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await runLines(shell, lines, isPromptedPlain(terminal));
    } finally {
      if (isTerminal && output.writable) output.write('\n');
      signal.removeEventListener('abort', stop);
      writeHistory(file, history);
    }
  }

  #lines(
    terminal: Terminal,
    out: StreamOutput,
    history: string[],
    signal: AbortSignal,
  ): LineSource {
    const { input, output, isTerminal, echo = false, onInterrupt = () => {} } = terminal;
    if (!isTerminal) return new PlainLines(input, out, echo, signal);
    const completeLine = (line: string) => complete(line, this.#sources);
    const isOwn = terminal.isOwn ?? false;
    return new TerminalLines(input, output, {
      complete: completeLine,
      history,
      onInterrupt,
      isOwn,
    });
  }
}

/** A terminal draws its prompt anew in the same place; plain text would repeat it. */
function isPromptedPlain({ isPrompted = false, isTerminal }: Terminal): boolean {
  return isPrompted && !isTerminal;
}

async function runLines(shell: Shell, lines: LineSource, isPrompted: boolean): Promise<SessionEnd> {
  for (let isFirst = true; ; isFirst = false) {
    const line = await lines.next(isFirst && isPrompted ? '' : shell.environment.prompt);
    if (line === undefined) return 'end';
    if ((await shell.run(line)) === 'exit') return 'exit';
  }
}
