import type { Clock } from '../../../../kernel/index.ts';
import { Severity, type Slot } from '../../../../model/index.ts';
import type { PvDirectory, PvField } from '../../../../pv/index.ts';
import type { Entity } from '../entity.ts';
import { SourceTime } from '../measurements/source-time.ts';
import type { AlarmBook } from './alarm-book.ts';
import type { Causes } from './causes.ts';
import type { AlarmRules } from './condition.ts';
import type { TellEvent } from './events.ts';

/** Looks at some values of one entity, and says what is wrong with it. */
export interface Watch {
  readonly entity: Entity;
  /** Values whose change calls for a look. */
  readonly slots: readonly Slot[];
  /** Looks; whether it wants to look again in a while though nothing changes. */
  look(): boolean;
}

/** What watches need. */
export interface WatchMeans {
  readonly values: PlantValues;
  readonly book: AlarmBook;
  readonly causes: Causes;
  readonly tell: TellEvent;
  readonly rules: AlarmRules;
  readonly clock: Clock;
}

/** Numbers of the plant by the names of attributes. */
export class PlantValues {
  readonly #directory: PvDirectory;
  readonly #lastChangePv: (prefix: string) => string;
  readonly #time = new SourceTime();

  constructor(directory: PvDirectory, lastChangePv: (prefix: string) => string) {
    this.#directory = directory;
    this.#lastChangePv = lastChangePv;
  }

  /** What changed last of the plant whose PV names begin so, in words. */
  lastChange(prefix: string): PvField | undefined {
    return this.#directory.find(this.#lastChangePv(prefix));
  }

  slotOf(entity: Entity, attribute: string): Slot | undefined {
    const pv = entity.attribute(attribute)?.source.value;
    return pv === undefined ? undefined : this.#directory.find(pv)?.slot;
  }

  /** Undefined while it is INVALID, and of what there is not. */
  number(slot: Slot | undefined): number | undefined {
    if (slot === undefined) return undefined;
    const { number, severity } = this.#directory.columns;
    const value = number[slot];
    return severity[slot] === Severity.invalid || !Number.isFinite(value) ? undefined : value;
  }

  /** EPICS severity of a value. */
  severity(slot: Slot | undefined): number {
    return this.#directory.columns.severity[slot ?? -1] ?? Severity.noAlarm;
  }

  /** What the plant says where a record says the number of a state. */
  raw(entity: Entity, attribute: string, slot: Slot | undefined): number | undefined {
    const value = this.number(slot);
    const { labels, datatype } = entity.attribute(attribute)?.source.attribute ?? {};
    const isState = labels !== undefined && datatype?.kind === 'int';
    return isState && value !== undefined ? labels[value]?.value : value;
  }

  /** When a value was so, as RFC 3339. */
  time(slot: Slot | undefined): string {
    const { seconds, nanoseconds } = this.#directory.columns;
    return this.#time.text(seconds[slot ?? -1] ?? 0, nanoseconds[slot ?? -1] ?? 0);
  }
}

/** The slots that are there. */
export function present(slots: readonly (Slot | undefined)[]): readonly Slot[] {
  return slots.filter((slot) => slot !== undefined);
}
