import type { Codec } from '../kernel/index.ts';
import type { CommandId } from './ams-header.ts';

/** Every answer begins with the ADS error of the addressed device; 0 is success. */
export type AdsResult = { readonly result: number };

/** A command is a value: how its request and its answer travel, and how to speak of it. */
export interface Command<Req, Res extends AdsResult> {
  readonly id: CommandId;
  readonly name: string;
  readonly request: Codec<Req>;
  readonly response: Codec<Res>;
  /** What was attempted on whom, for messages: `Write 0x4020:0x0 (4 bytes) to 5.1.2.3.1.1:851`. */
  describe(request: Req, target: string): string;
}

/** `0x4020:0x0` */
export function formatPlace({ group, offset }: { group: number; offset: number }): string {
  return `0x${group.toString(16)}:0x${offset.toString(16)}`;
}

/** The answer of commands that return no more than the result. */
export const resultOnly: Codec<AdsResult> = {
  encode: (w, { result }) => w.u32(result),
  decode: (r) => ({ result: r.u32() }),
};
