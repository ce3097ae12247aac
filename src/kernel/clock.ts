/** Where time and timers come from; tests put their own in its place. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** Never steps, milliseconds from an arbitrary start; for intervals and deadlines. */
  monotonic(): number;
  /** Calls once after `ms`, unless disposed of before. */
  after(ms: number, call: () => void): Disposable;
  /** Calls every `ms` until disposed of. */
  every(ms: number, call: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  every(ms, call) {
    const timer = setInterval(call, ms);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
};

/**
 * A clock whose wall time stands still for the rest of the turn of the event loop in which it was
 * asked: what one turn brings has one time, and asking the system costs 0.1 µs each.
 */
export function turnClock(clock: Clock): Clock {
  let known: number | undefined;
  const forget = () => {
    known = undefined;
  };
  return {
    now() {
      if (known === undefined) {
        known = clock.now();
        queueMicrotask(forget);
      }
      return known;
    },
    monotonic: () => clock.monotonic(),
    after: (ms, call) => clock.after(ms, call),
    every: (ms, call) => clock.every(ms, call),
  };
}

/** Resolves after `ms`; rejects with the signal's reason when it fires first. */
export function sleep(ms: number, signal?: AbortSignal, clock: Clock = systemClock): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      timer[Symbol.dispose]();
      reject(signal?.reason);
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Resolves in the next turn of the event loop: long work lets everything else go first. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
