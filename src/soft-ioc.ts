import { BareIoc } from './bare-ioc.ts';
import { type CaOptions, type CaServer, caOptionsFromEnv, serveCa, servesCa } from './ca/index.ts';
import { serverCommands, type Variables } from './console/index.ts';
import { exitRecords, watchExit } from './exit-record.ts';
import { type Log, Scope } from './kernel/index.ts';

/** What a soft IOC needs. */
export interface SoftIocMeans {
  readonly log: Log;
  /** Environment, for EPICS_* variables and macros; commands set it. */
  readonly env: Variables;
  /** How Channel Access is served, where the environment is not to say. */
  readonly ca?: CaOptions;
  /** Called with the exit code that a client put to the exit record. */
  readonly exit?: (code: number) => void;
}

/** An IOC with no plant: records of database files, served over Channel Access after `init`. */
export class SoftIoc implements AsyncDisposable {
  readonly bare: BareIoc;
  readonly #means: SoftIocMeans;
  readonly #scope: Scope;
  #exitPrefix: string | undefined;
  #ca: CaServer | undefined;

  constructor(means: SoftIocMeans, signal: AbortSignal) {
    this.#means = means;
    this.#scope = new Scope(signal);
    const commands = serverCommands(() => (servesCa(means.env) ? this.#ca : 'ignored'));
    const server = () => this.#ca;
    const serve = () => this.#serve();
    this.bare = new BareIoc({ ...means, commands, server, serve }, this.#scope);
  }

  /** The Channel Access server, once it listens; never where the environment ignores it. */
  get ca(): CaServer | undefined {
    return this.#ca;
  }

  /** Declares `<prefix>:exit`, by which a client ends the IOC. */
  addExitRecord(prefix: string): void {
    this.bare.records.loader.loadText('softIocExit.db', exitRecords(), `IOC=${prefix}`);
    this.#exitPrefix = prefix;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope[Symbol.asyncDispose]();
  }

  async #serve(): Promise<void> {
    const { env, log, ca, exit = () => {} } = this.#means;
    const { directory } = this.bare;
    const warn = (line: string) => log.warn(line);
    if (servesCa(env, warn)) {
      const options = { ...caOptionsFromEnv(env, warn), log, ...ca };
      this.#ca = this.#scope.use(await serveCa(directory, options, this.#scope.signal));
    }
    if (this.#exitPrefix === undefined) return;
    this.#scope.use(watchExit(directory, this.#exitPrefix, exit));
  }
}
