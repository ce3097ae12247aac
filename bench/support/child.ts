import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Operations } from './offer.ts';

/** Longest that one operation may take, and that a process may take to end, in milliseconds. */
const OPERATION_MS = 20_000;
const FAREWELL_MS = 1000;

type Waiting = { resolve(result: unknown): void; reject(error: Error): void };

/** A process of its own, so that what is measured shares no CPU time with what drives it. */
export class Child<Offered extends Operations> implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** `name`: a file of `bench/processes`. */
  constructor(name: string, nodeArguments: readonly string[] = []) {
    this.#name = name;
    const file = fileURLToPath(new URL(`../processes/${name}.js`, import.meta.url));
    const execArgv = [...profiling(name), ...nodeArguments];
    this.#process = fork(file, { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#exited = new Promise((resolve) => this.#process.once('exit', () => resolve()));
    this.#process.on('message', (answer: Answer) => this.#settle(answer));
    this.#process.once('exit', (code, signal) => this.#failAll(`ended with ${code ?? signal}`));
    this.#process.once('error', (error) => this.#failAll(error.message));
  }

  /** Asks for an operation; rejects when it fails, takes too long, or the process ends. */
  call<Name extends keyof Offered & string>(
    operation: Name,
    ...[given]: Parameters<Offered[Name]>
  ): Promise<Awaited<ReturnType<Offered[Name]>>> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`${this.#name}: ${operation} took too long`));
      const timer = setTimeout(late, OPERATION_MS);
      this.#waiting.set(id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result as Awaited<ReturnType<Offered[Name]>>);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#process.send({ id, operation, given });
    });
  }

  /** What `work` comes to, unless this process ends before. */
  during<T>(work: Promise<T>): Promise<T> {
    const lost = this.#exited.then(() => {
      throw new Error(`${this.#name} ended too early`);
    });
    return Promise.race([work, lost]);
  }

  /** Ends the process: by itself if it can, else by force. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const timer = setTimeout(() => this.#process.kill('SIGKILL'), FAREWELL_MS);
      if (this.#process.connected) this.#process.disconnect();
      await this.#exited;
      clearTimeout(timer);
    }
  }

  #settle({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(`${this.#name}: ${error}`));
  }

  #failAll(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(`${this.#name} ${why}`));
    this.#waiting.clear();
  }
}

/** With BENCH_PROFILE=NAME that process leaves a CPU profile in the working directory. */
function profiling(name: string): readonly string[] {
  return process.env['BENCH_PROFILE'] === name ? ['--cpu-prof', `--cpu-prof-dir=profiles`] : [];
}
