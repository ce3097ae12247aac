import { isoTime } from '../kernel/index.ts';
import { Quality } from '../model/index.ts';
import type { Adoption, PlantBinding, Stamp } from './binding.ts';
import type { Served } from './plant.ts';

/** What a session brings up to date beside the image, before each batch. */
export class Refresh {
  readonly #served: Served;
  readonly #stamps: readonly Stamp[];
  #adoptions: readonly Adoption[];

  constructor(served: Served, { stamps, adoptions }: PlantBinding) {
    this.#served = served;
    this.#stamps = stamps;
    this.#adoptions = adoptions;
  }

  /** Setpoints whose read-back has come take it over, once; stamps follow their block. */
  run(): void {
    this.#adoptions = this.#adoptions.filter((adoption) => !this.#adopt(adoption));
    for (const stamp of this.#stamps) this.#tellTime(stamp);
  }

  #adopt({ setpoint, readback }: Adoption): boolean {
    const { image, records } = this.#served;
    const raw = image.value(readback);
    if (image.quality[readback] !== Quality.good || raw === undefined) return false;
    const seconds = image.seconds[readback] ?? 0;
    records.adopt(setpoint, raw, seconds, image.nanoseconds[readback] ?? 0);
    return true;
  }

  #tellTime({ slot, block }: Stamp): void {
    const { image, records } = this.#served;
    const fed = image.slotIn(block);
    if (fed === undefined || image.quality[fed] !== Quality.good) return;
    const seconds = image.seconds[fed] ?? 0;
    const nanoseconds = image.nanoseconds[fed] ?? 0;
    const isNews = image.seconds[slot] !== seconds || image.nanoseconds[slot] !== nanoseconds;
    if (isNews) records.adopt(slot, isoTime(seconds, nanoseconds), seconds, nanoseconds);
  }
}
