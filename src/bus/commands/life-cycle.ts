import { admission, type Refusal } from './admission.ts';
import type { Command, Ending, Heard } from './command.ts';
import type { FreshnessRules } from './freshness.ts';
import { Ledger, type Remembered } from './ledger.ts';
import { Lines } from './lines.ts';

/** What the life of commands causes outside. */
export interface CommandEffects {
  readonly refusal: Refusal;
  /** Whether a state that says `executing` is of this IOC, whichever process. */
  isOurs(heard: Heard): boolean;
  /** Says that it is executing, and does it; `ended` is to be called once, unless the process ends first. */
  begin(command: Command): void;
  /** Finds out how a command ended that a former process began; `settled` is to be called once. */
  settle(heard: Heard): void;
  /** Says how a command ended; `isCleared`: on its topic nothing more may be said. */
  tell(heard: Heard, ending: Ending, isCleared: boolean): void;
  /** Says that a command ended a day ago, and whoever asked never cleared it. */
  remind(topic: string): void;
}

/** How much is remembered and may wait. */
export interface LifeRules extends FreshnessRules {
  /** Commands that may wait for one subject, and altogether. */
  readonly queue: number;
  readonly pending: number;
}

/** For who repeats an id with something else: what was begun does not begin again. */
const usedId = 'this id was used before: take another one for each command';

/**
 * The life of all commands (facts/mqtt.md sections 1.7 and 2.4), whatever they do: each is executed
 * once at most, in time or never, in the order of arrival per subject. It knows of no broker and no
 * clock: it is told of messages and asked to look at its memory, and says what to do.
 */
export class LifeCycle {
  readonly #effects: CommandEffects;
  readonly #rules: LifeRules;
  readonly #ledger: Ledger;
  readonly #lines: Lines<Command>;
  /** What came before all was known that a former process left; undefined afterwards. */
  #held: Map<string, Heard> | undefined = new Map();

  constructor(effects: CommandEffects, rules: LifeRules, ledger = new Ledger()) {
    this.#effects = effects;
    this.#rules = rules;
    this.#ledger = ledger;
    this.#lines = new Lines(rules.queue, rules.pending);
  }

  /** Commands that wait or run. */
  get pending(): number {
    return this.#lines.size + (this.#held?.size ?? 0);
  }

  /** `now` may be later than its arrival, when it had to wait for its entity. */
  hear(heard: Heard, now: number): void {
    const { payload, topic } = heard;
    const known = this.#ledger.find(topic);
    switch (payload.kind) {
      case 'cleared':
        if (known) this.#cleared(known, now);
        return;
      case 'bad':
        this.#asked(heard, known, now);
        return;
      case 'state':
        this.#stateOf(heard, payload.status, known, now);
    }
  }

  /** All is known that a former process left: what was held may begin. */
  open(now: number): void {
    const held = this.#held;
    this.#held = undefined;
    for (const heard of held?.values() ?? []) this.#admit(heard, now);
  }

  /** A command that was begun is over. */
  ended(command: Command, ending: Ending, now: number): void {
    this.#over(command, ending, now);
    this.#next(this.#lines.leave(lineOf(command), command), now);
  }

  /** It is known how a command ended that a former process began. */
  settled(heard: Heard, ending: Ending, now: number): void {
    this.#over(heard, ending, now);
  }

  /** Looks at what is remembered, now and then. */
  tick(now: number): void {
    for (const { topic } of this.#ledger.tick(now)) this.#effects.remind(topic);
  }

  #stateOf(heard: Heard, status: string, known: Remembered | undefined, now: number): void {
    if (status === 'init') this.#asked(heard, known, now);
    else if (status === 'executing') this.#interrupted(heard, known, now);
    // Our own echo where we know it; else what a former process, or another member of our group, said.
    else if (status === 'successful' || status === 'failed')
      this.#endedElsewhere(heard, known, now);
  }

  #asked(heard: Heard, known: Remembered | undefined, now: number): void {
    const { topic, digest } = heard;
    if (known) {
      if (known.phase === 'over' && isAnother(heard, known)) this.#refuse(heard, usedId);
    } else if (!this.#held) this.#admit(heard, now);
    else if (this.#held.size >= this.#rules.pending) this.#refuse(heard, 'busy: too many wait');
    else {
      this.#ledger.add(topic, digest, 'held', now);
      this.#held.set(topic, heard);
    }
  }

  #admit(heard: Heard, now: number): void {
    const admitted = admission(heard, this.#effects.refusal, this.#rules, now);
    if (admitted.kind === 'refused') this.#over(heard, failed(admitted.reason), now);
    else this.#enqueue(admitted.command, now);
  }

  #enqueue(command: Command, now: number): void {
    const line = lineOf(command);
    if (!this.#lines.hasRoom(line)) {
      const why = `busy: ${this.#rules.queue} commands wait for ${command.subject}`;
      this.#over(command, failed(why), now);
      return;
    }
    this.#remember(command, now).phase = 'waiting';
    if (this.#lines.join(line, command)) this.#next(command, now);
  }

  /** It is the turn of a command, if it did not wait too long. */
  #next(command: Command | undefined, now: number): void {
    for (let next = command; next; next = this.#lines.leave(lineOf(next), next)) {
      if (now <= next.until) {
        this.#remember(next, now).phase = 'executing';
        this.#effects.begin(next);
        return;
      }
      this.#over(next, failed(`expired: it waited in line for ${next.subject} too long`), now);
    }
  }

  /** The state that a former process left, which did not come to its end. */
  #interrupted(heard: Heard, known: Remembered | undefined, now: number): void {
    const isNews = known === undefined || known.phase === 'held';
    if (!isNews || !heard.arrival.isRetained || !this.#effects.isOurs(heard)) return;
    this.#held?.delete(heard.topic);
    this.#remember(heard, now).phase = 'executing';
    this.#effects.settle(heard);
  }

  #endedElsewhere({ topic }: Heard, known: Remembered | undefined, now: number): void {
    if (known && known.phase !== 'held') return;
    this.#held?.delete(topic);
    const remembered = known ?? this.#ledger.add(topic, undefined, 'over', now);
    remembered.phase = 'over';
    remembered.since = now;
  }

  #cleared(known: Remembered, now: number): void {
    known.isCleared = true;
    if (known.phase === 'executing') return;
    if (known.phase === 'held') this.#held?.delete(known.topic);
    if (known.phase === 'waiting') this.#withdraw(known.topic, now);
    known.phase = 'over';
    known.since = now;
  }

  /** Whoever asked thought better of it. */
  #withdraw(topic: string, now: number): void {
    const command = this.#lines.find((each) => each.topic === topic);
    if (command) this.#next(this.#lines.leave(lineOf(command), command), now);
  }

  #over(heard: Heard, ending: Ending, now: number): void {
    const remembered = this.#remember(heard, now);
    remembered.phase = 'over';
    remembered.since = now;
    this.#effects.tell(heard, ending, remembered.isCleared);
  }

  /** Answers without remembering: what is remembered is another one. */
  #refuse(heard: Heard, reason: string): void {
    this.#effects.tell(heard, failed(reason), false);
  }

  #remember({ topic, digest }: Heard, now: number): Remembered {
    return this.#ledger.find(topic) ?? this.#ledger.add(topic, digest, 'waiting', now);
  }
}

/** What only looks does not wait for what changes something, nor for what looks otherwise. */
function lineOf({ operation: { guard, name }, subject }: Command): string {
  return guard === 'read' ? `${name} ${subject}` : subject;
}

function failed(reason: string): Ending {
  return { status: 'failed', reason };
}

/** Whether it cannot be the same message once more, which a broker may bring again after a connection. */
function isAnother({ digest, arrival }: Heard, known: Remembered): boolean {
  if (known.digest !== undefined) return known.digest !== digest;
  return !arrival.isLate && !arrival.isRetained;
}
