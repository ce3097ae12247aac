import type { Position } from './database.ts';
import type { Expansion } from './macro-expansion.ts';

/** A text that is being read, which knows where each character stood before macros were expanded. */
export class Source {
  readonly file: string;
  readonly text: string;
  /** Where this text was included, when it was. */
  readonly from: Position | undefined;
  readonly #edits: readonly number[];
  readonly #faults: Expansion['faults'];
  #fault = 0;
  /** Progress of position(). */
  #edit = 0;
  /** Where each line starts in `text`, once somebody asks. */
  #lineStarts: Uint32Array | undefined;

  constructor(file: string, { text, edits, faults }: Expansion, from?: Position) {
    this.file = file;
    this.text = text;
    this.from = from;
    this.#edits = edits;
    this.#faults = faults;
  }

  /** Where an offset of `text` stands in the file. */
  position(offset: number): Position {
    this.#lineStarts ??= lineStartsOf(this.text);
    const line = lineAt(this.#lineStarts, offset);
    const column = this.#original(offset) - this.#original(this.#lineStarts[line] ?? 0) + 1;
    const { file, from } = this;
    const at = { file, line: line + 1, column };
    return from ? { ...at, from } : at;
  }

  /** Offset of the next macro fault, Infinity when there is none. */
  get faultAt(): number {
    return this.#faults[this.#fault]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Takes the next macro fault. */
  takeFault(): string {
    return this.#faults[this.#fault++]?.message ?? '';
  }

  /** Where an offset was before macros were expanded. */
  #original(offset: number): number {
    const edits = this.#edits;
    if (edits.length === 0) return offset;
    let at = this.#edit;
    // Back to the first edit when asked for what lies before; forward while the next begins before.
    if ((edits[at] ?? 0) > offset) at = 0;
    while ((edits[at + 4] ?? Number.POSITIVE_INFINITY) <= offset) at += 4;
    this.#edit = at;
    const start = edits[at] ?? 0;
    const end = edits[at + 1] ?? 0;
    if (offset < start) return offset;
    return offset < end ? (edits[at + 2] ?? 0) : (edits[at + 3] ?? 0) + offset - end;
  }
}

function lineStartsOf(text: string): Uint32Array {
  let starts = new Uint32Array(1024);
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (lines === starts.length) {
      const grown = new Uint32Array(2 * lines);
      grown.set(starts);
      starts = grown;
    }
    starts[lines++] = at + 1;
  }
  return starts.slice(0, lines);
}

/** The line, from 0, in which an offset stands. */
function lineAt(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
