import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './environment.ts';

/** Lines of history, as many as iocsh keeps. */
export const MOST_REMEMBERED = 1024;

/** Where iocsh keeps its history: EPICS_IOCSH_HISTFILE, which may be empty for nowhere. */
export function historyFile(environment: Environment): string | undefined {
  const given = environment.get('EPICS_IOCSH_HISTFILE') ?? '.iocsh_history';
  if (given === '') return undefined;
  return given.startsWith('~/') ? join(homedir(), given.slice(2)) : given;
}

/** The lines of a history file, newest first; none where it cannot be read. */
export function readHistory(file: string | undefined): string[] {
  if (file === undefined) return [];
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines
      .filter((line) => line !== '')
      .toReversed()
      .slice(0, MOST_REMEMBERED);
  } catch {
    return [];
  }
}

/** Writes a history, newest first as it is held, oldest first in the file; not being able to is no harm. */
export function writeHistory(file: string | undefined, history: readonly string[]): void {
  if (file === undefined || history.length === 0) return;
  try {
    writeFileSync(file, `${history.toReversed().join('\n')}\n`, { mode: 0o600 });
  } catch {
    // A read-only folder: the history is a comfort, not worth a message.
  }
}
