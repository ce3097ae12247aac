import type { Arguments, Command, Lines } from './command.ts';
import { LinePrinter } from './output.ts';
import type { Streams } from './redirection.ts';
import type { Shell } from './shell.ts';

/** Runs a command and prints what it yields, as fast as whoever reads it takes it. */
export async function printCommand(
  command: Command,
  args: Arguments,
  shell: Shell,
  { out, err }: Streams,
): Promise<'done' | 'failed'> {
  const printer = new LinePrinter(out);
  const complaints: string[] = [];
  let hasFailed = false;
  const settle = async () => {
    await printer.flush();
    if (complaints.length === 0) return;
    hasFailed = true;
    await err.write(`${complaints.splice(0).join('\n')}\n`);
  };
  try {
    const complain = (line: string) => {
      complaints.push(line);
    };
    const lines = await command.run({ args, shell, complain });
    for await (const _chunk of chunks(lines ?? [], printer, complaints)) {
      await settle();
      shell.signal.throwIfAborted();
    }
  } finally {
    await settle();
  }
  return hasFailed ? 'failed' : 'done';
}

/** Gives lines to the printer, and stops wherever something should be written. */
async function* chunks(
  lines: Lines,
  printer: LinePrinter,
  complaints: readonly string[],
): AsyncGenerator<void> {
  // Not one `for await`: it would wait for a turn at each of a hundred thousand lines.
  if (Symbol.iterator in lines) {
    for (const line of lines) {
      if (complaints.length > 0) yield;
      if (printer.takes(line)) yield;
    }
  } else {
    for await (const line of lines) {
      if (complaints.length > 0) yield;
      if (printer.takes(line)) yield;
    }
  }
}
