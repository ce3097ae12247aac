import type { Clock } from '../../kernel/index.ts';
import type { Pace } from './facts.ts';

/** Seconds between two looks, as the stock records set them. */
const defaults: Readonly<Record<Pace, number>> = { ca: 15, fd: 20, cpu: 10, memory: 10 };
const SHORTEST = 1;
const LONGEST = 3600;

interface Beat {
  seconds: number;
  readonly look: Set<() => void>;
  timer: Disposable | undefined;
}

/** Looks at facts again and again, each kind at its own pace, which records may change. */
export class Paces implements Disposable {
  readonly #clock: Clock;
  readonly #beats: Readonly<Record<Pace, Beat>>;

  constructor(clock: Clock) {
    this.#clock = clock;
    const beat = (pace: Pace): Beat => ({
      ...{ seconds: defaults[pace], look: new Set(), timer: undefined },
    });
    this.#beats = { ca: beat('ca'), fd: beat('fd'), cpu: beat('cpu'), memory: beat('memory') };
  }

  /** Calls at each beat, until disposed of. */
  every(pace: Pace, look: () => void): Disposable {
    const beat = this.#beats[pace];
    beat.look.add(look);
    this.#start(beat);
    return {
      [Symbol.dispose]: () => {
        beat.look.delete(look);
        if (beat.look.size === 0) stop(beat);
      },
    };
  }

  seconds(pace: Pace): number {
    return this.#beats[pace].seconds;
  }

  /** Sets the pace: 1 s at the shortest. */
  set(pace: Pace, seconds: number): void {
    const beat = this.#beats[pace];
    const wanted = Number.isNaN(seconds) ? defaults[pace] : seconds;
    beat.seconds = Math.min(Math.max(wanted, SHORTEST), LONGEST);
    if (beat.timer === undefined) return;
    stop(beat);
    this.#start(beat);
  }

  [Symbol.dispose](): void {
    for (const beat of Object.values(this.#beats)) stop(beat);
  }

  #start(beat: Beat): void {
    beat.timer ??= this.#clock.every(beat.seconds * 1000, () => {
      for (const look of beat.look) look();
    });
  }
}

function stop(beat: Beat): void {
  beat.timer?.[Symbol.dispose]();
  beat.timer = undefined;
}
