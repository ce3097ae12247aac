import { AdsError, AdsErrorCode } from '../../ads/index.ts';
import { messageOf } from '../../kernel/index.ts';
import { AlarmStatus } from '../../model/index.ts';
import { concernsOneRequest } from '../diagnosis.ts';
import type { Session } from '../session.ts';
import type { AdsRecord } from './ads-record.ts';
import { findPlace } from './find-place.ts';
import { LinkFeeds } from './link-feeds.ts';
import { restoreOutput } from './restore-output.ts';

/** What a look at those who serve a group of links found. */
export interface GroupState {
  /** Why what is known of them is void. */
  readonly stale?: string | undefined;
  /** What was not there may be there now. */
  readonly isOther?: boolean;
  /** Why values stand still. */
  readonly stopped?: string | undefined;
}

/** Links that are looked up at a time. */
const AT_ONCE = 32;

/** Looks between two attempts to find what was not there. */
const PATIENCE = 6;

/**
 * Links of a session that become void together: those of one server, or those of slaves. Finds where
 * they lead, has them fed, and does so again whenever that may have changed.
 */
export class LinkGroup {
  readonly feeds: LinkFeeds;
  readonly #session: Session;
  readonly #subject: string;
  readonly #look: () => Promise<GroupState>;
  /** Outputs that were brought back since the server came. */
  readonly #restored = new Set<AdsRecord>();
  #looks = 0;
  /** Why nothing of the group can be had. */
  #trouble: string | undefined;

  /** `subject` is for the log; `look` rejects with an AdsError when nobody is there. */
  constructor(session: Session, subject: string, look: () => Promise<GroupState>) {
    this.#session = session;
    this.#subject = subject;
    this.#look = look;
    this.feeds = new LinkFeeds(session);
  }

  /** Does what is to be done for the records. */
  async serve(records: readonly AdsRecord[]): Promise<void> {
    const { links } = this.#session.plant;
    try {
      const { stale, stopped, isOther = false } = await this.#look();
      if (stale !== undefined) this.stale(records, stale);
      const isTurn = isOther || this.#looks % PATIENCE === 0;
      const lost = records.filter(({ found }) => found === undefined);
      await this.#lead(lost.filter(({ problem }) => problem === undefined || isTurn));
      const text = stopped && `${this.#subject} ${stopped}`;
      for (const record of records) if (isStill(record)) links.qualify(record, text);
      this.#trouble = undefined;
    } catch (error) {
      if (!concernsOneRequest(error)) throw error;
      this.#complain(records, reasonOf(error));
    }
    this.#looks++;
  }

  /** What is known of where links lead is void. */
  stale(records: Iterable<AdsRecord>, why: string): void {
    const led = [...records].filter(({ found }) => found !== undefined);
    if (led.length === 0) return;
    this.#session.link.log.info(
      `${this.#subject}: ${why}; ${led.length} links are looked up again`,
    );
    for (const record of led) record.found = undefined;
    this.#session.plant.links.expect(led);
    this.feeds.forget();
  }

  async #lead(records: readonly AdsRecord[]): Promise<void> {
    const failure = await eachOf(records, (record) => this.#leadOne(record));
    // Those of which the server still told are served.
    const led = records.filter(({ found }) => found !== undefined);
    await this.feeds.begin(led.filter(({ isFed }) => isFed));
    await this.feeds.poll();
    const outputs = led.filter(({ record }) => record.direction === 'output');
    const other = await eachOf(outputs, (output) => this.#restore(output));
    if (failure ?? other) throw (failure ?? other)?.reason;
  }

  async #restore(output: AdsRecord): Promise<void> {
    const isBack = !this.#restored.has(output);
    this.#restored.add(output);
    await restoreOutput(this.#session, output, isBack);
  }

  async #leadOne(record: AdsRecord): Promise<void> {
    const { plant, link } = this.#session;
    try {
      const found = await findPlace(this.#session, record.link);
      this.feeds.hold(record, found);
      record.lead(found);
      plant.links.settle(record, found);
    } catch (error) {
      if (!isOfOneLink(error)) throw error;
      const text = messageOf(error);
      if (record.problem !== text) link.log.warn(`${record.record.name}: ${text}`);
      plant.links.fail(record, AlarmStatus.link, text);
    }
  }

  #complain(records: readonly AdsRecord[], text: string): void {
    const { plant, link } = this.#session;
    if (this.#trouble !== text) link.log.warn(`links of ${this.#subject}: ${text}`);
    this.#trouble = text;
    this.#restored.clear();
    for (const record of records) {
      if (!record.found) plant.links.fail(record, AlarmStatus.comm, text);
    }
  }
}

/** Does something for each, some at a time; stops at a failure, once the others of its time are done. */
async function eachOf(
  records: readonly AdsRecord[],
  work: (record: AdsRecord) => Promise<void>,
): Promise<PromiseRejectedResult | undefined> {
  for (let from = 0; from < records.length; from += AT_ONCE) {
    const outcomes = await Promise.allSettled(records.slice(from, from + AT_ONCE).map(work));
    const failure = outcomes.find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') return failure;
  }
  return undefined;
}

/** The state of a server says itself that it stands. */
function isStill({ found, link }: AdsRecord): boolean {
  return found !== undefined && link.item.kind !== 'state';
}

/** Its server answers, and what is wrong is the link. */
function isOfOneLink(error: unknown): boolean {
  if (error instanceof AdsError) return error.code === 'ads/refused';
  return error instanceof Error && 'code' in error && error.code === 'pipeline/link';
}

function reasonOf(error: unknown): string {
  const isNobody = error instanceof AdsError && error.adsCode === AdsErrorCode.targetPortNotFound;
  const advice = isNobody ? ' (is the PLC in RUN, and the AMS port right?)' : '';
  return messageOf(error) + advice;
}
