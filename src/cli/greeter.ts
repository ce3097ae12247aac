import type { IocConfig } from '../config/index.ts';
import type { Ioc, ServedPlant, SessionSummary } from '../ioc.ts';
import type { Log } from '../kernel/index.ts';
import { greeting } from './greeting.ts';

/** Greets whoever started the IOC, once for each plant, when both it and the plant are there. */
export class Greeter {
  readonly #met = new Set<ServedPlant>();
  readonly #log: Log;
  readonly #greet: (ioc: Ioc, plant: ServedPlant, summary: SessionSummary) => void;
  readonly #early: (readonly [SessionSummary, ServedPlant])[] = [];
  #ioc: Ioc | undefined;

  constructor(config: IocConfig, file: string, log: Log) {
    this.#log = log;
    this.#greet = (ioc, plant, summary) => {
      console.log(greeting(config, file, ioc, plant, summary));
    };
  }

  readonly onSession = (summary: SessionSummary, plant: ServedPlant): void => {
    const { devices, slaves, records, milliseconds } = summary;
    const found = { devices, slaves, records, milliseconds: Math.round(milliseconds) };
    this.#log.info({ ...found, plant: plant.name }, 'connected to the plant');
    if (this.#met.has(plant)) return;
    this.#met.add(plant);
    if (this.#ioc) this.#greet(this.#ioc, plant, summary);
    else this.#early.push([summary, plant]);
  };

  /** The IOC runs. */
  runs(ioc: Ioc): void {
    this.#ioc = ioc;
    for (const [summary, plant] of this.#early.splice(0)) this.#greet(ioc, plant, summary);
  }
}
