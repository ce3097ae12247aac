import type { Channel } from './channel.ts';
import type { Circuit } from './circuit.ts';
import { CommandId, Eca } from './header.ts';

/** How long a WRITE_NOTIFY may keep the next one on its channel waiting (facts/ca.md section 6). */
const LONGEST_PUT_MS = 60_000;

/**
 * A circuit's wait for the put under way on one channel, because the next WRITE_NOTIFY on it has
 * come. When the first takes too long it is given up with ECA_PUTCBINPROG.
 */
export class PutWait {
  readonly #circuit: Circuit;
  #timer: Disposable | undefined;

  constructor(circuit: Circuit) {
    this.#circuit = circuit;
  }

  get active(): boolean {
    return this.#timer !== undefined;
  }

  begin(channel: Channel): void {
    const { clock } = this.#circuit.world;
    this.#timer ??= clock.after(LONGEST_PUT_MS, () => this.#giveUp(channel));
  }

  end(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #giveUp(channel: Channel): void {
    const { pendingPut } = channel;
    this.end();
    channel.cancelPuts();
    if (pendingPut) {
      const { type, count, ioid } = pendingPut;
      const { output } = this.#circuit;
      output.message(CommandId.writeNotify, 0, type, count, Eca.putCbInProgress, ioid);
    }
    this.#circuit.flush();
  }
}
