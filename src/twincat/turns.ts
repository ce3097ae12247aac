/** Lets so many pieces of work be under way at a time; the others wait their turn, in order. */
export class Turns {
  #free: number;
  #next = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** What `work` comes to, once it was its turn. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  #pass(): void {
    const next = this.#waiting[this.#next++];
    if (next) next();
    else {
      this.#free++;
      this.#waiting.length = 0;
      this.#next = 0;
    }
  }
}
