import * as promises from 'node:fs/promises';
import type { FileCalls } from '../../../src/ops/index.ts';

/** An error as the file system gives it. */
export function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: made to fail`), { code });
}

/**
 * File operations that are counted; `fails` says which of them fail and how. Reading does not count.
 */
export class CountedCalls implements FileCalls {
  count = 0;
  fails: (count: number, what: string) => Error | undefined = () => undefined;
  readonly readFile = promises.readFile;
  readonly readdir = promises.readdir;
  readonly realpath = promises.realpath;
  readonly stat = promises.stat;

  readonly open: FileCalls['open'] = async (path, flags, mode) => {
    this.#step(flags === 'r' ? 'open folder' : 'open');
    const file = await promises.open(path, flags, mode);
    const { writeFile, sync } = file;
    file.writeFile = async (...args) => {
      // As a disk that is full does: a part is written.
      const error = this.#failure('write');
      if (!error) return writeFile.apply(file, args);
      await writeFile.call(file, String(args[0]).slice(0, 10));
      throw error;
    };
    file.sync = async () => {
      this.#step('sync');
      await sync.call(file);
    };
    return file;
  };

  readonly rename: FileCalls['rename'] = async (from, to) => {
    this.#step('rename');
    await promises.rename(from, to);
  };

  readonly unlink: FileCalls['unlink'] = async (path) => {
    this.#step('unlink');
    await promises.unlink(path);
  };

  #failure(what: string): Error | undefined {
    return this.fails(++this.count, what);
  }

  #step(what: string): void {
    const error = this.#failure(what);
    if (error) throw error;
  }
}
