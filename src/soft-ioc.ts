import { type CaServer, caOptionsFromEnv, serveCa } from './ca/index.ts';
import {
  CommandTable,
  Console,
  type ConsoleSocket,
  controlCommands,
  Environment,
  type IocControl,
  recordCommands,
  serveConsole,
  serverCommands,
  shellCommands,
  type Variables,
} from './console/index.ts';
import { DatabaseLoader } from './database/index.ts';
import { exitRecords, watchExit } from './exit-record.ts';
import { IocRecords } from './ioc-records.ts';
import { type Log, Scope, systemClock, turnClock } from './kernel/index.ts';
import { ProcessImage } from './model/index.ts';
import { Directory } from './pv/index.ts';
import { RecordTable } from './records/index.ts';

/** What a soft IOC needs. */
export interface SoftIocMeans {
  readonly log: Log;
  /** Environment, for EPICS_* variables and macros; commands set it. */
  readonly env: Variables;
  /** Version of the package. */
  readonly version: string;
  /** Called with the exit code that a client put to the exit record. */
  readonly exit: (code: number) => void;
}

/** An IOC with no plant: records of database files, served over Channel Access after `init`. */
export class SoftIoc implements IocControl, AsyncDisposable {
  readonly directory: Directory;
  readonly records: IocRecords;
  readonly console: Console;
  readonly release: readonly string[];
  readonly #means: SoftIocMeans;
  readonly #scope: Scope;
  #exitPrefix: string | undefined;
  #ca: CaServer | undefined;

  constructor(means: SoftIocMeans, signal: AbortSignal) {
    const { log, env, version } = means;
    const table = new RecordTable(new ProcessImage(), turnClock(systemClock));
    this.#means = means;
    this.#scope = new Scope(signal);
    this.directory = new Directory(table);
    const loader = new DatabaseLoader({ env, warn: (text) => log.warn(text) });
    this.records = new IocRecords(table, this.directory, loader);
    this.release = releaseOf(version);
    const commands = [
      ...shellCommands,
      ...controlCommands(this),
      ...recordCommands(this.records),
      ...serverCommands(() => this.#ca),
    ];
    this.console = new Console(new CommandTable(commands), this.records, new Environment(env));
  }

  /** The Channel Access server, once it listens. */
  get ca(): CaServer | undefined {
    return this.#ca;
  }

  get isInitialised(): boolean {
    return this.records.isRunning;
  }

  loadRecords(file: string, macros: string): void {
    this.records.loader.loadRecords(file, macros);
  }

  loadTemplate(file: string, macros: string): void {
    this.records.loader.loadTemplate(file, macros);
  }

  /** Declares `<prefix>:exit`, by which a client ends the IOC. */
  addExitRecord(prefix: string): void {
    this.records.loader.loadText(
      'softIocExit.db',
      exitRecords(this.#means.version),
      `IOC=${prefix}`,
    );
    this.#exitPrefix = prefix;
  }

  async init(): Promise<void> {
    const { env, log, exit } = this.#means;
    this.records.make();
    const options = { ...caOptionsFromEnv(env), log };
    this.#ca = this.#scope.use(await serveCa(this.directory, options, this.#scope.signal));
    if (this.#exitPrefix === undefined) return;
    this.#scope.use(watchExit(this.directory, this.#exitPrefix, exit));
  }

  /** Serves the shell on a Unix socket until the IOC ends. */
  async serveConsole(path: string): Promise<ConsoleSocket> {
    const { log } = this.#means;
    return this.#scope.use(await serveConsole(this.console, path, log, this.#scope.signal));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope[Symbol.asyncDispose]();
  }
}

/** As EPICS base prints its own: in a box of `#`. */
function releaseOf(version: string): readonly string[] {
  const rule = '#'.repeat(76);
  return [rule, `## twincat-ioc ${version} on Node.js ${process.versions.node}`, rule];
}
