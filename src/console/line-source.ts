/** Where a shell's lines come from: a person at a terminal, or another program. */
export interface LineSource extends Disposable {
  /** Asks for a line; undefined when there will be none. */
  next(prompt: string): Promise<string | undefined>;
}
