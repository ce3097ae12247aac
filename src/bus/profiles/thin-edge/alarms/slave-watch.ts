import {
  EtherCatState,
  etherCatStateOf,
  LinkFault,
  linkText,
  portNames,
  Severity,
  type Slot,
  StateFault,
  stateText,
} from '../../../../model/index.ts';
import type { Entity } from '../entity.ts';
import type { AlarmSeverity, AlarmType, Condition } from './condition.ts';
import { ErrorAlarm } from './error-alarm.ts';
import { ErrorCounter } from './error-counter.ts';
import { present, type Watch, type WatchMeans } from './watch.ts';

/** Bits of a slave's link byte that mean that it is cut off itself; others tell of its neighbours. */
const CUT_OFF = LinkFault.notPresent | LinkFault.noCommunication;

/** A slave: its EtherCAT state, links, working counter, and counters of errors. */
export class SlaveWatch implements Watch {
  readonly entity: Entity;
  readonly slots: readonly Slot[];
  readonly #means: WatchMeans;
  readonly #state: Slot | undefined;
  readonly #link: Slot | undefined;
  readonly #working: Slot | undefined;
  /** Its record is MAJOR while another product sits there. */
  readonly #identity: Slot | undefined;
  readonly #crc: Slot | undefined;
  readonly #ports: readonly (Slot | undefined)[];
  readonly #crcErrors: ErrorAlarm;
  readonly #lostLinks: readonly ErrorCounter[] = portNames.map(() => new ErrorCounter());
  #lastState: number | undefined;
  #lastLink: number | undefined;

  constructor(entity: Entity, means: WatchMeans) {
    const slot = (name: string) => means.values.slotOf(entity, name);
    this.entity = entity;
    this.#means = means;
    this.#state = slot('state_machine');
    this.#link = slot('link_status');
    this.#working = slot('wcstate');
    this.#identity = slot('identity');
    this.#crc = slot('crc_error_sum');
    this.#ports = portNames.map((name) => slot(`lost_link_port_${name.toLowerCase()}`));
    this.#crcErrors = new ErrorAlarm(means, entity, {
      ...{ alarm: 'crc_errors', event: 'crc_growth', what: 'CRC errors' },
      lowest: 'warning',
    });
    const one = [this.#state, this.#link, this.#working, this.#identity, this.#crc];
    this.slots = present([...one, ...this.#ports]);
  }

  look(): boolean {
    const { values } = this.#means;
    const state = values.raw(this.entity, 'state_machine', this.#state);
    const link = values.raw(this.entity, 'link_status', this.#link);
    if (state !== undefined) this.#lookAtState(state);
    if (link !== undefined) this.#lookAtLink(link);
    this.#lookAtWorkingCounter();
    this.#lookAtLostLinks();
    return this.#crcErrors.look(values.number(this.#crc), values.time(this.#crc));
  }

  #lookAtState(state: number): void {
    const { tell, values } = this.#means;
    const [from, time] = [this.#lastState, values.time(this.#state)];
    this.#lastState = state;
    const words = stateText(state);
    this.#set(
      'not_operational',
      stateSeverity(state),
      `${this.entity.name} is in ${words}`,
      this.#state,
    );
    const isOther =
      (state & StateFault.identityMismatch) !== 0 ||
      values.severity(this.#identity) === Severity.major;
    const text = `${this.entity.name} is not the configured product`;
    this.#set('identity_mismatch', isOther ? 'major' : undefined, text, this.#state);
    if (from === undefined || from === state) return;
    const facts = { from: stateText(from), to: words, alState: state };
    tell(this.entity, 'al_state', {
      text: `${this.entity.name}: ${facts.from} → ${words}`,
      time,
      ...facts,
    });
  }

  #lookAtLink(link: number): void {
    const { tell, values } = this.#means;
    const [from, time] = [this.#lastLink, values.time(this.#link)];
    this.#lastLink = link;
    const words = `${this.entity.name}: ${linkText(link)}`;
    this.#means.causes.note(this.entity, 'link_lost', (link & CUT_OFF) !== 0);
    this.#set('link_lost', linkSeverity(link, this.entity), words, this.#link);
    const isMore = (link & LinkFault.additionalLink) !== 0;
    this.#set('topology_mismatch', isMore ? 'major' : undefined, words, this.#link);
    if (from === undefined || from === link) return;
    tell(this.entity, 'link', { text: words, time, from: linkText(from), to: linkText(link) });
  }

  #lookAtWorkingCounter(): void {
    const working = this.#means.values.number(this.#working);
    if (working === undefined) return;
    const text = `${this.entity.name} takes no part in the cycle: its working counter is wrong`;
    this.#set('data_invalid', working === 1 ? 'major' : undefined, text, this.#working);
  }

  #lookAtLostLinks(): void {
    const { values, clock, tell } = this.#means;
    for (const [port, counter] of this.#lostLinks.entries()) {
      const slot = this.#ports[port];
      const total = values.number(slot);
      if (total === undefined) continue;
      counter.read(total, clock.monotonic());
      const news = counter.takeNews(clock.monotonic(), 0);
      if (!news) continue;
      const letter = portNames[port] ?? String(port);
      const text = `${this.entity.name}: link lost at port ${letter}, ${news.grown} times`;
      tell(this.entity, 'link', { text, time: values.time(slot), port: letter, ...news });
    }
  }

  #set(
    type: AlarmType,
    severity: AlarmSeverity | undefined,
    text: string,
    slot: Slot | undefined,
  ): void {
    const { book, causes, values } = this.#means;
    const time = values.time(slot);
    const condition: Condition | undefined = severity && { severity, text, time };
    if (type !== 'link_lost') causes.note(this.entity, type, condition !== undefined);
    book.set(this.entity, type, condition);
  }
}

/** SAFE-OP minor, what is below it major, with an error or unknown critical. */
export function stateSeverity(state: number): AlarmSeverity | undefined {
  if (state & (StateFault.error | StateFault.initCommandError)) return 'critical';
  // Who took it out of the cycle knows.
  if (state & StateFault.disabled) return 'warning';
  switch (etherCatStateOf(state)) {
    case EtherCatState.op:
      return undefined;
    case EtherCatState.safeOp:
      return 'minor';
    case EtherCatState.init:
    case EtherCatState.preOp:
    case EtherCatState.boot:
      return 'major';
    case undefined:
      return 'critical';
  }
}

/** Critical where a whole node hangs on the link. */
function linkSeverity(link: number, { node }: Entity): AlarmSeverity | undefined {
  if (link & CUT_OFF) return node?.kind === 'coupler' ? 'critical' : 'major';
  return link & LinkFault.missingLink ? 'major' : undefined;
}
