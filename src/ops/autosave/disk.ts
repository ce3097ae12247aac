import * as promises from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isComplete, textOfBytes } from '../../database/index.ts';

/** The file operations that saving takes; tests make each of them fail. */
export type FileCalls = Pick<
  typeof promises,
  'open' | 'readFile' | 'readdir' | 'realpath' | 'rename' | 'stat' | 'unlink'
>;

/** What can be said of a save file: it is not there, its writer did not come to its end, or it did. */
export type FileState = 'none' | 'bad' | 'good';

/** Largest save file that is read. */
const LARGEST = 256 * 2 ** 20;

/** As the C module makes its files: read by all, written by owner and group. */
const MODE = 0o664;

/** Files that are replaced as a whole or not at all, whatever ends the process or the machine. */
export class Disk {
  readonly #calls: FileCalls;
  /** Files that were written by us, by what told them then: they need not be read to be trusted. */
  readonly #known = new Map<string, string>();

  constructor(calls: FileCalls = promises) {
    this.#calls = calls;
  }

  /**
   * Puts parts in place of a file: beside it first, then on the disk, then under its name. When it
   * rejects the file is whole all the same: as it was, or the new one without a promise to last.
   */
  async write(path: string, parts: readonly (string | Uint8Array)[]): Promise<void> {
    const target = await this.#target(path);
    const draft = `${target}.new`;
    this.#known.delete(path);
    try {
      await this.#writeDraft(draft, parts);
      await this.#calls.rename(draft, target);
    } catch (error) {
      await this.#calls.unlink(draft).catch(() => {});
      throw error;
    }
    await this.#syncFolder(dirname(target));
    this.#known.set(path, await this.#identity(path));
  }

  /** The text of a file; undefined when there is none. */
  async read(path: string): Promise<string | undefined> {
    const bytes = await this.#bytes(path);
    return bytes && textOfBytes(bytes);
  }

  async state(path: string): Promise<FileState> {
    const known = this.#known.get(path);
    if (known !== undefined && known === (await this.#identity(path).catch(() => '')))
      return 'good';
    const text = await this.read(path);
    if (text === undefined) return 'none';
    return isComplete(text) ? 'good' : 'bad';
  }

  /** Copies a file in place of another; false when there is none to copy. */
  async copy(from: string, to: string): Promise<boolean> {
    const bytes = await this.#bytes(from);
    if (bytes === undefined) return false;
    await this.write(to, [bytes]);
    return true;
  }

  /** When a file was written, milliseconds since 1970; undefined when there is none. */
  async written(path: string): Promise<number | undefined> {
    try {
      return (await this.#calls.stat(path)).mtimeMs;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Deletes all but the newest `kept` of the files whose names are `path` and a date. */
  async prune(path: string, kept: number): Promise<void> {
    const folder = dirname(path);
    const names = await this.#calls.readdir(folder);
    const dated = names.filter((name) => isDated(name, basename(path))).sort();
    for (const name of dated.slice(0, Math.max(0, dated.length - kept))) {
      await this.#calls.unlink(join(folder, name));
    }
  }

  async #bytes(path: string): Promise<Uint8Array | undefined> {
    try {
      const { size } = await this.#calls.stat(path);
      if (size > LARGEST) throw new Error(`${path} is larger than ${LARGEST} bytes`);
      return await this.#calls.readFile(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** What a name that is a link stands for: a rename would put a file in the link's place. */
  async #target(path: string): Promise<string> {
    try {
      return await this.#calls.realpath(path);
    } catch (error) {
      if (isMissing(error)) return path;
      throw error;
    }
  }

  async #writeDraft(path: string, parts: readonly (string | Uint8Array)[]): Promise<void> {
    const file = await this.#calls.open(path, 'w', MODE);
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** A new name is on the disk only when its folder is. */
  async #syncFolder(path: string): Promise<void> {
    const folder = await this.#calls.open(path, 'r');
    try {
      await folder.sync();
    } catch (error) {
      // Some network file systems sync no folders, and need it not.
      if (!hasCode(error, 'EINVAL', 'ENOTSUP', 'EPERM')) throw error;
    } finally {
      await folder.close();
    }
  }

  async #identity(path: string): Promise<string> {
    const { ino, size, mtimeMs } = await this.#calls.stat(path);
    return `${ino} ${size} ${mtimeMs}`;
  }
}

function isDated(name: string, start: string): boolean {
  return name.startsWith(start) && /^\d{6}-\d{6}$/.test(name.slice(start.length));
}

function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && codes.includes(code);
}
