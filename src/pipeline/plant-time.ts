import { type Clock, epicsNanoseconds, epicsSeconds, filetimeOf } from '../kernel/index.ts';

/** How far the plant's clock may be from the IOC's unless told, in seconds. */
export const TIME_TOLERANCE = 10;

/**
 * The time of what arrives: the plant's, as long as its clock is within a tolerance of the IOC's,
 * else the IOC's. Wrong clocks say 1970, 2036, or an hour too much, and archivers believe them. The
 * IOC's clock is looked at once per batch and whenever a time seems wrong, not per sample.
 */
export class PlantTime {
  /** Of the newest stamp: EPICS seconds and nanoseconds. */
  seconds = 0;
  nanoseconds = 0;
  /** Stamps that were too far from the IOC's time to be taken. */
  refused = 0;
  /** The newest stamp was taken as the plant gave it. */
  isPlants = true;
  readonly #clock: Clock;
  readonly #tolerance: number;
  #earliest = 0;
  #latest = 0;

  constructor(clock: Clock, tolerance: number = TIME_TOLERANCE) {
    this.#clock = clock;
    this.#tolerance = tolerance;
    this.look();
  }

  /** Looks at the IOC's clock. */
  look(): void {
    const [seconds] = this.now();
    // The plant's time is compared by the second.
    this.#earliest = Math.max(0, Math.floor(seconds - this.#tolerance));
    this.#latest = Math.ceil(seconds + this.#tolerance);
  }

  /** The IOC's time as EPICS seconds and nanoseconds. */
  now(): readonly [seconds: number, nanoseconds: number] {
    const { low, high } = filetimeOf(this.#clock.now());
    return [epicsSeconds(low, high), epicsNanoseconds(low, high)];
  }

  // hot path
  /** The time of the samples that follow: a FILETIME in two halves of 32 bits. */
  stamp(low: number, high: number): void {
    const seconds = epicsSeconds(low, high);
    if (seconds < this.#earliest || seconds > this.#latest) {
      this.#doubt(low, high, seconds);
      return;
    }
    this.seconds = seconds;
    this.nanoseconds = epicsNanoseconds(low, high);
    this.isPlants = true;
  }

  /** The stamp is wrong unless it is the look at the clock that is old. */
  #doubt(low: number, high: number, seconds: number): void {
    this.look();
    this.isPlants = seconds >= this.#earliest && seconds <= this.#latest;
    if (this.isPlants) {
      this.seconds = seconds;
      this.nanoseconds = epicsNanoseconds(low, high);
    } else {
      this.refused++;
      [this.seconds, this.nanoseconds] = this.now();
    }
  }
}
