import { createHash } from 'node:crypto';
import { type Clock, messageOf, type Scope } from '../../kernel/index.ts';
import type { Received } from '../message.ts';
import { askedBy } from '../replies.ts';
import { Answers } from './answers.ts';
import { type Offer, serveCapabilities } from './capabilities.ts';
import type { Command, Ending, Heard } from './command.ts';
import { EarlyCommands } from './early-commands.ts';
import { executed, settlement } from './executor.ts';
import { LateWindow } from './late-window.ts';
import { LifeCycle, type LifeRules } from './life-cycle.ts';
import type { Operation } from './operation.ts';
import { type Payload, type PayloadLimits, readPayload } from './payload.ts';
import { StartUp } from './start-up.ts';
import { CommandSubscriptions } from './subscriptions.ts';
import { commandName } from './topic.ts';

/** How commands are taken; durations in seconds. */
export interface CommandRules extends LifeRules {
  readonly payload: PayloadLimits;
  /** Most bytes of an answer. */
  readonly answerBytes: number;
  /** The group with which this IOC shares its commands (MQTT 5: `$share/<group>/…`). */
  readonly share?: string;
}

/** What serves commands on the bus. */
export interface CommandMeans extends Offer {
  readonly rules: CommandRules;
  /** Beginnings of topics where no answer goes, beside those below the root. */
  readonly reserved: readonly string[];
  /** When this process began, RFC 3339: tells it apart from those before it. */
  readonly started: string;
  readonly clock: Clock;
}

/** What became of commands, for PVs that tell of it. */
export interface CommandCounters {
  successful: number;
  failed: number;
  /** That wait or run now. */
  readonly pending: number;
}

/** How often memory is looked at, and how long the broker may take to keep `executing`; milliseconds. */
const TICK_MS = 60_000;
const TOLD_MS = 5000;

const untold = 'the broker did not take that it is executing';
const stoppedBefore = 'interrupted: the IOC was stopped, nothing was done';

/** Serves commands until the scope ends; those that run then fail, with that reason. */
export function serveCommands(means: CommandMeans, scope: Scope): CommandCounters {
  const server = new CommandServer(means, scope.signal);
  scope.defer(() => server.idle());
  server.listen(scope);
  serveCapabilities(means, scope);
  const { clock } = means;
  const ticks = clock.every(TICK_MS, () => server.life.tick(clock.now()));
  scope.defer(() => ticks[Symbol.dispose]());
  return server.counters;
}

class CommandServer {
  readonly life: LifeCycle;
  readonly counters: CommandCounters;
  readonly #means: CommandMeans;
  readonly #signal: AbortSignal;
  readonly #answers: Answers;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #late = new LateWindow();
  readonly #early: EarlyCommands;
  /** Something came that the broker had kept. */
  #retained: () => void = () => {};
  readonly #running = new Set<Promise<void>>();

  constructor(means: CommandMeans, signal: AbortSignal) {
    const { operations, permits } = means;
    this.#means = means;
    this.#signal = signal;
    this.#answers = new Answers(means);
    this.#early = new EarlyCommands(means.book);
    this.#operations = new Map(operations.map((each) => [each.name, each]));
    const effects = {
      refusal: ({ operation }: Heard, subject: string) => permits.refusal(operation, subject),
      isOurs: (heard: Heard) => this.#answers.isOurs(heard),
      begin: (command: Command) => this.#own(this.#execute(command)),
      settle: (heard: Heard) => this.#own(this.#settle(heard)),
      tell: (heard: Heard, ending: Ending, isCleared: boolean) => {
        this.counters[ending.status]++;
        this.#answers.tell(heard, ending, isCleared);
      },
      remind: (topic: string) => this.#answers.remind(topic),
    };
    const life = new LifeCycle(effects, means.rules);
    this.life = life;
    this.counters = {
      ...{ successful: 0, failed: 0 },
      get pending() {
        return life.pending;
      },
    };
  }

  listen(scope: Scope): void {
    const { link, book, rules, clock } = this.#means;
    const means = { ...this.#means, share: rules.share };
    const subscriptions = new CommandSubscriptions(means, (message) => this.#hear(message));
    const startUp = new StartUp(clock, () => {
      this.life.open(clock.now());
      subscriptions.join();
    });
    this.#retained = () => startUp.heard();
    const connections = link.connected$.subscribe(() => startUp.connected());
    const changes = book.changed$.subscribe(() => {
      for (const heard of this.#early.claimed()) this.life.hear(heard, clock.now());
    });
    scope.use(startUp);
    scope.use(subscriptions);
    scope.defer(() => {
      connections.unsubscribe();
      changes.unsubscribe();
    });
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #hear(message: Received): void {
    const { topic, retain, sinceConnected } = message;
    const { root, book, rules, clock } = this.#means;
    const name = commandName(root, topic);
    const operation = name && this.#operations.get(name.operation);
    if (!name || !operation) return;
    const payload = readPayload(message.payload, rules.payload);
    // Another member of the group may have it in its line.
    if (retain && rules.share !== undefined && isAsking(payload)) return;
    if (retain) this.#retained();
    const isLate = this.#late.isLate(sinceConnected, clock.monotonic());
    const heard = {
      ...{ topic, name, operation, payload },
      digest: createHash('sha256').update(message.payload).digest('base64'),
      arrival: { at: clock.now(), isRetained: retain, isLate },
      asked: askedBy(message),
    };
    const entity = book.entities.byTopicId(name.topicId);
    if (entity) this.life.hear({ ...heard, entity }, heard.arrival.at);
    else this.#early.keep(heard);
  }

  async #execute(command: Command): Promise<void> {
    const { clock, log } = this.#means;
    const { topic, operation, subject } = command;
    this.#answers.executing(command);
    const ending = (await this.#doubt(command)) ?? (await executed(command, clock, this.#signal));
    // What is left to the next process stays as it is, and so does its line.
    if (!ending) return;
    const how = ending.status === 'failed' ? `failed: ${ending.reason}` : ending.status;
    const line = `${operation.name} on ${subject} ${how} (${topic})`;
    if (operation.guard !== 'read') log.info(oneLine(line));
    this.life.ended(command, ending, clock.now());
  }

  /**
   * Nothing changes before the broker keeps that it is executing: so whoever comes after us can tell.
   * Returns why it must not begin.
   */
  async #doubt({ operation, until }: Command): Promise<Ending | undefined> {
    if (operation.guard === 'read') return undefined;
    const { link, clock } = this.#means;
    const told = new AbortController();
    const signal = AbortSignal.any([told.signal, this.#signal]);
    const timer = clock.after(TOLD_MS, () => told.abort());
    try {
      await link.flushed(signal);
    } catch {
      const why = this.#signal.aborted ? stoppedBefore : untold;
      return { status: 'failed', reason: why };
    } finally {
      timer[Symbol.dispose]();
    }
    if (clock.now() <= until) return undefined;
    return { status: 'failed', reason: 'expired: the broker took that it is executing too late' };
  }

  async #settle(heard: Heard): Promise<void> {
    const { clock } = this.#means;
    const ending = await settlement(heard, clock, this.#signal);
    this.life.settled(heard, ending, clock.now());
  }

  #own(work: Promise<void>): void {
    const complain = (error: unknown) => this.#means.log.error(`Bus: ${messageOf(error)}`);
    const owned = work.catch(complain).finally(() => this.#running.delete(owned));
    this.#running.add(owned);
  }
}

function isAsking(payload: Payload): boolean {
  return payload.kind === 'bad' || (payload.kind === 'state' && payload.status === 'init');
}

/** Whatever an asker wrote, a line of the log stays one. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
