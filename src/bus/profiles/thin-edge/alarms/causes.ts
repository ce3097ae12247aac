import type { Clock } from '../../../../kernel/index.ts';
import type { Entity } from '../entity.ts';
import type { Alarm } from './alarm-book.ts';
import type { AlarmType } from './condition.ts';

/** Milliseconds after a failure in which what it caused may still look wrong. */
const AFTERMATH_MS = 3000;

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
  readonly #failing = new Map<string, Set<AlarmType>>();
  readonly #recovered = new Map<string, number>();
  /** When the link to each plant came up; undefined while it is away. */
  readonly #upSince = new Map<string, number | undefined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The entity, and with it everything below, has this failure or has it no more. */
  note(entity: Entity, type: AlarmType, isFailing: boolean): void {
    const failing = this.#failing.get(entity.topicId);
    if (isFailing) this.#failing.set(entity.topicId, (failing ?? new Set()).add(type));
    else if (failing?.delete(type)) this.#recovered.set(entity.topicId, this.#clock.monotonic());
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
    if (type.startsWith('pv_')) return wanted?.isConsequence === true && this.#isHurtFrom(entity);
    if (follows[type]?.some((cause) => this.#failing.get(entity.topicId)?.has(cause))) return true;
    return entity.parent !== undefined && this.#isHurtFrom(entity.parent);
  }

  /** Whether the entity or one above it fails, or did a moment ago. */
  #isHurtFrom(entity: Entity): boolean {
    const now = this.#clock.monotonic();
    for (let at: Entity | undefined = entity; at; at = at.parent) {
      if ((this.#failing.get(at.topicId)?.size ?? 0) > 0) return true;
      const recovered = this.#recovered.get(at.topicId);
      if (recovered !== undefined && now - recovered < AFTERMATH_MS) return true;
    }
    return false;
  }
}
