/** Longest name of a state that a filter can ask for (EPICS' sync filter). */
export const LONGEST_STATE_NAME = 19;

/** Named on-off states of this server, by which `sync` filters open and close: EPICS' dbState. */
export class ServerStates {
  readonly #states = new Map<string, boolean>();

  /** Makes a state that is off; one of that name stays as it is. */
  create(name: string): void {
    if (!this.#states.has(name)) this.#states.set(name, false);
  }

  has(name: string): boolean {
    return this.#states.has(name);
  }

  /** Switches a state; false when there is none of that name. */
  set(name: string, on: boolean): boolean {
    if (!this.#states.has(name)) return false;
    this.#states.set(name, on);
    return true;
  }

  isOn(name: string): boolean {
    return this.#states.get(name) ?? false;
  }

  names(): Iterable<string> {
    return this.#states.keys();
  }
}
