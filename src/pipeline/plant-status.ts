import type { Clock, Log } from '../kernel/index.ts';
import { Hearers } from './hearers.ts';

/** How the IOC stands to its plant; the raw values of the PV that tells it. */
export const PlantState = {
  /** Nobody answers at the plant's address; the next attempt will come. */
  disconnected: 0,
  connecting: 1,
  /** Somebody is there, but AMS packets do not find their way. */
  noRoute: 2,
  connected: 3,
  /** Connected, and something is missing: TwinCAT is not in RUN, a slave is away or another one. */
  degraded: 4,
} as const;
export type PlantState = (typeof PlantState)[keyof typeof PlantState];

/** Complaints that fit into one text. */
const SHOWN = 4;

/** The state of the link to a plant in words; what is wrong while it stands are its complaints. */
export class PlantStatus {
  /** When and why the plant was lost the last time, empty before. */
  lastLoss = '';
  readonly changed = new Hearers();
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #complaints = new Map<string, string>();
  #state: PlantState = PlantState.disconnected;
  #text = 'not started';

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  get state(): PlantState {
    const isWell = this.#state !== PlantState.connected || this.#complaints.size === 0;
    return isWell ? this.#state : PlantState.degraded;
  }

  get text(): string {
    if (this.state !== PlantState.degraded) return this.#text;
    const all = [...this.#complaints.values()];
    const more = all.length > SHOWN ? `; and ${all.length - SHOWN} more` : '';
    return `${all.slice(0, SHOWN).join('; ')}${more}`;
  }

  /** The link is in another state; complaints about the one before are void. */
  set(state: PlantState, text: string): void {
    this.#complaints.clear();
    this.#state = state;
    this.#text = text;
    this.changed.tell();
  }

  /** The link ended. */
  lose(reason: string): void {
    this.lastLoss = `${isoTimeOf(this.#clock)} ${reason}`;
  }

  /** Something is wrong while the link stands; said in the log when it is news. */
  complain(subject: string, text: string): void {
    if (this.#complaints.get(subject) === text) return;
    this.#complaints.set(subject, text);
    this.#log.warn(text);
    this.changed.tell();
  }

  /** What was complained of is well again. */
  settle(subject: string): void {
    if (this.#complaints.delete(subject)) this.changed.tell();
  }
}

function isoTimeOf(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
