import type { Clock } from '../kernel/index.ts';
import { CommandId, MINOR_VERSION } from './header.ts';
import { Output } from './output.ts';

/** The first pause between two beacons; it doubles up to the configured period. */
const FIRST_PAUSE_MS = 20;

/** One beacon: "a server lives at this TCP port" (facts/ca.md section 9). */
export function beacon(tcpPort: number, counter: number): Uint8Array {
  const out = new Output();
  // p2 0: the repeater fills in the address it came from.
  out.message(CommandId.rsrvIsUp, 0, MINOR_VERSION, tcpPort, counter, 0);
  return out.pending();
}

/** Beacons that are sent until it is disposed of. */
export interface Beats extends Disposable {
  /** Begins with short pauses again: clients take that for a new server, and search at once. */
  again(): void;
}

/**
 * Pauses double from 20 ms to `periodSeconds`, and the counter starts with 0 twice, as clients know
 * it from the C server.
 */
export function beat(
  tcpPort: number,
  periodSeconds: number,
  clock: Clock,
  send: (beacon: Uint8Array) => void,
): Beats {
  let sent = 0;
  let pause = FIRST_PAUSE_MS;
  let isOver = false;
  let timer = clock.after(0, next);
  function next(): void {
    send(beacon(tcpPort, Math.max(0, sent - 1) >>> 0));
    sent++;
    timer = clock.after(pause, next);
    pause = Math.min(pause * 2, periodSeconds * 1000);
  }
  return {
    again() {
      if (isOver) return;
      timer[Symbol.dispose]();
      pause = FIRST_PAUSE_MS;
      timer = clock.after(0, next);
    },
    [Symbol.dispose]() {
      isOver = true;
      timer[Symbol.dispose]();
    },
  };
}
