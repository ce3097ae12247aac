import { IocError } from '../../kernel/index.ts';
import type { Entity } from '../profiles/thin-edge/entity.ts';
import type { JsonObject } from './json.ts';

/**
 * What an operation does: it only looks (`read`), changes a value (`write`), or changes what runs
 * (`control`). The last two are off unless the configuration allows them, and never run late.
 */
export type Guard = 'read' | 'write' | 'control';

/** A command on its way through an operation. */
export interface CommandContext {
  /** The last level of its topic, which is its asker's. */
  readonly id: string;
  /** Whom it is for. */
  readonly entity: Entity;
}

/**
 * What `run` resolves with when the end of this process is part of the command: it stays `executing`,
 * and the next process says how it ended.
 */
export const leftToNext: unique symbol = Symbol('left to the next process');

/** How a command ended that another process had begun. */
export type Settlement =
  | { readonly status: 'successful'; readonly result?: JsonObject }
  | { readonly status: 'failed'; readonly reason: string; readonly result?: JsonObject };

/** Something that can be asked of the IOC over the bus: one level of the topics of its commands. */
export interface Operation {
  /** `epics_put`: letters, digits and `_`. */
  readonly name: string;
  readonly guard: Guard;
  /** Longest time that it may take, in seconds; a minute unless told. */
  readonly timeLimit?: number;
  /** What the retained capability message of an entity says; undefined of who cannot be asked. */
  capability(entity: Entity): JsonObject | undefined;
  /**
   * What it works on, in the words of the configuration's allow-list: a PV name, the path of a
   * controller (unless told), `ioc`. Commands on one subject run one after the other. Throws a
   * `CommandFailure` when the input does not say.
   */
  subject?(input: JsonObject, entity: Entity): string;
  /**
   * Does it, and resolves with what `successful` tells beside the input. Whatever it rejects with is
   * `failed`, with its message as the reason; a `CommandFailure` tells results, too.
   */
  run(
    input: JsonObject,
    context: CommandContext,
    signal: AbortSignal,
  ): Promise<JsonObject | typeof leftToNext>;
  /**
   * Says how a command ended that a former process began and did not end; `input` is its last state.
   * Such a command `failed`, "interrupted, state unknown", unless told.
   */
  settle?(input: JsonObject, context: CommandContext, signal: AbortSignal): Promise<Settlement>;
}

/** Why a command failed, with what is known nevertheless. */
export class CommandFailure extends IocError {
  readonly result: JsonObject;

  constructor(reason: string, result: JsonObject = {}, options?: { readonly cause?: unknown }) {
    super('bus/command', reason, options);
    this.name = 'CommandFailure';
    this.result = result;
  }
}
