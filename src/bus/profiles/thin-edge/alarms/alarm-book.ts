import type { Clock } from '../../../../kernel/index.ts';
import type { BusLink } from '../../../link.ts';
import type { Entity } from '../entity.ts';
import { type AlarmType, alarmPayload, type Condition } from './condition.ts';

/** An alarm of an entity: how it is, and what the broker was told. */
export interface Alarm {
  readonly entity: Entity;
  readonly type: AlarmType;
  readonly topic: string;
  wanted: Condition | undefined;
  /** What the broker keeps, if anything. */
  told: string | undefined;
  /** When what is wanted may be told, by the monotonic clock. */
  due: number;
  /** Somebody else cleared it: silent until the condition is another. */
  isMuted: boolean;
}

/** What alarms need. Durations are seconds. */
export interface AlarmBookMeans {
  readonly link: Pick<BusLink, 'publish'>;
  readonly clock: Clock;
  readonly onDelay: number;
  readonly offDelay: number;
  /** A failure further up says it all. */
  readonly isSuppressed: (alarm: Alarm) => boolean;
  /** Whether enough is known of an entity to clear what was raised before we started. */
  readonly isKnown: (entity: Entity) => boolean;
}

/** A text that changed is no hurry. */
const TEXT_DELAY_MS = 5000;

/**
 * The alarms of all entities, raised and cleared with their delays. What the broker keeps is told
 * by `hear`: differences are published, nothing else (facts/mqtt.md section 2.3).
 */
export class AlarmBook {
  readonly #means: AlarmBookMeans;
  readonly #alarms = new Map<string, Alarm>();
  readonly #pending = new Set<Alarm>();
  /** Own clearing messages that have not come back yet, by topic. */
  readonly #clears = new Map<string, number>();
  /** Topics that the broker told since it was asked anew. */
  #seen: Set<string> | undefined;

  constructor(means: AlarmBookMeans) {
    this.#means = means;
  }

  /** The condition of an alarm now, undefined for none, told when it has stood for long enough. */
  set(entity: Entity, type: AlarmType, condition: Condition | undefined): void {
    const topic = topicOf(entity, type);
    const known = this.#alarms.get(topic);
    if (!known && !condition) return;
    const alarm = known ?? this.#add(entity, type, topic);
    if (isSame(alarm.wanted, condition)) return;
    const isOther = alarm.wanted?.severity !== condition?.severity;
    if (isOther) alarm.isMuted = false;
    alarm.wanted = condition;
    alarm.due = this.#means.clock.monotonic() + this.#delay(alarm, isOther);
    this.#pending.add(alarm);
  }

  /** Whether a condition stands, told or not. */
  stands(entity: Entity, type: AlarmType): boolean {
    return this.#alarms.get(topicOf(entity, type))?.wanted !== undefined;
  }

  /** Alarms that the broker keeps of us, as far as we know. */
  get told(): number {
    let count = 0;
    for (const { told } of this.#alarms.values()) if (told !== undefined) count++;
    return count;
  }

  /** Tells what is due. */
  tick(): void {
    const now = this.#means.clock.monotonic();
    for (const alarm of this.#pending) if (now >= alarm.due) this.#settle(alarm);
  }

  /** A message on the topic of one of our alarms, from the broker's memory or from somebody. */
  hear(entity: Entity, type: AlarmType, payload: string, isRetained: boolean): void {
    const topic = topicOf(entity, type);
    if (payload === '') this.#hearClear(topic);
    else if (isRetained) this.#adopt(entity, type, payload);
  }

  /** The broker tells anew what it keeps, until `endAsking`. */
  beginAsking(): void {
    this.#seen = new Set();
    this.#clears.clear();
  }

  /** What the broker did not tell, it does not keep. */
  endAsking(): void {
    for (const { topic, told } of this.#alarms.values()) {
      if (told !== undefined && !this.#seen?.has(topic)) this.#publish(topic, told);
    }
    this.#seen = undefined;
  }

  #add(entity: Entity, type: AlarmType, topic: string): Alarm {
    const fresh = { wanted: undefined, told: undefined, due: 0, isMuted: false };
    const alarm: Alarm = { entity, type, topic, ...fresh };
    this.#alarms.set(topic, alarm);
    return alarm;
  }

  #delay({ wanted, told }: Alarm, isOther: boolean): number {
    if (!isOther) return TEXT_DELAY_MS;
    if (!wanted) return 1000 * this.#means.offDelay;
    return told === undefined ? 1000 * this.#means.onDelay : 0;
  }

  #settle(alarm: Alarm): void {
    const { wanted, told, topic, entity } = alarm;
    if (!wanted) {
      if (told !== undefined && !this.#means.isKnown(entity)) return;
      if (told !== undefined) this.#clear(topic);
      this.#alarms.delete(topic);
    } else {
      if (this.#means.isSuppressed(alarm)) return;
      if (!alarm.isMuted) this.#raise(alarm, wanted);
    }
    this.#pending.delete(alarm);
  }

  #raise(alarm: Alarm, wanted: Condition): void {
    const payload = alarmPayload(wanted);
    if (alarm.told !== undefined && saysTheSame(alarm.told, payload)) return;
    alarm.told = payload;
    this.#publish(alarm.topic, payload);
  }

  #clear(topic: string): void {
    this.#clears.set(topic, (this.#clears.get(topic) ?? 0) + 1);
    this.#publish(topic, '');
  }

  #publish(topic: string, payload: string): void {
    this.#means.link.publish({ topic, payload, delivery: 'event', retain: true, isDurable: true });
  }

  #hearClear(topic: string): void {
    const own = this.#clears.get(topic) ?? 0;
    if (own > 1) this.#clears.set(topic, own - 1);
    else this.#clears.delete(topic);
    const alarm = this.#alarms.get(topic);
    if (own > 0 || alarm?.told === undefined) return;
    alarm.told = undefined;
    alarm.isMuted = true;
  }

  /** What stood before we started, or before the connection was lost. */
  #adopt(entity: Entity, type: AlarmType, payload: string): void {
    const topic = topicOf(entity, type);
    this.#seen?.add(topic);
    const alarm = this.#alarms.get(topic) ?? this.#add(entity, type, topic);
    if (alarm.told === payload) return;
    alarm.told = payload;
    alarm.due = this.#means.clock.monotonic() + 1000 * this.#means.offDelay;
    this.#pending.add(alarm);
  }
}

function topicOf({ topic }: Entity, type: AlarmType): string {
  return `${topic}/a/${type}`;
}

/** The time of a condition is when it began. */
function isSame(a: Condition | undefined, b: Condition | undefined): boolean {
  return a?.severity === b?.severity && a?.text === b?.text;
}

/** But for the time, which is of the first message. */
function saysTheSame(a: string, b: string): boolean {
  const [first, second] = [severityAndText(a), severityAndText(b)];
  return first !== undefined && first === second;
}

function severityAndText(payload: string): string | undefined {
  try {
    const { severity, text } = JSON.parse(payload) as Record<string, unknown>;
    return `${severity} ${text}`;
  } catch {
    return undefined;
  }
}
