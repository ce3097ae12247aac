import type { Slot } from '../../model/index.ts';
import type { Moment } from '../links/link.ts';
import { CommonLink } from '../record-type.ts';
import type { Engine } from './engine.ts';

/** Values of TSE that are no event: now, and what the device said. */
const TimeSource = { now: 0, best: -1, device: -2 } as const;

/** Time stamps of records whose TSE or TSEL is set. */
export class TimeStamps {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** TSE: what says when. */
  source(slot: Slot): number {
    return this.#engine.columns.storedNumber(slot, 'TSE');
  }

  /** Whether the device, or a soft record's link, gives the time. */
  isDevices(slot: Slot): boolean {
    const { columns } = this.#engine;
    const hasSelector = columns.links[slot]?.[CommonLink.tsel] !== undefined;
    return !hasSelector && this.source(slot) === TimeSource.device;
  }

  stamp(slot: Slot): void {
    const { columns } = this.#engine;
    const link = columns.links[slot]?.[CommonLink.tsel];
    if (link && !link.isConstant) {
      if (/\.TIME\s*$|\.TIME\s/.test(String(columns.stored(slot, 'TSEL') ?? ''))) {
        this.take(slot, link.time());
        return;
      }
      const event = this.#engine.value(slot, CommonLink.tsel, 'SHORT');
      if (typeof event === 'number') columns.store(slot, 'TSE', event);
    }
    this.#byEvent(slot, this.source(slot));
  }

  /** Gives a record a time that something else has. */
  take(slot: Slot, moment: Moment | undefined): void {
    if (!moment) return;
    const { image } = this.#engine.columns;
    image.seconds[slot] = moment.seconds;
    image.nanoseconds[slot] = moment.nanoseconds;
  }

  #byEvent(slot: Slot, event: number): void {
    if (event === TimeSource.device) return;
    if (event === TimeSource.now || event === TimeSource.best) this.#engine.stampNow(slot);
    // As in EPICS, an event that never came leaves the time as it is.
    else this.take(slot, this.#engine.events.time(event));
  }
}
