import type { ValueColumns } from '../../../../pv/index.ts';
import type { GroupTable } from './group-table.ts';

/** Smallest number that thin-edge takes beside 0 (facts/mqtt.md section 1.3). */
const SMALLEST_NORMAL = 2.2250738585072014e-308;

// hot path
/** What a number is in a measurement: subnormal ones are 0. */
export function sendable(value: number): number {
  return value < SMALLEST_NORMAL && value > -SMALLEST_NORMAL ? 0 : value;
}

/**
 * Writes members of one group as JSON, into as many texts of at most `maxBytes` as it takes; all of
 * them ASCII, so characters are bytes. A channel stays in one text where it fits into one.
 */
export class PayloadWriter {
  /** Members to write, and how many. */
  chosen = new Int32Array(64);
  count = 0;
  readonly texts: string[] = [];

  // hot path
  choose(member: number): void {
    if (this.count === this.chosen.length) this.#grow();
    this.chosen[this.count++] = member;
  }

  // hot path
  /** The texts of what was chosen; valid until the next call. */
  write(table: GroupTable, { number }: ValueColumns, time: string, maxBytes: number) {
    const { slot, key, channel, opening } = table;
    const head = `{"time":"${time}"`;
    this.texts.length = 0;
    let text = head;
    let at = 0;
    while (at < this.count) {
      const of = channel[this.chosen[at]!]!;
      let piece = '';
      const isRoot = of === 0;
      for (; at < this.count && channel[this.chosen[at]!] === of; at++) {
        const member = this.chosen[at]!;
        const item = key[member]! + String(sendable(number[slot[member]!]!));
        const room = maxBytes - head.length - (isRoot ? 2 : opening[of]!.length + 3);
        // A channel, or a root, that is too long for one text.
        if (piece.length > 0 && piece.length + item.length + 1 > room) {
          if (text.length > head.length) text = this.#finish(text, head);
          text = this.#finish(text + wrapped(piece, isRoot, opening[of]!), head);
          piece = '';
        }
        piece += piece.length > 0 ? `,${item}` : item;
      }
      const whole = wrapped(piece, isRoot, opening[of]!);
      if (text.length > head.length && text.length + whole.length + 1 > maxBytes) {
        text = this.#finish(text, head);
      }
      text += whole;
    }
    if (text.length > head.length) this.#finish(text, head);
    this.count = 0;
    return this.texts;
  }

  #finish(text: string, head: string): string {
    this.texts.push(`${text}}`);
    return head;
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.chosen.length);
    larger.set(this.chosen);
    this.chosen = larger;
  }
}

// hot path
function wrapped(piece: string, isRoot: boolean, opening: string): string {
  return isRoot ? `,${piece}` : `,${opening}${piece}}`;
}
