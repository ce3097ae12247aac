import { type AccessFile, readAccessFile } from '../../database/index.ts';
import { type Clock, type Log, sleep, systemClock } from '../../kernel/index.ts';
import { compileAccess } from './compile.ts';
import {
  fillAddresses,
  fillNames,
  type HostGroup,
  type HostLookup,
  systemLookup,
} from './hosts.ts';
import { type InputSource, Inputs } from './inputs.ts';
import type { AccessSecurity } from './security.ts';

/** How long an answer of a name server is waited for. */
const PATIENCE_MS = 5000;
/** How long names that could not be resolved are left in peace. */
const RESOLVE_AGAIN_MS = 60_000;

/** Where the rules come from. */
export interface AccessSource {
  /** The `.acf` file, and macros for it as `A=1,B=2`. */
  readonly file: string;
  readonly macros?: string;
  /** Environment variables that the file's name may hold. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What keeping rules in force takes. */
export interface AccessOptions extends AccessSource {
  /** Gives the PVs that INP names. */
  readonly inputs: InputSource;
  readonly log: Log;
  readonly clock?: Clock;
  readonly lookup?: HostLookup;
}

/** What is odd in a file of rules; one with mistakes throws a `DatabaseError` that tells them all. */
export function checkAccess(source: AccessSource): readonly string[] {
  return compileAccess(accessFileOf(source)).warnings;
}

/** Keeps the rules of a file in force, and reads the file again when asked to. */
export class AccessControl implements Disposable {
  readonly #security: AccessSecurity;
  readonly #options: AccessOptions;
  readonly #inputs: Inputs;
  #loading: Promise<void> = Promise.resolve();
  #inForce: AccessFile | undefined;
  #retry: Disposable | undefined;
  #ended = false;

  private constructor(security: AccessSecurity, options: AccessOptions) {
    this.#security = security;
    this.#options = options;
    this.#inputs = new Inputs(options.inputs, (group) => security.recompute(group));
  }

  /** Reads the file. Rejects with a `DatabaseError` that tells every mistake of it. */
  static async open(security: AccessSecurity, options: AccessOptions): Promise<AccessControl> {
    const control = new AccessControl(security, options);
    await control.reload();
    return control;
  }

  /** What the rules in force say. */
  get inForce(): AccessFile | undefined {
    return this.#inForce;
  }

  /** Reads the file again. Rejects as `open`, and the rules of before stay in force. */
  reload(): Promise<void> {
    const loaded = this.#loading.then(() => this.#load());
    this.#loading = loaded.catch(() => {});
    return loaded;
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#retry?.[Symbol.dispose]();
    this.#inputs[Symbol.dispose]();
  }

  async #load(): Promise<void> {
    const { file, log } = this.#options;
    const said = accessFileOf(this.#options);
    const { rules, hostGroups, warnings } = compileAccess(said);
    const strange = await this.#resolve(hostGroups);
    if (this.#ended) return;
    for (const warning of warnings) log.warn(warning);
    for (const name of strange) log.warn(`Host ${name} of ${file} is not known: it may nothing`);
    this.#inputs.feed([...rules.groups.values()]);
    this.#security.install(rules);
    this.#inForce = said;
    this.#resolveLater(hostGroups, strange);
    log.info({ file, groups: rules.groups.size }, 'access security is in force');
  }

  /** Fills host groups; returns the names that nobody knows. */
  async #resolve(groups: readonly HostGroup[]): Promise<readonly string[]> {
    if (this.#security.trustsClaimedHosts) {
      fillNames(groups);
      return [];
    }
    const { lookup = systemLookup, clock = systemClock } = this.#options;
    const answered = new AbortController();
    const late = sleep(PATIENCE_MS, answered.signal, clock).then(
      () => [],
      () => [],
    );
    const missing = await fillAddresses(groups, (name) => Promise.race([lookup(name), late]));
    answered.abort();
    return missing;
  }

  /** A name server may be away when an IOC boots; what it knows later counts then. */
  #resolveLater(groups: readonly HostGroup[], missing: readonly string[]): void {
    this.#retry?.[Symbol.dispose]();
    this.#retry = undefined;
    if (missing.length === 0) return;
    const { clock = systemClock } = this.#options;
    const { rules } = this.#security;
    this.#retry = clock.after(RESOLVE_AGAIN_MS, () => {
      const open = groups.map(({ entries, hosts }) => ({
        hosts,
        entries: entries.filter((entry) => missing.includes(entry)),
      }));
      void this.#resolve(open).then((still) => {
        if (this.#ended || this.#security.rules !== rules) return;
        if (still.length < missing.length) this.#recomputeAll();
        this.#resolveLater(groups, still);
      });
    });
  }

  #recomputeAll(): void {
    for (const group of this.#security.rules?.groups.values() ?? [])
      this.#security.recompute(group);
  }
}

function accessFileOf({ file, macros, env }: AccessSource): AccessFile {
  const surroundings = { ...(macros !== undefined && { macros }), ...(env && { env }) };
  return readAccessFile(file, surroundings);
}
