/** Where text goes: a terminal, a socket, a file. */
export interface Output {
  /** Takes text; resolves when there is room for more, rejects when there never will be. */
  write(text: string): Promise<void>;
}

/** Text that is gathered before it is written, in bytes about. */
const CHUNK = 16_384;

/**
 * Gathers lines into chunks for an output, so that a command that prints a hundred thousand lines
 * writes some, waits for room, and lets others have their turn.
 */
export class LinePrinter {
  readonly #output: Output;
  #gathered = '';

  constructor(output: Output) {
    this.#output = output;
  }

  /** Takes a line; true when it is time to flush. */
  takes(line: string): boolean {
    this.#gathered += `${line}\n`;
    return this.#gathered.length >= CHUNK;
  }

  async flush(): Promise<void> {
    const text = this.#gathered;
    if (text === '') return;
    this.#gathered = '';
    await this.#output.write(text);
    await new Promise((turn) => setImmediate(turn));
  }
}

/** Output into memory: of what prints to a caller instead of a person. */
export class TextOutput implements Output {
  text = '';

  write(text: string): Promise<void> {
    this.text += text;
    return Promise.resolve();
  }
}
