import { type Clock, messageOf, sleep } from '../../kernel/index.ts';
import { type Command, type Ending, fieldsOf, type Heard } from './command.ts';
import { type CommandContext, CommandFailure, leftToNext, type Operation } from './operation.ts';

/** Seconds that an operation may take unless it says itself. */
const USUAL_LIMIT = 60;

/** How long an operation may take to stop when it must, in milliseconds. */
const STOP_MS = 2000;

/** Why a command ends when this process does. */
const stopped = 'interrupted: the IOC was stopped, state unknown';

/** Runs an operation to its end; undefined when that is left to the next process. Never rejects. */
export async function executed(
  command: Command,
  clock: Clock,
  signal: AbortSignal,
): Promise<Ending | undefined> {
  const { operation, fields } = command;
  const run = (own: AbortSignal) => operation.run(fields, contextOf(command), own);
  const outcome = await limited(operation, run, clock, signal);
  if ('error' in outcome) return failure(outcome.error, signal);
  if (outcome.value === leftToNext) return undefined;
  return { status: 'successful', result: outcome.value };
}

/** Finds out how a command ended that a former process began. Never rejects. */
export async function settlement(heard: Heard, clock: Clock, signal: AbortSignal): Promise<Ending> {
  const { operation } = heard;
  const { settle } = operation;
  if (!settle) return { status: 'failed', reason: 'interrupted, state unknown' };
  const run = (own: AbortSignal) => settle.call(operation, fieldsOf(heard), contextOf(heard), own);
  const outcome = await limited(operation, run, clock, signal);
  if ('error' in outcome) return failure(outcome.error, signal);
  return { result: {}, ...outcome.value };
}

function contextOf({ name, entity }: Pick<Heard, 'name' | 'entity'>): CommandContext {
  return { id: name.id, entity };
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Calls with a signal that fires when the time is over, and does not wait for who does not heed it. */
async function limited<T>(
  { name, timeLimit = USUAL_LIMIT }: Operation,
  call: (signal: AbortSignal) => Promise<T>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  const controller = new AbortController();
  const own = AbortSignal.any([signal, controller.signal]);
  const late = new CommandFailure(`${name} was not over after ${timeLimit} s, state unknown`);
  const timer = clock.after(timeLimit * 1000, () => controller.abort(late));
  const ended = new AbortController();
  try {
    const called = call(own);
    // Who loses the race has nobody to reject to.
    called.catch(() => {});
    const value = await Promise.race([called, gaveUp(own, clock, ended.signal)]);
    return { value };
  } catch (error) {
    return { error };
  } finally {
    timer[Symbol.dispose]();
    ended.abort();
  }
}

/** Rejects a while after the signal fired; never, once `ended` did. */
async function gaveUp(signal: AbortSignal, clock: Clock, ended: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: ended });
  });
  await sleep(STOP_MS, ended, clock).catch(() => {});
  throw signal.reason;
}

function failure(error: unknown, signal: AbortSignal): Ending {
  const result = error instanceof CommandFailure ? error.result : {};
  return { status: 'failed', reason: signal.aborted ? stopped : messageOf(error), result };
}
