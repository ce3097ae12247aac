/** Who waits until messages up to a number are settled. */
export class Flushes {
  readonly #waiting = new Set<{ readonly mark: number; readonly done: () => void }>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves when nothing up to `mark` is left; rejects with the signal's reason. */
  wait(mark: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        this.#waiting.delete(one);
        reject(signal?.reason);
      };
      const one = {
        mark,
        done: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      this.#waiting.add(one);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** `oldest` is the lowest number that is still unsettled. */
  settledBelow(oldest: number): void {
    for (const one of this.#waiting) {
      if (one.mark >= oldest) continue;
      this.#waiting.delete(one);
      one.done();
    }
  }
}
