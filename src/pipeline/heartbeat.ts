import { catchError, exhaustMap, from, map, type Observable, timer } from 'rxjs';
import { AdsErrorCode, AdsState, Port, readState } from '../ads/index.ts';
import { IocError, messageOf } from '../kernel/index.ts';
import { adsCodeOf, concernsOneRequest } from './diagnosis.ts';
import { PlantState } from './plant-status.ts';
import type { Session } from './session.ts';

/** How the link is watched; seconds. */
export interface SupervisionPlan {
  /** Between two looks at the state of TwinCAT, and at its slaves. */
  readonly period: number;
  /** Looks in a row without any sign of life after which the link counts as dead. */
  readonly misses: number;
  /** Between two comparisons of process data with what notifications told; 0: none. */
  readonly audit: number;
  /** How long a toggle may stand still before what it qualifies is INVALID; 0: for ever. */
  readonly toggle: number;
}

/** Under this subject the status tells the state of TwinCAT. */
const SUBJECT = 'state';
/** Part of the period that a look may take: its miss is known before the next one begins. */
const PATIENCE = 0.9;

/**
 * Asks the I/O server for its state every `period`, with a time-out of its own. A TCP connection
 * can stand while nobody answers (cable, router restart), so misses in a row end the session with an
 * error; so does leaving RUN, because no notification handle survives it (facts/ads-clients.md 1).
 * Loss is noticed within (misses + 1) × period.
 */
export function watched(session: Session): Observable<void> {
  const { period } = session.plant.options.supervision;
  const pulse = new Pulse(session);
  return timer(0, period * 1000).pipe(
    exhaustMap(() => {
      pulse.begin();
      return from(stateOf(session, period * PATIENCE * 1000)).pipe(
        map((adsState) => pulse.take(adsState)),
        catchError((cause: unknown) => {
          if (!concernsOneRequest(cause)) throw cause;
          pulse.miss(cause);
          return [];
        }),
      );
    }),
  );
}

/** What looks at the state of TwinCAT come to. */
class Pulse {
  readonly #session: Session;
  #misses = 0;
  #wasHeard = false;
  #wasRunning = false;
  /** Bytes that had come when the look began. */
  #heard = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  begin(): void {
    this.#heard = this.#session.link.client.counters.bytesReceived;
  }

  take(adsState: number | undefined): void {
    const session = this.#session;
    const { options, status } = session.plant;
    this.#misses = 0;
    session.adsState = adsState;
    const wasWaiting = this.#wasHeard && !this.#wasRunning;
    if (!this.#wasHeard) status.set(PlantState.connected, `connected to ${options.netId}`);
    this.#wasHeard = true;
    if (adsState !== AdsState.run) {
      if (this.#wasRunning) throw leftRun(adsState);
      status.complain(SUBJECT, `TwinCAT ${stateNow(adsState)}`);
      return;
    }
    status.settle(SUBJECT);
    // What was asked for before RUN need not hold in it.
    if (wasWaiting) session.current?.distrust('TwinCAT entered RUN');
    this.#wasRunning = true;
  }

  miss(cause: unknown): void {
    const { link, plant } = this.#session;
    // An error is an answer, and so is anything else that came: the link stands.
    const isAlive = link.client.counters.bytesReceived !== this.#heard;
    if (isAlive) this.#misses = 0;
    else if (++this.#misses >= plant.options.supervision.misses) throw silent(cause);
  }
}

/** The words for an ADS state. */
export function adsStateText(state: number): string {
  const found = Object.entries(AdsState).find(([, value]) => value === state);
  return found ? found[0].toUpperCase() : String(state);
}

/** Undefined when there is no I/O server at all, as while TwinCAT starts. */
async function stateOf(
  { link: { client, signal }, plant }: Session,
  timeoutMs: number,
): Promise<number | undefined> {
  const target = { netId: plant.options.netId, port: Port.ioServer };
  try {
    const { urgent } = client;
    return (await urgent.invoke(readState, target, undefined, { timeoutMs }, signal)).adsState;
  } catch (error) {
    if (adsCodeOf(error) !== AdsErrorCode.targetPortNotFound) throw error;
    return undefined;
  }
}

function silent(cause: unknown): IocError {
  const text = `no answer any more: ${messageOf(cause)}`;
  return new IocError('pipeline/silent', text, { cause });
}

function leftRun(adsState: number | undefined): IocError {
  return new IocError('pipeline/left-run', `TwinCAT left RUN: it ${stateNow(adsState)} now`);
}

function stateNow(adsState: number | undefined): string {
  return adsState === undefined ? 'has no I/O server' : `is in ${adsStateText(adsState)}`;
}
