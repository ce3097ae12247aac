import { AdsError, AdsErrorCode } from '../ads/index.ts';
import { MalformedFrame, messageOf } from '../kernel/index.ts';
import { PlantState } from './plant-status.ts';

/** How far a session came before it ended, and for how long it lived. */
export interface SessionEnd {
  readonly error: unknown;
  /** What stood in the way before. */
  readonly obstacle?: string | undefined;
  /** TCP was accepted (over MQTT: the broker took us). */
  readonly accepted: boolean;
  /** Anything came back over the link. */
  readonly answered: boolean;
  /** PVs were served. */
  readonly served: boolean;
  /** From its begin, in milliseconds. */
  readonly lifeMs: number;
}

/** What is wrong, and whether to come back soon. */
export interface Diagnosis {
  readonly state: PlantState;
  readonly text: string;
  /** `soon`: nothing is hurt by trying; `patient`: trying often does harm or is of no use. */
  readonly pace: 'soon' | 'patient';
}

/** Who asks whom, for the texts. */
export interface Parties {
  readonly peer: string;
  readonly ours: string;
  readonly theirs: string;
  /** A broker lies between them. */
  readonly overBroker?: boolean;
}

/** A session that lived so long, in milliseconds, was a good one. */
export const GOOD_SESSION_MS = 10_000;

/** Good starts that were cut within seconds, in a row, before somebody else is suspected. */
const SUSPICIOUS = 2;

/** Tells the cause of each end of a session; remembers enough to see a pattern in them. */
export class Diagnostician {
  #cutShort = 0;
  /** The plant was served once: what is wrong now was right then. */
  #wasServed = false;

  diagnose(end: SessionEnd, parties: Parties): Diagnosis {
    const isCut = end.answered && end.lifeMs < GOOD_SESSION_MS && isClosedByPeer(end.error);
    this.#cutShort = isCut ? this.#cutShort + 1 : 0;
    this.#wasServed ||= end.served;
    if (!end.accepted) return unreachable(end.error);
    if (this.#cutShort >= SUSPICIOUS) return evicted(parties, this.#cutShort);
    if (!end.answered) return withoutRoute(parties, end, this.#wasServed);
    return byCode(parties, end.error);
  }
}

function unreachable(error: unknown): Diagnosis {
  return { state: PlantState.disconnected, pace: 'soon', text: `network: ${messageOf(error)}` };
}

/**
 * Without a route back a router accepts the connection, then says nothing or closes it. So does a
 * system that hangs; who had a route once is back soon after that is over.
 */
function withoutRoute(
  parties: Parties,
  { obstacle, error }: SessionEnd,
  wasServed: boolean,
): Diagnosis {
  const { peer, ours, overBroker } = parties;
  const state = PlantState.noRoute;
  // The broker took us; who of the others is silent, and why, the transport says best.
  if (overBroker) return { state, pace: 'soon', text: `route: ${messageOf(error)}` };
  const hangs = wasServed ? 'it hangs, or ' : '';
  const text =
    `route: ${peer} accepts the connection but does not answer: ` +
    `${hangs}add a route for our NetId ${ours} on the target`;
  const why = obstacle === undefined ? '' : `; ${obstacle}`;
  return { state, pace: wasServed ? 'soon' : 'patient', text: text + why };
}

function evicted({ peer }: Parties, times: number): Diagnosis {
  const text =
    `evicted: ${peer} closed ${times} good connections within seconds: another client ` +
    "on this host's IP address? TwinCAT keeps one connection per address";
  return { state: PlantState.disconnected, pace: 'patient', text };
}

function byCode({ peer, theirs }: Parties, error: unknown): Diagnosis {
  if (adsCodeOf(error) !== AdsErrorCode.targetMachineNotFound) {
    return { state: PlantState.disconnected, pace: 'soon', text: messageOf(error) };
  }
  const text = `route: ${peer} knows no ${theirs}: is the NetId of the plant right?`;
  return { state: PlantState.noRoute, pace: 'patient', text };
}

/** The ADS error number of a failure or of one of its causes. */
export function adsCodeOf(error: unknown): number | undefined {
  if (error instanceof AdsError) return error.adsCode;
  return error instanceof Error && error.cause !== undefined ? adsCodeOf(error.cause) : undefined;
}

/** Refused, not delivered, not answered or not readable: the connection itself is well. */
export function concernsOneRequest(error: unknown): boolean {
  return error instanceof AdsError || error instanceof MalformedFrame;
}

function isClosedByPeer(error: unknown): boolean {
  return /closed by the peer|ECONNRESET|EPIPE/.test(messageOf(error));
}
