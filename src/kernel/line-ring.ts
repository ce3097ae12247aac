/** The newest lines of a text that goes on, within bounds of number and bytes. */
export class LineRing {
  readonly #maxLines: number;
  readonly #maxBytes: number;
  readonly #lines: string[] = [];
  /** The oldest line is here; what is before it went. */
  #first = 0;
  #bytes = 0;

  constructor(maxLines: number, maxBytes: number) {
    this.#maxLines = maxLines;
    this.#maxBytes = maxBytes;
  }

  /** Takes a line, with its line end or without; the oldest go when there is no room. */
  write(text: string): void {
    const line = text.endsWith('\n') ? text.slice(0, -1) : text;
    this.#lines.push(line);
    this.#bytes += line.length;
    while (this.#size > this.#maxLines || (this.#bytes > this.#maxBytes && this.#size > 0)) {
      this.#bytes -= this.#lines[this.#first]?.length ?? 0;
      // So that the text itself can go, too.
      this.#lines[this.#first++] = '';
    }
    if (this.#first <= this.#maxLines) return;
    this.#lines.splice(0, this.#first);
    this.#first = 0;
  }

  /** The lines that are kept now, oldest first. */
  lines(): readonly string[] {
    return this.#lines.slice(this.#first);
  }

  get #size(): number {
    return this.#lines.length - this.#first;
  }
}
