import { setMaxListeners } from 'node:events';

/**
 * Listeners of a scope's signal from which on Node warns of a leak. A dozen parts of a session may
 * well wait for its end; Node's own ten are fewer.
 */
const MOST_LISTENERS = 100;

/** Something that a scope can close. */
export type Closable = Disposable | AsyncDisposable;

/**
 * Owner of resources: what is given to it is closed in reverse order when it is disposed of.
 * Its signal fires when the parent's does, or when disposal begins.
 */
export class Scope implements AsyncDisposable {
  readonly #controller = new AbortController();
  readonly #closers: (() => void | Promise<void>)[] = [];
  readonly #unlink: () => void;
  #closed: Promise<void> | undefined;

  constructor(parent?: AbortSignal) {
    setMaxListeners(MOST_LISTENERS, this.#controller.signal);
    const abort = () => this.#controller.abort(parent?.reason);
    if (parent?.aborted) abort();
    else parent?.addEventListener('abort', abort, { once: true });
    this.#unlink = () => parent?.removeEventListener('abort', abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Takes ownership; the resource is closed with the scope. */
  use<T extends Closable>(resource: T): T {
    this.defer(() =>
      Symbol.asyncDispose in resource
        ? Promise.resolve(resource[Symbol.asyncDispose]())
        : resource[Symbol.dispose](),
    );
    return resource;
  }

  /** Runs `close` when the scope is disposed of. */
  defer(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  /** Closes everything once, last first; one failure does not keep the others open. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#unlink();
    this.#controller.abort();
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      try {
        await close();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1)
      throw new AggregateError(failures, 'several resources failed to close');
  }
}

/** Resolves when the signal fires. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
