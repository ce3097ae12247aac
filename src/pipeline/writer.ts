import {
  AdsError,
  AdsErrorCode,
  type AdsSymbol,
  type AmsAddress,
  type AmsPort,
  acquireSymbol,
  IndexGroup,
  readSymbolVersion,
  write,
  writeBytes,
} from '../ads/index.ts';
import { type Codec, encoded, IocError } from '../kernel/index.ts';
import type { PlantFacts, WriteTarget } from '../twincat/index.ts';
import type { Link } from './link.ts';
import type { SymbolVersions } from './version-watch.ts';

/** What a server answers to a handle from before a download or a restart. */
const staleCodes: ReadonlySet<number> = new Set([
  AdsErrorCode.symbolVersionInvalid,
  AdsErrorCode.symbolNotFound,
]);

/** A handle, and the server that gave it. */
type Held = { readonly target: AmsAddress; readonly handle: number };

/** The ports of all symbol tables of a plant. */
export function tablePorts({ symbolPort, devices }: PlantFacts): readonly AmsPort[] {
  return [...new Set([symbolPort, ...devices.flatMap(({ table }) => table?.symbolPort ?? [])])];
}

/**
 * Writes to the plant, never through a stale offset. Process data go by symbol handle, which the
 * server itself refuses after a download (0x711); what no symbol covers exactly goes right after a
 * look at the symbol version. See docs/adr on writes after online changes.
 */
export class PlantWriter {
  readonly #link: Link;
  readonly #facts: PlantFacts;
  readonly #versions: SymbolVersions;
  /** Made for the first write: many plants are only read. */
  #names: ReadonlyMap<string, string> | undefined;
  readonly #handles = new Map<string, Promise<Held | undefined>>();

  /** `versions` are those that the facts are of; none of servers that tell none. */
  constructor(link: Link, facts: PlantFacts, versions: SymbolVersions) {
    this.#link = link;
    this.#facts = facts;
    this.#versions = versions;
  }

  /** Rejects with `pipeline/stale` when the place is not known any more; nothing was written then. */
  async write(to: WriteTarget, bytes: Uint8Array): Promise<void> {
    const { client, signal } = this.#link;
    const { systemNetId } = this.#facts;
    const { netId, port } = to.target;
    const isProcessData = netId === systemNetId && tablePorts(this.#facts).includes(port);
    const held = isProcessData ? await this.#handleOf(to) : undefined;
    if (held) {
      const place = { group: IndexGroup.symbolValueByHandle, offset: held.handle };
      await writeBytes(client.urgent, to.target, place, bytes, signal).catch(rethrow);
      return;
    }
    if (isProcessData) await this.#checkVersion(to);
    await writeBytes(client.urgent, to.target, to, bytes, signal);
  }

  /** Gives the handles back; ends without error whatever the server says. */
  async release(timeoutMs: number): Promise<void> {
    const { client } = this.#link;
    const group = IndexGroup.symbolReleaseHandle;
    const held = await Promise.allSettled(this.#handles.values());
    this.#handles.clear();
    await Promise.allSettled(
      held.map((each) => {
        if (each.status === 'rejected' || !each.value) return undefined;
        const { target, handle } = each.value;
        const bytes = encoded(u32, handle);
        return client.invoke(write, target, { group, offset: 0, bytes }, { timeoutMs });
      }),
    );
  }

  /** The handle of the symbol that covers a place exactly; undefined when there is none. */
  #handleOf(to: WriteTarget): Promise<Held | undefined> {
    const key = placeKey(to.target.port, to);
    const known = this.#handles.get(key);
    if (known) return known;
    this.#names ??= namesByPlace(this.#facts);
    const name = this.#names.get(key);
    const held = name === undefined ? Promise.resolve(undefined) : this.#acquired(to.target, name);
    this.#handles.set(key, held);
    // What failed with the link is asked anew, and rejects for whoever waits for it.
    held.catch(() => this.#handles.delete(key));
    return held;
  }

  /** Undefined when the server gives none: then the version must tell. */
  async #acquired(target: AmsAddress, name: string): Promise<Held | undefined> {
    const { client, signal } = this.#link;
    try {
      return { target, handle: await acquireSymbol(client.urgent, target, name, signal) };
    } catch (error) {
      if (error instanceof AdsError) return undefined;
      throw error;
    }
  }

  async #checkVersion({ target }: WriteTarget): Promise<void> {
    const known = this.#versions.get(target.port)?.value;
    if (known === undefined) return;
    const { client, signal } = this.#link;
    if ((await readSymbolVersion(client.urgent, target, signal)) !== known) throw stale();
  }
}

function rethrow(cause: unknown): never {
  if (cause instanceof AdsError && staleCodes.has(cause.adsCode)) throw stale(cause);
  throw cause;
}

function stale(cause?: unknown): IocError {
  const text = 'the symbols of the plant changed; nothing was written, try again in a moment';
  return new IocError('pipeline/stale', text, { cause });
}

/** The names of places that a symbol covers exactly, of symbols whose name no other one has. */
function namesByPlace(facts: PlantFacts): Map<string, string> {
  const tables = [facts, ...facts.devices.flatMap(({ table }) => table ?? [])];
  return new Map(tables.flatMap(({ symbolPort, symbols }) => namesIn(symbolPort, symbols)));
}

function namesIn(port: AmsPort, symbols: readonly AdsSymbol[]): (readonly [string, string])[] {
  const uses = new Map<string, number>();
  for (const { name } of symbols) {
    const key = name.toLowerCase();
    uses.set(key, (uses.get(key) ?? 0) + 1);
  }
  return symbols
    .filter(({ name }) => uses.get(name.toLowerCase()) === 1)
    .map(({ name, group, offset, size }) => {
      return [placeKey(port, { group, offset, length: Math.max(1, size) }), name] as const;
    });
}

type Place = { readonly group: number; readonly offset: number; readonly length: number };

function placeKey(port: AmsPort, { group, offset, length }: Place): string {
  return `${port} ${group} ${offset} ${length}`;
}

const u32: Codec<number> = { encode: (w, n) => w.u32(n), decode: (r) => r.u32() };
