import type { Controller } from '../model/index.ts';
import { controllerPath, type NamingRule } from '../pv/index.ts';
import type { Definitions, Identity, PlantFacts, SlaveFacts } from '../twincat/index.ts';

/** A controller where it stands in the tree. */
export type Node<C extends Controller = Controller> = {
  readonly controller: C;
  readonly ancestors: readonly C[];
};

/** What the names of a controller begin with, and how it came to them. */
export interface Residence {
  readonly path: string;
  /** Of a slave that an earlier look did not find: where it is served, one sentence. */
  readonly news?: string;
}

type Resident = { readonly path: string; readonly facts: SlaveFacts };

/**
 * Which terminal lives behind which PV names. A terminal keeps its names as long as the IOC runs,
 * wherever it moves: a client never reads another terminal's value under a name that it knows. A
 * newcomer gets the names of its place; a free letter behind them when they belong to somebody else.
 * Only one of the same type and product takes over the names of one that is gone. See docs/adr.
 */
export class Residents {
  readonly #rule: NamingRule;
  readonly #definitions: Definitions;
  readonly #residents = new Map<string, Resident>();
  readonly #owners = new Map<string, string>();
  #slaves = new Map<string, SlaveFacts>();
  #looks = 0;

  constructor(rule: NamingRule, definitions: Definitions) {
    this.#rule = rule;
    this.#definitions = definitions;
  }

  /** Slaves that were there and are not: their PVs stand, INVALID. */
  get gone(): number {
    let gone = 0;
    for (const key of this.#residents.keys()) if (!this.#slaves.has(key)) gone++;
    return gone;
  }

  /** What the plant consists of now; residences are asked for next. */
  learn({ devices }: PlantFacts): void {
    this.#looks++;
    this.#slaves = new Map(
      devices.flatMap(({ id, slaves }) => slaves.map((each) => [slaveKey(id, each.name), each])),
    );
  }

  /** Where a node of the tree is served, below the path where its parent is. */
  residenceOf(node: Node, parent: string | undefined): Residence {
    const key = keyOf(node);
    const facts = key === undefined ? undefined : this.#slaves.get(key);
    const place = controllerPath(this.#rule, node.controller, parent);
    if (key === undefined || !facts) return { path: place };
    return this.#residenceOf(key, facts, place);
  }

  /** What was found out about a slave; undefined when it is not there. */
  factsOf(key: string): SlaveFacts | undefined {
    return this.#slaves.get(key);
  }

  /** What is wrong with the identity of a terminal; undefined when it is the one that it should be. */
  wrongIdentity(key: string): string | undefined {
    const found = this.#slaves.get(key);
    if (!found || found.identity.product === 0) return undefined;
    const { identity: wanted } = this.#definitions.get(found.type) ?? {};
    if (wanted && wanted.product !== 0 && differs(wanted, found.identity)) {
      return `${found.name}: expected ${found.type} (${code(wanted)}), found ${code(found.identity)}`;
    }
    const first = this.#residents.get(key)?.facts.identity;
    if (!first || first.product === 0 || !differs(first, found.identity)) return undefined;
    return `${found.name}: was ${code(first)}, found ${code(found.identity)}`;
  }

  #residenceOf(key: string, facts: SlaveFacts, place: string): Residence {
    const known = this.#residents.get(key);
    if (known) return { path: known.path };
    let path = place;
    for (let n = 1; !this.#isFree(path, facts); n++) path = place + letters(n);
    const before = this.#residents.get(this.#owners.get(path) ?? '');
    const news = this.#looks > 1 ? this.#newsOf(facts, path, place, before) : undefined;
    this.#residents.delete(this.#owners.get(path) ?? '');
    this.#owners.set(path, key);
    this.#residents.set(key, { path, facts });
    return news === undefined ? { path } : { path, news };
  }

  /** Nobody has these names, or one who is gone and of whom this is a spare. */
  #isFree(path: string, facts: SlaveFacts): boolean {
    const owner = this.#owners.get(path);
    if (owner === undefined) return true;
    const before = this.#residents.get(owner)?.facts;
    return !this.#slaves.has(owner) && before !== undefined && isSpare(before, facts);
  }

  #newsOf({ name }: SlaveFacts, path: string, place: string, before: Resident | undefined): string {
    if (before) return `${name} takes over the names ${path}… of ${before.facts.name}`;
    if (path === place) return `${name} is served as ${path}…`;
    const owner = this.#residents.get(this.#owners.get(place) ?? '')?.facts.name;
    return `${name} is served as ${path}… until the IOC is restarted: ${place}… belong to ${owner}`;
  }
}

/** Names a slave in its plant, whatever its place. */
export function slaveKey(deviceId: number, name: string): string {
  return `${deviceId} ${name}`;
}

/** The key of a node that is a slave. */
export function keyOf({ controller, ancestors }: Node): string | undefined {
  const device = ancestors.find(({ kind }) => kind === 'device');
  return device && slaveKey(device.id, controller.name);
}

/** Same type, same vendor and product: what one was the other can be. */
function isSpare(a: SlaveFacts, b: SlaveFacts): boolean {
  return a.type === b.type && !differs(a.identity, b.identity);
}

function differs(a: Omit<Identity, 'serial'>, b: Omit<Identity, 'serial'>): boolean {
  return a.vendor !== b.vendor || a.product !== b.product;
}

/** 1 is a, 26 z, 27 aa. */
function letters(n: number): string {
  const rest = Math.floor((n - 1) / 26);
  const last = String.fromCharCode(97 + ((n - 1) % 26));
  return rest > 0 ? letters(rest) + last : last;
}

function code({ vendor, product }: Omit<Identity, 'serial'>): string {
  return `vendor 0x${vendor.toString(16)} product 0x${product.toString(16).padStart(8, '0')}`;
}
