import type { Controller } from '../model/index.ts';
import { type NamingRule, pvNames } from '../pv/index.ts';
import type { Definitions, Identity, PlantFacts, SlaveFacts } from '../twincat/index.ts';

/** A controller where it stands in the tree. */
export type Node<C extends Controller = Controller> = {
  readonly controller: C;
  readonly ancestors: readonly C[];
};

/** Where a terminal is served, or why it is not. */
export type Residence<C extends Controller> =
  | { readonly kind: 'served'; readonly as: Node<C> }
  | { readonly kind: 'not-served'; readonly text: string };

/** Stands for any attribute: only the controller's part of the name matters. */
const nameless = {
  name: '',
  description: '',
  datatype: { kind: 'bool' },
  access: 'r',
  source: 0,
} as const;

type Resident<C extends Controller> = { readonly node: Node<C>; readonly identity: Identity };

/**
 * Which terminal lives behind which PV names. A terminal keeps its names as long as the IOC runs,
 * wherever it moves, and nobody else gets them: a client never reads another terminal's value under
 * a name that it knows.
 */
export class Residents<C extends Controller> {
  readonly #rule: NamingRule;
  readonly #definitions: Definitions;
  readonly #residents = new Map<string, Resident<C>>();
  readonly #owners = new Map<string, string>();
  #slaves = new Map<string, SlaveFacts>();

  constructor(rule: NamingRule, definitions: Definitions) {
    this.#rule = rule;
    this.#definitions = definitions;
  }

  /** What the plant consists of now. */
  learn({ devices }: PlantFacts): void {
    this.#slaves = new Map(
      devices.flatMap(({ id, slaves }) => slaves.map((each) => [slaveKey(id, each.name), each])),
    );
  }

  /** Where a node of the tree is served; a terminal not seen before takes the place that it has. */
  residenceOf(node: Node<C>): Residence<C> {
    const key = keyOf(node);
    const facts = key === undefined ? undefined : this.#slaves.get(key);
    if (key === undefined || !facts) return { kind: 'served', as: node };
    const known = this.#residents.get(key);
    if (known) return { kind: 'served', as: known.node };
    const path = pvNames(this.#rule, node, nameless).pv;
    const owner = this.#owners.get(path);
    if (owner !== undefined && owner !== key) {
      const names = `${path}… belong to ${owner.slice(owner.indexOf(' ') + 1)}`;
      const text = `${node.controller.name} is not served: the names ${names}; restart the IOC to rename`;
      return { kind: 'not-served', text };
    }
    this.#owners.set(path, key);
    this.#residents.set(key, { node, identity: facts.identity });
    return { kind: 'served', as: node };
  }

  /** What is wrong with the identity of a terminal; undefined when it is the one that it should be. */
  wrongIdentity(key: string): string | undefined {
    const found = this.#slaves.get(key);
    if (!found || found.identity.product === 0) return undefined;
    const { identity: wanted } = this.#definitions.get(found.type) ?? {};
    if (wanted && wanted.product !== 0 && differs(wanted, found.identity)) {
      return `${found.name}: expected ${found.type} (${code(wanted)}), found ${code(found.identity)}`;
    }
    const first = this.#residents.get(key)?.identity;
    if (!first || first.product === 0 || !differs(first, found.identity)) return undefined;
    return `${found.name}: was ${code(first)}, found ${code(found.identity)}`;
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

function differs(a: Omit<Identity, 'serial'>, b: Omit<Identity, 'serial'>): boolean {
  return a.vendor !== b.vendor || a.product !== b.product;
}

function code({ vendor, product }: Omit<Identity, 'serial'>): string {
  return `vendor 0x${vendor.toString(16)} product 0x${product.toString(16).padStart(8, '0')}`;
}
