/** Room for files. */
export interface StoreLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/** How much of the room is taken. */
export class Quota {
  readonly limits: StoreLimits;
  #bytes = 0;
  #files = 0;

  constructor(limits: StoreLimits) {
    this.limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get files(): number {
    return this.#files;
  }

  /** Counts what is there already, whether it fits or not. */
  add(files: number, bytes: number): void {
    this.#files += files;
    this.#bytes += bytes;
  }

  /** Takes room, if there is as much. */
  take(files: number, bytes: number): boolean {
    const { maxBytes, maxFiles } = this.limits;
    if (this.#files + files > maxFiles || this.#bytes + bytes > maxBytes) return false;
    this.add(files, bytes);
    return true;
  }

  giveBack(files: number, bytes: number): void {
    this.add(-files, -bytes);
  }
}
