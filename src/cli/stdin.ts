import { readFileSync } from 'node:fs';

/** The person, or the program, on standard input, as a console takes it. */
export function standardStreams(onInterrupt: () => void) {
  const { stdin: input, stdout: output, stderr: errors } = process;
  // Both: keys of a terminal cannot be shown in a file.
  const isTerminal = input.isTTY === true && output.isTTY === true;
  return { input, output, errors, isTerminal, echo: true, isOwn: true, onInterrupt };
}

/**
 * Whether this process may read its terminal: one in the background is stopped when it does.
 * Where the system does not tell, it may.
 */
export function ownsTerminal(): boolean {
  if (!process.stdin.isTTY) return false;
  try {
    // proc(5): after the name in parentheses come state, ppid, pgrp, session, tty_nr, tpgid.
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[2] === fields[5];
  } catch {
    return true;
  }
}

/** An IOC runs on when nobody takes what it prints any more: a pipe to `tee` that died, a wrapper. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
