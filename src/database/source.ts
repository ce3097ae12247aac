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
  /** Progress of position(): an edit, a line and where it starts in `text`. */
  #edit = 0;
  #line = 1;
  #lineStart = 0;

  constructor(file: string, { text, edits, faults }: Expansion, from?: Position) {
    this.file = file;
    this.text = text;
    this.from = from;
    this.#edits = edits;
    this.#faults = faults;
  }

  /** Where an offset of `text` stands in the file; quick when asked in ascending order. */
  position(offset: number): Position {
    if (offset < this.#lineStart) {
      this.#line = 1;
      this.#lineStart = 0;
    }
    let newline = this.text.indexOf('\n', this.#lineStart);
    while (newline >= 0 && newline < offset) {
      this.#line++;
      this.#lineStart = newline + 1;
      newline = this.text.indexOf('\n', this.#lineStart);
    }
    const column = this.#original(offset) - this.#original(this.#lineStart) + 1;
    const { file, from } = this;
    const at = { file, line: this.#line, column };
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
