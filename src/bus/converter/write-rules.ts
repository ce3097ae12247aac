import { type Clock, isoTime, type Log, systemClock } from '../../kernel/index.ts';
import { Severity } from '../../model/index.ts';
import { EventMask, type PostedBatch, type PvDirectory, type PvField } from '../../pv/index.ts';
import type { BusLink } from '../link.ts';
import type { WriteRule } from './convert-rule.ts';
import type { ConverterCounters } from './counters.ts';
import { foreign } from './foreign-message.ts';
import { filled, plainText } from './payload-template.ts';

/** What written rules work with. */
export interface WriteMeans {
  readonly link: BusLink;
  readonly directory: PvDirectory;
  readonly counters: ConverterCounters;
  readonly log: Log;
  readonly clock?: Clock;
}

/** A rule at work. */
interface Written {
  readonly rule: WriteRule;
  readonly field: PvField;
  isDirty: boolean;
  /** When it was sent last. */
  at: number;
  last: string | undefined;
}

/** How often what changed is looked at. */
const TICK_MS = 50;

/** How often PVs that are not there are looked for: plants come later. */
const SEARCH_MS = 2000;

const VALUE_EVENTS = EventMask.value | EventMask.log | EventMask.alarm;

/**
 * Sends the values of PVs to topics of other devices, as rules say, until disposed of. While the
 * broker is away nothing is kept: what a device would get late it does not get.
 */
export function serveWriteRules(rules: readonly WriteRule[], means: WriteMeans): Disposable {
  return new WriteRules(rules, means);
}

class WriteRules implements Disposable {
  readonly #means: WriteMeans;
  readonly #clock: Clock;
  readonly #bySlot = new Map<number, Written[]>();
  readonly #stops: (() => void)[] = [];
  #missing: readonly WriteRule[];

  constructor(rules: readonly WriteRule[], means: WriteMeans) {
    const { directory, link, clock = systemClock } = means;
    this.#means = means;
    this.#clock = clock;
    this.#missing = rules;
    this.#search();
    const posted = directory.posted$.subscribe((batch) => this.#take(batch));
    const connected = link.connected$.subscribe(() => this.#connected());
    const ticks = clock.every(TICK_MS, () => this.#tick());
    const searches = clock.every(SEARCH_MS, () => this.#search());
    this.#stops.push(
      () => posted.unsubscribe(),
      () => connected.unsubscribe(),
      () => ticks[Symbol.dispose](),
      () => searches[Symbol.dispose](),
    );
  }

  [Symbol.dispose](): void {
    for (const stop of this.#stops) stop();
  }

  #search(): void {
    this.#missing = this.#missing.filter((rule) => {
      const field = this.#means.directory.find(rule.pv);
      if (field === undefined) return true;
      const written = { rule, field, isDirty: rule.onConnect, at: -Infinity, last: undefined };
      this.#bySlot.set(field.slot, [...(this.#bySlot.get(field.slot) ?? []), written]);
      return false;
    });
  }

  // hot path
  #take({ count, slots, masks }: PostedBatch): void {
    for (let i = 0; i < count; i++) {
      if ((masks[i]! & VALUE_EVENTS) === 0) continue;
      const all = this.#bySlot.get(slots[i]!);
      if (all === undefined) continue;
      for (let w = 0; w < all.length; w++) all[w]!.isDirty = true;
    }
  }

  /** What the topic has now nobody knows. */
  #connected(): void {
    for (const all of this.#bySlot.values()) {
      for (const each of all) {
        each.last = undefined;
        each.isDirty = each.rule.onConnect;
      }
    }
  }

  #tick(): void {
    const isConnected = this.#means.link.isConnected;
    const now = this.#clock.monotonic();
    for (const all of this.#bySlot.values()) {
      for (const each of all) {
        if (!each.isDirty || now - each.at < each.rule.period * 1000) continue;
        each.isDirty = false;
        if (isConnected) this.#send(each, now);
      }
    }
  }

  #send(written: Written, now: number): void {
    const { directory, link, counters } = this.#means;
    const { rule, field } = written;
    const { severity } = directory.columns;
    if (severity[field.slot] === Severity.invalid && !rule.sendsInvalid) return;
    const payload = payloadOf(rule, field, directory);
    if (rule.onChange && payload === written.last) return;
    written.last = payload;
    written.at = now;
    counters.sent++;
    const { topic, qos, retain } = rule;
    link.publish(foreign(topic, payload, qos, retain));
  }
}

function payloadOf({ payload }: WriteRule, field: PvField, { columns }: PvDirectory): string {
  const value = field.read();
  const { labels, units } = field.metadata();
  const state = typeof value === 'number' ? labels[value] || undefined : undefined;
  if (payload === undefined) return state ?? plainText(value);
  const { slot, record } = field;
  return filled(payload, {
    ...{ value, state, name: record, unit: units, severity: columns.severity[slot] ?? 0 },
    time: isoTime(columns.seconds[slot] ?? 0, columns.nanoseconds[slot] ?? 0),
  });
}
