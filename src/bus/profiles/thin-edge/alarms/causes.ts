import type { Clock } from '../../../../kernel/index.ts';
import type { Entity, EntityKind } from '../entity.ts';
import type { Alarm } from './alarm-book.ts';
import type { AlarmType } from './condition.ts';

/** Milliseconds after a failure in which what it caused may still look wrong. */
const AFTERMATH_MS = 3000;

/** What of an entity says all that can be said of what is behind it: a slave passes frames in any state. */
const hurtsOthers: Readonly<Partial<Record<EntityKind, readonly AlarmType[]>>> = {
  server: ['ads_link_lost'],
  master: ['not_operational'],
  slave: ['link_lost'],
};

/** What of a slave says that its own values are worth nothing. */
const hurtsItself: readonly AlarmType[] = ['link_lost', 'not_operational', 'data_invalid'];

/** On one entity: what the alarm says follows from these. */
const follows: Readonly<Partial<Record<AlarmType, readonly AlarmType[]>>> = {
  not_operational: ['link_lost'],
  data_invalid: ['not_operational', 'link_lost'],
  topology_mismatch: ['not_operational'],
  frame_loss: ['not_operational'],
};

/** Which alarms say only what a failure further up says. */
export class Causes {
  readonly #clock: Clock;
  /** Until when each failure is to blame, by entity and type: for ever while it lasts. */
  readonly #until = new Map<string, number>();
  /** When the link to each plant came up; undefined while it is away. */
  readonly #upSince = new Map<string, number | undefined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The entity has this failure, or has it no more. */
  note({ topicId }: Entity, type: AlarmType, isFailing: boolean): void {
    const key = `${topicId} ${type}`;
    if (isFailing) this.#until.set(key, Number.POSITIVE_INFINITY);
    else if (this.#until.get(key) === Number.POSITIVE_INFINITY) {
      this.#until.set(key, this.#clock.monotonic() + AFTERMATH_MS);
    }
  }

  noteLink(plant: string, isUp: boolean): void {
    const since = this.#upSince.get(plant);
    if (isUp && since === undefined) this.#upSince.set(plant, this.#clock.monotonic());
    else if (!isUp) this.#upSince.set(plant, undefined);
  }

  /** Whether the plant of an entity has been there for long enough to tell how it is. */
  isKnown({ plant }: Entity): boolean {
    if (plant === undefined) return true;
    const since = this.#upSince.get(plant);
    return since !== undefined && this.#clock.monotonic() - since >= AFTERMATH_MS;
  }

  isSuppressed({ entity, type, wanted }: Alarm): boolean {
    if (type === 'ads_link_lost') return false;
    if (!this.isKnown(entity)) return true;
    if (!type.startsWith('pv_'))
      return this.#isToBlame(entity, follows[type]) || this.#isHurt(entity);
    if (wanted?.isConsequence !== true) return false;
    return this.#isToBlame(entity, hurtsItself) || this.#isHurt(entity);
  }

  /** Whether something above the entity fails, or did a moment ago. */
  #isHurt({ parent }: Entity): boolean {
    for (let at = parent; at; at = at.parent) {
      if (this.#isToBlame(at, hurtsOthers[at.kind])) return true;
    }
    return false;
  }

  #isToBlame({ topicId }: Entity, types: readonly AlarmType[] = []): boolean {
    const now = this.#clock.monotonic();
    return types.some((type) => (this.#until.get(`${topicId} ${type}`) ?? now) > now);
  }
}
