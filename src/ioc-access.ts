import type { AccessView } from './console/index.ts';
import type { AccessFile } from './database/index.ts';
import { type Log, type Scope, systemClock } from './kernel/index.ts';
import { AccessControl, type Directory, type InputSource, LocalInputs } from './pv/index.ts';

/** What access security needs beside its rules. */
export interface IocAccessMeans {
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives PVs of others that rules depend on. */
  readonly remote: InputSource;
}

/** Access security of an IOC: which file, when it is read, and what of it is in force. */
export class IocAccess implements AccessView {
  readonly #directory: Directory;
  readonly #means: IocAccessMeans;
  readonly #scope: Scope;
  #inputs: LocalInputs | undefined;
  #named: { readonly file: string; readonly macros?: string } | undefined;
  #macros: string | undefined;
  /** The rules in force, and where they are from. */
  #loaded: { readonly control: AccessControl; readonly from: object } | undefined;

  constructor(directory: Directory, means: IocAccessMeans, scope: Scope) {
    this.#directory = directory;
    this.#means = means;
    this.#scope = scope;
    scope.defer(() => this.#loaded?.control[Symbol.dispose]());
  }

  get security() {
    return this.#directory.security;
  }

  get inForce(): AccessFile | undefined {
    return this.#loaded?.control.inForce;
  }

  get isNamed(): boolean {
    return this.#named !== undefined;
  }

  setFile(file: string): void {
    this.#named = { file, ...(this.#macros !== undefined && { macros: this.#macros }) };
  }

  setMacros(macros: string): void {
    this.#macros = macros;
    if (this.#named) this.setFile(this.#named.file);
  }

  /** Reads the file that is named. Rejects with every mistake in it; the rules before stay. */
  async init(): Promise<void> {
    const named = this.#named;
    if (!named) return;
    if (this.#loaded?.from === named) return this.#loaded.control.reload();
    const { log, env, remote } = this.#means;
    this.#inputs ??= this.#scope.use(new LocalInputs(this.#directory, remote));
    const options = { ...named, env, inputs: this.#inputs, log, clock: systemClock };
    const control = await AccessControl.open(this.security, options);
    this.#loaded?.control[Symbol.dispose]();
    this.#loaded = { control, from: named };
  }
}
