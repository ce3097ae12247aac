/** Things that wait for their turn: one at a time per subject, in the order of arrival, bounded. */
export class Lines<T> {
  /** The first of each runs. */
  readonly #lines = new Map<string, T[]>();
  readonly #mostPerLine: number;
  readonly #most: number;
  #size = 0;

  constructor(mostPerLine: number, most: number) {
    this.#mostPerLine = mostPerLine;
    this.#most = most;
  }

  /** How many wait or run. */
  get size(): number {
    return this.#size;
  }

  hasRoom(subject: string): boolean {
    // The one that runs does not wait.
    const inLine = this.#lines.get(subject)?.length ?? 0;
    return inLine <= this.#mostPerLine && this.#size < this.#most;
  }

  find(isWanted: (item: T) => boolean): T | undefined {
    for (const line of this.#lines.values()) {
      const found = line.find(isWanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Joins the line; true when it is its turn already. */
  join(subject: string, item: T): boolean {
    const line = this.#lines.get(subject) ?? [];
    this.#lines.set(subject, line);
    line.push(item);
    this.#size++;
    return line.length === 1;
  }

  /** Leaves the line, wherever it stood; returns whose turn it is now because of that. */
  leave(subject: string, item: T): T | undefined {
    const line = this.#lines.get(subject) ?? [];
    const at = line.indexOf(item);
    if (at < 0) return undefined;
    line.splice(at, 1);
    this.#size--;
    if (line.length === 0) this.#lines.delete(subject);
    return at === 0 ? line[0] : undefined;
  }
}
