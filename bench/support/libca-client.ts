import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** This file runs from node_modules/.cache/twincat-ioc-bench/bench/support. */
const compiled = fileURLToPath(new URL('../..', import.meta.url));
const root = join(compiled, '../../..');
const source = join(root, 'bench/libca/client.c');

const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib'];

/** The C client, compiled; or why it cannot be. */
export function compileLibcaClient(): { readonly program: string } | { readonly missing: string } {
  const library = folders.flatMap(listLibca)[0];
  if (!library) return { missing: 'libca is missing (apt-get install libca-dev)' };
  const program = join(compiled, 'libca-client');
  mkdirSync(dirname(program), { recursive: true });
  const { status, error } = spawnSync('gcc', ['-O2', '-pthread', source, library, '-o', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (error) return { missing: 'gcc is missing' };
  return status === 0 ? { program } : { missing: 'bench/libca/client.c does not compile' };
}

function listLibca(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^libca\.so(\.\d+)*$/.test(name))
    .map((name) => join(folder, name));
}

/** A client on libca in a process of its own: one command at a time, answered with numbers. */
export class LibcaClient implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #lines: Interface;
  readonly #exited: Promise<void>;

  /** `nameFormat`: C's format of PV names, with one %d. */
  constructor(program: string, udpPort: number, nameFormat: string) {
    this.#process = spawn(program, [nameFormat], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        EPICS_CA_ADDR_LIST: '127.0.0.1',
        EPICS_CA_AUTO_ADDR_LIST: 'NO',
        EPICS_CA_SERVER_PORT: String(udpPort),
        EPICS_CA_AUTO_ARRAY_BYTES: 'YES',
        EPICS_CA_MAX_ARRAY_BYTES: '20000000',
        // Nobody's port, and no program to start: no repeater is left behind.
        EPICS_CA_REPEATER_PORT: '15065',
      },
    });
    if (!this.#process.stdout) throw new Error('the libca client has no output');
    this.#lines = createInterface(this.#process.stdout);
    // The library itself complains of the repeater that is missing; what the client says counts.
    this.#process.stderr?.on('data', (text) => {
      if (String(text).includes('libca client:')) process.stderr.write(text);
    });
    this.#exited = new Promise((resolve) => this.#process.once('exit', () => resolve()));
  }

  /** Resolves with the numbers of the answer; the first is seconds. */
  call(...command: readonly (string | number)[]): Promise<number[]> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error(`the libca client ended at "${command.join(' ')}"`));
      this.#process.once('exit', gone);
      this.#lines.once('line', (line) => {
        this.#process.off('exit', gone);
        resolve(line.split(' ').map(Number));
      });
      this.#process.stdin?.write(`${command.join(' ')}\n`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await this.#exited;
  }
}
