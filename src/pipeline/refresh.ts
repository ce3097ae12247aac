import { isoTime } from '../kernel/index.ts';
import { Quality, type Slot } from '../model/index.ts';
import { Flag } from '../records/index.ts';
import type { Adoption, PlantBinding, Stamp } from './binding.ts';
import type { DerivedValues } from './derived.ts';
import type { Plant } from './plant.ts';
import { policyOf } from './setpoint-policy.ts';

const ioc = { user: 'ioc', host: 'localhost', notify: true } as const;

/** What a session brings up to date beside the image, before each batch. */
export class Refresh {
  readonly #plant: Plant;
  readonly #stamps: readonly Stamp[];
  readonly #derived: DerivedValues;
  readonly #settled: Set<Slot>;
  readonly #signal: AbortSignal;
  #adoptions: readonly Adoption[];

  /** `settled` are the setpoints that had their turn in this session; it grows. */
  constructor(
    plant: Plant,
    { stamps, adoptions }: PlantBinding,
    derived: DerivedValues,
    settled: Set<Slot>,
    signal: AbortSignal,
  ) {
    this.#plant = plant;
    this.#stamps = stamps;
    this.#derived = derived;
    this.#settled = settled;
    this.#signal = signal;
    this.#adoptions = adoptions.filter(({ setpoint }) => !settled.has(setpoint));
  }

  /** Setpoints whose read-back has come get their turn, once; stamps follow their block. */
  run(): void {
    if (this.#adoptions.length > 0) {
      this.#adoptions = this.#adoptions.filter((adoption) => !this.#settle(adoption));
    }
    this.#derived.run();
    for (const stamp of this.#stamps) this.#tellTime(stamp);
  }

  /** These setpoints get another turn: what they belong to was away. */
  again(adoptions: readonly Adoption[]): void {
    for (const { setpoint } of adoptions) this.#settled.delete(setpoint);
    this.#adoptions = [...new Set([...this.#adoptions, ...adoptions])];
  }

  #settle({ setpoint, readback }: Adoption): boolean {
    if (this.#settled.has(setpoint)) return true;
    const { image, records, options, ownSetpoints } = this.#plant;
    const raw = image.value(readback);
    if (image.quality[readback] !== Quality.good || raw === undefined) return false;
    this.#settled.add(setpoint);
    const seconds = image.seconds[readback] ?? 0;
    const nanoseconds = image.nanoseconds[readback] ?? 0;
    const name = records.columns.name[setpoint] ?? '';
    // What autosave brought back, or a database gave, is a value of its own, too.
    const isOwn = ownSetpoints.has(setpoint) || !records.columns.has(setpoint, Flag.udf);
    const policy = isOwn ? policyOf(options.setpoints, name) : 'read';
    ownSetpoints.add(setpoint);
    if (policy === 'read') records.adopt(setpoint, raw, seconds, nanoseconds);
    else image.touch(setpoint, seconds, nanoseconds);
    if (policy === 'write') void this.#write(name);
    return true;
  }

  /** Puts a setpoint's own value to it: it goes the way of any put. */
  async #write(name: string): Promise<void> {
    const field = this.#plant.directory.find(name);
    if (!field) return;
    const outcome = await field.put(field.read(), ioc, this.#signal);
    const { log } = this.#plant.options;
    if (outcome.kind === 'done') log.info(`${name} was written again after the plant returned`);
    else log.warn(`${name} could not be written again after the plant returned: ${outcome.kind}`);
  }

  #tellTime({ slot, block }: Stamp): void {
    const { image, records } = this.#plant;
    const fed = image.slotIn(block);
    if (fed === undefined || image.quality[fed] !== Quality.good) return;
    const seconds = image.seconds[fed] ?? 0;
    const nanoseconds = image.nanoseconds[fed] ?? 0;
    const isNews = image.seconds[slot] !== seconds || image.nanoseconds[slot] !== nanoseconds;
    if (isNews) records.adopt(slot, isoTime(seconds, nanoseconds), seconds, nanoseconds);
  }
}
