import type { AmsAddress } from './ams.ts';
import type { AdsResult, Command } from './command.ts';

/** Who goes first when requests wait for one another, in this order. */
export const lanes = ['urgent', 'usual', 'patient'] as const;
export type Lane = (typeof lanes)[number];

export type InvokeOptions = {
  /** How long the answer may take, if not as long as for the others. */
  readonly timeoutMs?: number | undefined;
  /** `usual` unless told. */
  readonly lane?: Lane | undefined;
};

/** What carries requests: a client, or one of its lanes. */
export interface Invoker {
  invoke<Req, Res extends AdsResult>(
    command: Command<Req, Res>,
    target: AmsAddress,
    request: Req,
    options?: InvokeOptions,
    signal?: AbortSignal,
  ): Promise<Res>;
}

/** The same client, whose requests go in one lane unless told. */
export function inLane(client: Invoker, lane: Lane): Invoker {
  return {
    invoke: (command, target, request, options, signal) =>
      client.invoke(command, target, request, { lane, ...options }, signal),
  };
}
