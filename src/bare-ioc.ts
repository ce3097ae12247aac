import { CaLinks, clientOptionsFromEnv } from './ca/index.ts';
import {
  accessCommands,
  autosaveCommands,
  type Command,
  CommandTable,
  Console,
  type ConsoleSocket,
  controlCommands,
  Environment,
  engineCommands,
  type IocControl,
  putLogCommands,
  recordCommands,
  serveConsole,
  shellCommands,
  type Variables,
} from './console/index.ts';
import { DatabaseLoader } from './database/index.ts';
import { IocAccess } from './ioc-access.ts';
import { IocAutosave } from './ioc-autosave.ts';
import { IocPutLog } from './ioc-put-log.ts';
import { IocRecords } from './ioc-records.ts';
import { type IocAbout, iocStatsOf } from './ioc-stats.ts';
import { collectGarbage, type Scope, systemClock, turnClock } from './kernel/index.ts';
import { ProcessImage } from './model/index.ts';
import { AccessSecurity, Directory } from './pv/index.ts';
import { type DeviceSupport, RecordTable } from './records/index.ts';
import { releaseLines } from './release.ts';

/** From so many records on, what loading left behind is worth a collection. */
const MANY_RECORDS = 5000;

/** What an IOC needs, whether it has a plant or not. */
export interface BareIocMeans extends IocAbout {
  /** Environment, for EPICS_* variables and macros; commands of the console set it. */
  readonly env: Variables;
  /** Host access groups go by the host that a client claims, instead of by its address. */
  readonly trustsClaimedHosts?: boolean;
  /** Databases may speak of records that come later, with a plant. */
  readonly awaitsPlants?: boolean;
  /** Device supports of records beside those that every IOC has. */
  readonly devices?: readonly DeviceSupport[];
  /** Commands of the console beside those that every IOC has. */
  readonly commands: readonly Command[];
  /** Called by `init`, once the records are made, to serve them. */
  readonly serve: () => Promise<void>;
}

/** What every IOC has: records, access security, a console on them. Nothing of it listens by itself. */
export class BareIoc implements IocControl {
  readonly image = new ProcessImage();
  readonly table = new RecordTable(this.image, turnClock(systemClock));
  readonly directory: Directory;
  readonly records: IocRecords;
  readonly access: IocAccess;
  readonly autosave: IocAutosave;
  readonly putLog: IocPutLog;
  readonly console: Console;
  readonly release = releaseLines();
  readonly #means: BareIocMeans;
  readonly #scope: Scope;
  /** PVs of other IOCs, for links and rules. */
  readonly links: CaLinks;

  constructor(means: BareIocMeans, scope: Scope) {
    const { log, env, trustsClaimedHosts = false, commands } = means;
    this.#means = means;
    this.#scope = scope;
    this.directory = new Directory(this.table, new AccessSecurity({ trustsClaimedHosts }));
    const others = means.awaitsPlants ? 'kept' : 'refused';
    const loader = new DatabaseLoader({ env, others, warn: (text) => log.warn(text) });
    this.records = new IocRecords(this.table, this.directory, loader);
    const complain = (line: string) => log.warn(line);
    this.links = scope.use(new CaLinks(() => ({ ...clientOptionsFromEnv(env, complain), log })));
    this.access = new IocAccess(this.directory, { log, env, remote: this.links }, scope);
    this.putLog = scope.use(new IocPutLog(this.directory, { log, env }));
    const { table: records, directory } = this;
    this.autosave = new IocAutosave({
      ...{ records, directory, loader: () => this.records.pending, log, env },
    });
    const table = new CommandTable([
      ...shellCommands,
      ...controlCommands(this),
      ...recordCommands(this.records),
      ...engineCommands(this.table),
      ...accessCommands(this.access, this.records),
      ...autosaveCommands(this.autosave),
      ...putLogCommands(this.putLog),
      ...commands,
    ]);
    this.console = new Console(table, this.records, new Environment(env));
  }

  get isInitialised(): boolean {
    return this.records.isRunning;
  }

  loadRecords(file: string, macros: string): void {
    this.records.loader.loadRecords(file, macros);
    this.autosave.loaded(file, macros);
  }

  loadTemplate(file: string, macros: string): void {
    this.records.loader.loadTemplate(file, macros);
  }

  async init(): Promise<void> {
    const { log, env } = this.#means;
    const stats = this.#scope.use(iocStatsOf(this, this.#means));
    const devices = [stats, ...(this.#means.devices ?? [])];
    this.records.make();
    await this.autosave.read();
    this.autosave.restore(0);
    const initialised = () => this.autosave.restore(1);
    const remote = this.links;
    this.#scope.use(this.table.start({ log, env, devices, remote, initialised }));
    await this.access.init();
    await this.#means.serve();
    // The first to end: what it saves last is what clients saw last.
    this.#scope.use(this.autosave).start();
    // What was read of database files is garbage now: more than what is left of it.
    if (this.directory.size >= MANY_RECORDS) collectGarbage();
  }

  /** Serves the console on a Unix socket until the IOC ends. */
  async serveConsole(path: string): Promise<ConsoleSocket> {
    const { log } = this.#means;
    return this.#scope.use(await serveConsole(this.console, path, log, this.#scope.signal));
  }
}
