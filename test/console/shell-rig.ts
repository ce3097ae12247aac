import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Command } from '../../src/console/command.ts';
import { CommandTable } from '../../src/console/command-table.ts';
import { shellCommands } from '../../src/console/commands/shell-commands.ts';
import { Environment, type Variables } from '../../src/console/environment.ts';
import { TextOutput } from '../../src/console/output.ts';
import { Shell } from '../../src/console/shell.ts';
import { MacroTable } from '../../src/database/index.ts';
import type { Scope } from '../../src/kernel/index.ts';

/** A shell that prints into memory. */
export function shellRig(more: readonly Command[] = [], variables: Variables = {}) {
  const environment = new Environment(variables);
  const out = new TextOutput();
  const err = new TextOutput();
  const stop = new AbortController();
  const shell = new Shell(
    {
      commands: new CommandTable([...shellCommands, ...more]),
      environment,
      macros: new MacroTable('', (name) => environment.get(name)),
      streams: { out, err },
    },
    stop.signal,
  );
  return { shell, out, err, environment, stop };
}

/** A command of a test. */
export function command(name: string, run: Command['run'], ...kinds: readonly string[]): Command {
  const parameters = kinds.map((kind) => ({ name: kind, kind }) as Command['parameters'][number]);
  return { name, parameters, usage: `Does ${name}.`, run };
}

/** A folder that is gone with the scope, and how to write files in it. */
export function temporaryFolder(scope: Scope) {
  const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-'));
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, ...lines: readonly string[]) => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  return { folder, write };
}

/** Waits until a check holds, as long as a busy machine may need. */
export function eventually<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 30_000, interval: 5 });
}
