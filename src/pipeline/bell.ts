/** Rung once, by whoever notices first; `rung` tells the reason. */
export class Bell<Reason> {
  readonly rung: Promise<Reason>;
  #ring: (reason: Reason) => void = () => {};
  #reason: Reason | undefined;

  constructor() {
    this.rung = new Promise((resolve) => {
      this.#ring = resolve;
    });
  }

  /** Why it was rung; undefined while it was not. */
  get reason(): Reason | undefined {
    return this.#reason;
  }

  ring(reason: Reason): void {
    this.#reason ??= reason;
    this.#ring(reason);
  }
}
