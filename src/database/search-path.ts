import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** Folders in which files are looked for, separated by colons as EPICS writes them. */
export class SearchPath {
  readonly #base: string;
  #folders: string[] = [];

  /** Relative names count from `base`. */
  constructor(folders: string, base = '.') {
    this.#base = base;
    this.set(folders);
  }

  /** Looks in these folders only; none is the working folder. */
  set(folders: string): void {
    this.#folders = [];
    this.add(folders === '' ? '.' : folders);
  }

  /** Looks in these folders too, after the others. An empty name among them is the working folder. */
  add(folders: string): void {
    const names = folders.split(':').map((name) => name.trim());
    this.#folders.push(...names.filter((name) => name !== ''));
    if (names.length > 1 && names.includes('')) this.#folders.push('.');
  }

  /** The first file of that name; a name with a slash is not looked for but taken as it is. */
  find(name: string): string | undefined {
    return this.#candidates(name).find((path) => existsSync(path));
  }

  /** Where it looks, for messages. */
  toString(): string {
    return this.#folders.slice(0, 10).join(', ');
  }

  #candidates(name: string): string[] {
    if (isAbsolute(name)) return [name];
    if (name.includes('/') || this.#folders.length === 0) return [this.#from(name)];
    return this.#folders.map((folder) => this.#from(join(folder, name)));
  }

  #from(path: string): string {
    return this.#base === '.' || isAbsolute(path) ? path : join(this.#base, path);
  }
}
