import {
  type AmsAddress,
  adsErrorText,
  formatAddress,
  type NotificationRequest,
  releaseSymbol,
  sumAddNotifications,
  sumDeleteNotifications,
  sumRead,
  TransmissionMode,
} from '../../ads/index.ts';
import { messageOf } from '../../kernel/index.ts';
import { Quality } from '../../model/index.ts';
import { concernsOneRequest } from '../diagnosis.ts';
import type { Session } from '../session.ts';
import { byTarget } from '../subscribe.ts';
import type { AdsRecord } from './ads-record.ts';
import type { Found } from './found.ts';
import { readFound } from './read-found.ts';

/** Notifications of one request. */
const TOGETHER = 100;
/** cycleTime and maxDelay travel in units of 100 ns. */
const TICKS_PER_SECOND = 10_000_000;

/** What brings the values of some records: notifications, or reads at a pace. */
type Fed = {
  readonly record: AdsRecord;
  readonly found: Found;
  notification?: number;
  /** Monotonic milliseconds of the next read; undefined for none. */
  due?: number | undefined;
  period?: number;
};

/** What feeds the records of one server, or of slaves, in a session. */
export class LinkFeeds {
  readonly #session: Session;
  readonly #fed = new Map<AdsRecord, Fed>();
  /** Symbol handles that are held, by the record that asked. */
  readonly #handles = new Map<AdsRecord, Found>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** When something is to be read next, in monotonic milliseconds. */
  get due(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const fed of this.#fed.values()) due = Math.min(due, fed.due ?? due);
    return due;
  }

  /** A record was led somewhere: a handle is to be given back some time. */
  hold(record: AdsRecord, found: Found): void {
    if (found.isHandle) this.#handles.set(record, found);
  }

  /** Has records fed: notified unless they, or the server, want it otherwise. */
  async begin(records: readonly AdsRecord[]): Promise<void> {
    const feds = records.flatMap((record) => {
      const { found } = record;
      return found ? [{ record, found }] : [];
    });
    for (const fed of feds) {
      this.#session.plant.links.place(fed.record, fed.found.length);
      this.#fed.set(fed.record, fed);
    }
    const notified = feds.filter(({ record }) => isNotified(record));
    for (const fed of feds) if (!notified.includes(fed)) this.#pollFrom(fed);
    for (const [target, each] of byTarget(notified, ({ found }) => found.target)) {
      for (let from = 0; from < each.length; from += TOGETHER) {
        await this.#notify(target, each.slice(from, from + TOGETHER));
      }
    }
  }

  /** A record wants nothing any more. */
  end(record: AdsRecord): void {
    const fed = this.#fed.get(record);
    const held = this.#handles.get(record);
    this.#fed.delete(record);
    this.#handles.delete(record);
    void this.#giveBack(fed ? [fed] : [], held ? [held] : []);
  }

  /** Nothing that was asked for holds any more; handles are void. */
  forget(): void {
    const feds = [...this.#fed.values()];
    this.#fed.clear();
    this.#handles.clear();
    void this.#giveBack(feds, []);
  }

  /** Gives back what the server keeps for us; ends without error whatever it says. */
  release(): Promise<void> {
    const given = this.#giveBack([...this.#fed.values()], [...this.#handles.values()]);
    this.#fed.clear();
    this.#handles.clear();
    return given;
  }

  /** Reads what is due; tells whether anything was. */
  async poll(): Promise<boolean> {
    const now = this.#session.plant.options.clock.monotonic();
    const due = [...this.#fed.values()].filter((fed) => (fed.due ?? Infinity) <= now);
    for (const fed of due) fed.due = fed.period === undefined ? undefined : now + fed.period;
    const ways = byTarget(due, ({ found }) => found.target);
    await Promise.all(ways.map(([target, feds]) => this.#readAll(target, feds)));
    return due.length > 0;
  }

  async #notify(target: AmsAddress, feds: readonly Fed[]): Promise<void> {
    const { client, memory, signal } = this.#session.link;
    const requests = feds.map((fed) => this.#requestOf(fed));
    memory.expectHandles(target, 1);
    try {
      const answers = await sumAddNotifications(client, target, requests, {}, signal);
      feds.forEach((fed, i) => {
        const { result = 0, handle = 0 } = answers[i] ?? {};
        const { block } = fed.record;
        if (result !== 0 || block === undefined) {
          this.#fallBack(fed, adsErrorText(result));
        } else {
          fed.notification = handle;
          memory.route(handle, block, target);
        }
      });
    } catch (error) {
      if (!concernsOneRequest(error)) throw error;
      for (const fed of feds) this.#fallBack(fed, messageOf(error));
    } finally {
      memory.expectHandles(target, -1);
    }
  }

  /** The server does not notify of it: then it is read. */
  #fallBack(fed: Fed, why: string): void {
    const { record, found } = fed;
    const what = `${record.record.name} is polled: no notification of it by`;
    this.#session.link.log.warn(`${what} ${formatAddress(found.target)}: ${why}`);
    this.#pollFrom(fed);
  }

  #requestOf({ record, found }: Fed): NotificationRequest {
    const usual = this.#session.plant.options.notifications;
    const { mode, cycle, maxDelay } = { ...usual, ...record.link.notification };
    const { group, offset, length } = found;
    return {
      ...{ group, offset, length },
      mode: mode === 'cyclic' ? TransmissionMode.serverCycle : TransmissionMode.serverOnChange,
      maxDelay: Math.round(maxDelay * TICKS_PER_SECOND),
      cycleTime: Math.round(cycle * TICKS_PER_SECOND),
    };
  }

  /** Read at once, and then at its pace; objects of slaves only when their links say so. */
  #pollFrom(fed: Fed): void {
    const { poll, item } = fed.record.link;
    const { clock, poll: usual } = this.#session.plant.options;
    fed.due = clock.monotonic();
    if (typeof poll === 'number') fed.period = poll * 1000;
    else if (item.kind !== 'coe') fed.period = usual.period * 1000;
  }

  async #readAll(target: AmsAddress, feds: readonly Fed[]): Promise<void> {
    await this.#readTogether(
      target,
      feds.filter(({ record }) => isSummable(record)),
    );
    // A mailbox serves one at a time.
    for (const fed of feds) if (!isSummable(fed.record)) await this.#readAlone(fed);
    this.#session.plant.memory.look();
  }

  async #readTogether(target: AmsAddress, feds: readonly Fed[]): Promise<void> {
    if (feds.length === 0) return;
    const { client, signal } = this.#session.link;
    const places = feds.map(({ found: { group, offset, length } }) => ({ group, offset, length }));
    try {
      const answers = await sumRead(client, target, places, {}, signal);
      feds.forEach((fed, i) => {
        const { result = 0, bytes } = answers[i] ?? {};
        if (result === 0 && bytes) this.#take(fed, bytes);
        else this.#miss(fed, adsErrorText(result));
      });
    } catch (error) {
      if (!concernsOneRequest(error)) throw error;
      for (const fed of feds) this.#miss(fed, messageOf(error));
    }
  }

  async #readAlone(fed: Fed): Promise<void> {
    try {
      this.#take(fed, await readFound(this.#session.link, fed.found, fed.record.link));
    } catch (error) {
      if (!concernsOneRequest(error)) throw error;
      this.#miss(fed, messageOf(error));
    }
  }

  #take({ record, found }: Fed, bytes: Uint8Array): void {
    if (record.block === undefined || record.found !== found) return;
    const { memory } = this.#session.plant;
    const whole = bytes.length < found.length ? padded(bytes, found.length) : bytes;
    memory.applyBytes(record.block, whole);
  }

  #miss(fed: Fed, why: string): void {
    const { plant, link } = this.#session;
    const { record, found } = fed;
    if (record.found !== found) return;
    const { clock, supervision } = plant.options;
    // What is read once only has to succeed once.
    fed.due ??= clock.monotonic() + supervision.period * 1000;
    plant.counters.pollsFailed++;
    const { slot, name } = record.record;
    if (plant.image.quality[slot] !== Quality.bad) link.log.warn(`${name}: ${why}`);
    plant.links.degrade(record, Quality.bad);
  }

  async #giveBack(feds: readonly Fed[], handles: readonly Found[]): Promise<void> {
    const { client, memory } = this.#session.link;
    const notified = feds.flatMap(({ found: { target }, notification }) =>
      notification === undefined ? [] : [{ target, notification }],
    );
    for (const { target, notification } of notified) memory.unroute(notification, target);
    const farewell = AbortSignal.timeout(FAREWELL_MS);
    await Promise.allSettled([
      ...byTarget(notified, ({ target }) => target).map(([target, each]) =>
        sumDeleteNotifications(
          client,
          target,
          each.map(({ notification }) => notification),
          {},
          farewell,
        ),
      ),
      ...handles.map(({ target, offset }) => releaseSymbol(client, target, offset, farewell)),
    ]);
  }
}

/** How long the server may take to answer what nobody waits for. */
const FAREWELL_MS = 1000;

function isNotified({ link }: AdsRecord): boolean {
  return link.poll === undefined && link.item.kind !== 'coe' && link.item.kind !== 'state';
}

/** Servers know sums; mailboxes do not, and a state is no place. */
function isSummable({ link: { item } }: AdsRecord): boolean {
  return item.kind === 'symbol' || item.kind === 'raw';
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  whole.set(bytes);
  return whole;
}
