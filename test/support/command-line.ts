import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from '../../src/kernel/index.ts';
import { repository } from './demo-ioc.ts';

const main = join(repository, 'dist/main.js');
const withParent = join(repository, 'test/support/with-parent.mjs');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the built command line; `npm test` builds before it tests. */
export class Running {
  stdout = '';
  stderr = '';
  readonly finished: Promise<Finished>;
  readonly #child: ChildProcess;

  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    stdin: 'ignore' | 'pipe' = 'ignore',
  ) {
    if (!existsSync(main)) throw new Error('dist/ is missing: run the tests by npm test');
    this.#child = spawn(process.execPath, ['--import', withParent, main, ...args], {
      stdio: [stdin, 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#child.stdout?.on('data', (text) => {
      this.stdout += String(text);
    });
    this.#child.stderr?.on('data', (text) => {
      this.stderr += String(text);
    });
    this.finished = once(this.#child, 'close').then(([code]) => ({
      code,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Writes to its standard input, which must be a pipe. */
  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Ends its standard input. */
  end(text = ''): void {
    this.#child.stdin?.end(text);
  }

  /** Takes nothing any more of what it prints, as a pipe whose reader died. */
  leave(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

/** Starts `twincat-ioc` with arguments; it is killed with the scope, if it still runs then. */
export function start(
  scope: Scope,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin: 'ignore' | 'pipe' = 'ignore',
): Running {
  const running = new Running(args, env, stdin);
  scope.defer(async () => {
    running.signal('SIGKILL');
    await running.finished;
  });
  return running;
}
