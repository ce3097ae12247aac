import { type NotificationRequest, type Place, TransmissionMode } from '../ads/index.ts';
import type { Watch } from './device.ts';
import { Result, refused } from './refusal.ts';

/** One device notification of one client port. */
export class Subscription {
  readonly handle: number;
  /** What the client asked for. */
  readonly place: Place;
  /** What that is now. */
  watch: Watch;
  readonly size: number;
  readonly onChange: boolean;
  /** Cycles from one look to the next. */
  readonly period: number;
  /** Cycles that a sample may wait for company. */
  readonly patience: number;
  /** Its variable went away. */
  gone = false;
  /** Cycle of the next look; a new subscription is looked at once, at any time. */
  due = 0;
  /** What the client knows; only kept for subscriptions on change. */
  readonly known: Uint8Array;

  constructor(
    handle: number,
    watch: Watch,
    onChange: boolean,
    request: NotificationRequest,
    cycleMs: number,
  ) {
    this.handle = handle;
    this.place = { group: request.group, offset: request.offset, length: request.length };
    this.watch = watch;
    this.size = watch.size;
    this.onChange = onChange;
    this.period = Math.max(1, Math.round(request.cycleTime / TICKS_PER_MS / cycleMs));
    this.patience = Math.floor(request.maxDelay / TICKS_PER_MS / cycleMs);
    this.known = new Uint8Array(onChange ? watch.size : 0);
  }

  // hot path
  /** Whether `bytes` from `at` on are news; then they are known. */
  changed(bytes: Uint8Array, at: number): boolean {
    const { known, size } = this;
    let i = 0;
    while (i < size && known[i] === bytes[at + i]) i++;
    if (i === size) return false;
    for (; i < size; i++) known[i] = bytes[at + i]!;
    return true;
  }
}

/** ADS times count 100 ns. */
const TICKS_PER_MS = 10_000;

/** Whether a mode sends changes only; throws 0x713 for modes that are no notification. */
export function sendsOnChange(mode: number): boolean {
  switch (mode) {
    case TransmissionMode.clientCycle:
    case TransmissionMode.serverCycle:
    case TransmissionMode.serverCycleInContext:
      return false;
    case TransmissionMode.clientOnChange:
    case TransmissionMode.serverOnChange:
    case TransmissionMode.serverOnChangeInContext:
      return true;
    default:
      throw refused(Result.transmissionModeNotSupported);
  }
}
