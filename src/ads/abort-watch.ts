/** One listener per signal, however many things it can abort: Node warns of more than ten. */
export class AbortWatch<T> {
  readonly #onAbort: (item: T, reason: unknown) => void;
  readonly #watched = new Map<
    AbortSignal,
    { readonly items: Set<T>; readonly listener: () => void }
  >();

  constructor(onAbort: (item: T, reason: unknown) => void) {
    this.#onAbort = onAbort;
  }

  add(signal: AbortSignal, item: T): void {
    const watched = this.#watched.get(signal);
    if (watched) {
      watched.items.add(item);
      return;
    }
    const items = new Set([item]);
    const listener = () => {
      this.#watched.delete(signal);
      for (const each of items) this.#onAbort(each, signal.reason);
    };
    this.#watched.set(signal, { items, listener });
    signal.addEventListener('abort', listener, { once: true });
  }

  remove(signal: AbortSignal, item: T): void {
    const watched = this.#watched.get(signal);
    if (!watched?.items.delete(item) || watched.items.size > 0) return;
    signal.removeEventListener('abort', watched.listener);
    this.#watched.delete(signal);
  }
}
