import type { AmsNetId } from '../ads/index.ts';

/** Who may add and delete routes. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The peers that a router knows. One without route is neither answered nor told why. */
export class Routes {
  /** Without it, whoever asks is answered. */
  required: boolean;
  credentials: Credentials;
  readonly #byName = new Map<string, AmsNetId>();

  constructor(required: boolean, credentials: Credentials) {
    this.required = required;
    this.credentials = credentials;
  }

  get names(): Iterable<string> {
    return this.#byName.keys();
  }

  admits(netId: AmsNetId): boolean {
    return !this.required || [...this.#byName.values()].includes(netId);
  }

  add(name: string, netId: AmsNetId): void {
    this.#byName.set(name, netId);
  }

  /** False when there was none. */
  delete(name: string): boolean {
    return this.#byName.delete(name);
  }

  clear(): void {
    this.#byName.clear();
  }
}
