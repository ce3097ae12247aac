import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import type { Progress } from '../record-type.ts';
import { recordTypeOf } from '../registry.ts';
import type { Engine } from './engine.ts';

/** Values of SIMM. */
export const Simm = { no: 0, yes: 1, raw: 2 } as const;

/** SSCN: no scan is kept for simulation. */
const NO_SCAN = 65535;

/** Simulation mode of records: SIML, SIMM, SIOL, SIMS, SSCN, SDLY. */
export class Simulation {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** At record initialisation: a constant SIML sets SIMM. */
  init(slot: Slot): void {
    const { columns } = this.#engine;
    const { siml } = recordTypeOf(columns.type[slot] ?? 0).common;
    if (siml < 0) return;
    const before = columns.storedNumber(slot, 'SIMM');
    const simm = this.#engine.initial(slot, siml, 'USHORT');
    if (simm !== undefined) columns.store(slot, 'SIMM', Number(simm) || undefined);
    this.changed(slot, before);
  }

  /** SIMM now, as SIML says it. */
  mode(slot: Slot): number {
    const { columns } = this.#engine;
    const { siml } = recordTypeOf(columns.type[slot] ?? 0).common;
    const link = siml < 0 ? undefined : columns.links[slot]?.[siml];
    const before = columns.storedNumber(slot, 'SIMM');
    const now = link?.number() ?? before;
    if (now !== before) {
      columns.store(slot, 'SIMM', now || undefined);
      this.changed(slot, before);
    }
    return now;
  }

  /** SIMM changed: SSCN and SCAN change places, unless no scan is kept. */
  changed(slot: Slot, before: number): void {
    const { columns, scans } = this.#engine;
    const now = columns.storedNumber(slot, 'SIMM');
    const sscn = columns.storedNumber(slot, 'SSCN', NO_SCAN);
    if (sscn === NO_SCAN || now === before) return;
    columns.store(slot, 'OLDSIMM', before || undefined);
    const scan = columns.scan[slot] ?? 0;
    scans.remove(slot);
    columns.scan[slot] = sscn;
    scans.add(slot);
    columns.store(slot, 'SSCN', scan);
  }

  /**
   * Does the work of a simulated record: at once, or after SDLY seconds; `work` reads or writes
   * SIOL, `finish` ends the processing.
   */
  perform(slot: Slot, work: () => void, finish: () => Progress): Progress {
    const { columns } = this.#engine;
    const delay = columns.storedNumber(slot, 'SDLY', -1);
    const perform = () => {
      this.#engine.raise(slot, AlarmStatus.simm, columns.storedNumber(slot, 'SIMS'));
      work();
      return finish();
    };
    if (delay < 0) return perform();
    this.#engine.later(slot, delay * 1000, perform);
    return 'waiting';
  }

  /** SIMM has a value that the record type does not know. */
  refuse(slot: Slot): void {
    this.#engine.raise(slot, AlarmStatus.soft, Severity.invalid, 'SIMM is none of its choices');
  }
}
