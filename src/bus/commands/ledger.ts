/**
 * How far a command is: `held` while we do not know yet what was before us, `waiting` in line,
 * `executing`, `over`.
 */
export type Phase = 'held' | 'waiting' | 'executing' | 'over';

/** What is remembered of a command. */
export interface Remembered {
  readonly topic: string;
  /** Tells its payload apart from others; undefined where we did not see it. */
  readonly digest: string | undefined;
  phase: Phase;
  /** Whoever asked took note. */
  isCleared: boolean;
  /** When it ended, or was cleared after that; milliseconds. */
  since: number;
  /** That it was not cleared was told. */
  isTold: boolean;
}

/** How long a cleared command is remembered, and how long one may stay uncleared; milliseconds. */
const FORGET_AFTER = 3_600_000;
const TELL_AFTER = 86_400_000;

/** The commands that were seen, so that each is executed once: bounded, the oldest ended go first. */
export class Ledger {
  readonly #commands = new Map<string, Remembered>();
  readonly #most: number;

  constructor(most = 10_000) {
    this.#most = most;
  }

  get size(): number {
    return this.#commands.size;
  }

  find(topic: string): Remembered | undefined {
    return this.#commands.get(topic);
  }

  add(topic: string, digest: string | undefined, phase: Phase, now: number): Remembered {
    const added = { topic, digest, phase, isCleared: false, since: now, isTold: false };
    this.#commands.set(topic, added);
    if (this.#commands.size > this.#most) this.#dropOldest();
    return added;
  }

  /** Forgets what nothing can come of any more, and returns what should have been cleared long ago. */
  tick(now: number): Remembered[] {
    const overdue: Remembered[] = [];
    for (const command of this.#commands.values()) {
      if (command.phase !== 'over') continue;
      const age = now - command.since;
      if (command.isCleared && age >= FORGET_AFTER) this.#commands.delete(command.topic);
      if (!command.isCleared && !command.isTold && age >= TELL_AFTER) {
        command.isTold = true;
        overdue.push(command);
      }
    }
    return overdue;
  }

  /** What waits or runs is bounded elsewhere, and stays. */
  #dropOldest(): void {
    for (const { topic, phase } of this.#commands.values()) {
      if (phase !== 'over') continue;
      this.#commands.delete(topic);
      return;
    }
  }
}
