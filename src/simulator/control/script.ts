import { type Clock, IocError, type Log, messageOf } from '../../kernel/index.ts';
import type { ScriptedFault } from '../../model/index.ts';
import type { Simulator } from '../simulator.ts';
import { Arguments } from './arguments.ts';
import { type ControlCommand, controlCommands } from './commands.ts';

/** Timers of Node cannot wait for longer than 2^31 - 1 ms; a day at a time is enough. */
const LONGEST_WAIT_MS = 86_400_000;

/** An entry that is still to come; milliseconds since the start. */
type Pending = { readonly entry: ScriptedFault; readonly command: ControlCommand; due: number };

/** The faults of a chain's script, made at their times. */
export class Script implements Disposable {
  readonly #clock: Clock;
  readonly #log: Log;
  #pending: readonly Pending[];
  #started = 0;
  #timer: Disposable | undefined;
  #stopped = false;

  /** Throws `simulator/script` for an entry whose command there is not. */
  constructor(entries: readonly ScriptedFault[], clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.#pending = entries.map((entry, index) => ({
      entry,
      command: commandOf(entry, index),
      due: Math.round(entry.at * 1000),
    }));
  }

  /** From now on the times of the entries count. */
  start(simulator: Simulator): void {
    this.#started = this.#clock.monotonic();
    this.#wait(simulator);
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  #wait(simulator: Simulator): void {
    if (this.#stopped || this.#pending.length === 0) return;
    const first = this.#pending.reduce((least, { due }) => Math.min(least, due), Infinity);
    const wait = Math.max(0, first - this.#elapsed());
    this.#timer = this.#clock.after(Math.min(wait, LONGEST_WAIT_MS), () => {
      this.#makeDue(simulator);
      this.#wait(simulator);
    });
  }

  /** Entries of the same time go in the order of the file. */
  #makeDue(simulator: Simulator): void {
    const elapsed = this.#elapsed();
    const due = this.#pending.filter((each) => each.due <= elapsed).sort((a, b) => a.due - b.due);
    for (const each of due) {
      void this.#make(simulator, each);
      each.due = nextAfter(elapsed, each);
    }
    this.#pending = this.#pending.filter((each) => each.due !== Infinity);
  }

  /** Some faults take their time, such as a restart; the next ones do not wait for them. */
  async #make(simulator: Simulator, { entry, command }: Pending): Promise<void> {
    const { at, given } = entry;
    this.#log.info({ at, ...given }, `script: ${entry.command}`);
    try {
      await command.run(simulator, new Arguments(given));
    } catch (failure) {
      if (this.#stopped) return;
      this.#log.warn({ at, ...given }, `script: ${entry.command} failed: ${messageOf(failure)}`);
    }
  }

  #elapsed(): number {
    return this.#clock.monotonic() - this.#started;
  }
}

/** Times that passed while the process was held up are not made up for. */
function nextAfter(elapsed: number, { entry: { repeat }, due }: Pending): number {
  if (repeat === undefined) return Infinity;
  const period = repeat * 1000;
  return due + (Math.floor((elapsed - due) / period) + 1) * period;
}

function commandOf({ command: name, at }: ScriptedFault, index: number): ControlCommand {
  const command = controlCommands.get(name);
  if (command !== undefined) return command;
  const known = [...controlCommands.keys()].join(', ');
  throw new IocError(
    'simulator/script',
    `Simulate with script[${index}] (at ${at} s): no command "${name}"; use one of ${known}`,
  );
}
