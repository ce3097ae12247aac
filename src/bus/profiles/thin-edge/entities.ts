import type { PlantNode, PlantNodes, ServedNodes } from '../../node.ts';
import { type Entity, newEntity } from './entity.ts';
import { deviceTopicId, MAIN_DEVICE, plainId, serviceTopicId, topicIds } from './topic-id.ts';

/** How entities are called and put together. */
export interface EntityRules {
  /** First level of every topic: `te`. */
  readonly root: string;
  /** `child`: an agent owns the main device. `main`: nobody does, so we are it. */
  readonly role: 'child' | 'main';
  /** `nested`: a terminal's parent is its coupler; `flat`: its master. */
  readonly topology: 'nested' | 'flat';
  /** Name of the service that this IOC is; the prefix of its PVs will do. */
  readonly ioc: string;
}

/** The thin-edge entities of this IOC, parents first. */
export interface Entities {
  readonly all: readonly Entity[];
  readonly ioc: Entity;
  /** Of a topic id with or without the slashes at its end. */
  byTopicId(topicId: string): Entity | undefined;
  /** Of a controller, by what its PV names begin with. */
  byPath(path: string): Entity | undefined;
  /** The service that stands for the link to a plant, by the plant's name. */
  linkOf(plant: string): Entity | undefined;
}

/** What each entity of the IOC is called, made from what its plants consist of now. */
export function entitiesOf({ plants }: Pick<PlantNodes, 'plants'>, rules: EntityRules): Entities {
  const draft = new Draft(rules);
  const isMain = rules.role === 'main';
  const isAlone = isMain && plants.length === 1;
  // One plant is the main device itself; several are children of the host.
  const host = isMain && !isAlone ? draft.host() : undefined;
  const ids = topicIds(plants.flatMap(({ nodes, prefix }) => [prefix, ...nodes.map(pathOf)]));
  const servers = plants.map((plant) => draft.server(plant, ids, host, isAlone));
  const ioc = draft.ioc(isAlone ? servers[0] : host);
  for (const [index, plant] of plants.entries()) {
    const server = servers[index];
    if (server) draft.link(plant, server, server.topicId === MAIN_DEVICE && ioc.id === 'ads');
    for (const node of plant.nodes) if (node.kind !== 'server') draft.node(node, plant, ids);
  }
  return draft.finished(ioc);
}

class Draft {
  readonly #rules: EntityRules;
  readonly #all: Entity[] = [];
  readonly #byPath = new Map<string, Entity>();
  readonly #links = new Map<string, Entity>();
  readonly #servers = new Map<string, Entity>();

  constructor(rules: EntityRules) {
    this.#rules = rules;
  }

  host(): Entity {
    return this.#add({
      ...plain,
      topicId: MAIN_DEVICE,
      id: 'main',
      kind: 'host',
      name: 'EPICS IOC',
    });
  }

  server(
    { name, prefix, nodes }: ServedNodes,
    ids: ReadonlyMap<string, string>,
    parent: Entity | undefined,
    isMain: boolean,
  ): Entity {
    const node = nodes.find(({ kind }) => kind === 'server');
    const id = isMain ? 'main' : (ids.get(node?.path ?? prefix) ?? '');
    const about = { topicId: deviceTopicId(id), id, kind: 'server' } as const;
    const server = this.#add({ ...about, name: prefix, parent, plant: name, node });
    this.#servers.set(name, server);
    this.#byPath.set(prefix, server);
    return server;
  }

  /** The IOC is a service of the main device, whoever owns that. */
  ioc(main: Entity | undefined): Entity {
    const id = iocId(this.#rules.ioc);
    const topicId = serviceTopicId(MAIN_DEVICE, id);
    return this.#add({ ...plain, topicId, id, kind: 'ioc', name: id, parent: main });
  }

  link({ name }: ServedNodes, server: Entity, isTaken: boolean): void {
    const id = isTaken ? 'ads-link' : 'ads';
    const topicId = serviceTopicId(server.topicId, id);
    const draft = { topicId, id, name: id, kind: 'link', plant: name, node: undefined } as const;
    this.#links.set(name, this.#add({ ...draft, parent: server }));
  }

  node(node: PlantNode, { name }: ServedNodes, ids: ReadonlyMap<string, string>): void {
    const id = ids.get(node.path) ?? plainId(node.path);
    const kind = node.kind === 'device' ? 'master' : 'slave';
    const parent = this.#parentOf(node) ?? this.#servers.get(name);
    this.#add({ topicId: deviceTopicId(id), id, kind, name: node.name, parent, plant: name, node });
  }

  finished(ioc: Entity): Entities {
    const byTopicId = new Map(this.#all.map((each) => [each.topicId, each]));
    return {
      all: this.#all,
      ioc,
      byTopicId: (topicId) => byTopicId.get(padded(topicId)),
      byPath: (path) => this.#byPath.get(path),
      linkOf: (plant) => this.#links.get(plant),
    };
  }

  #parentOf({ parent }: PlantNode): Entity | undefined {
    const above = parent === undefined ? undefined : this.#byPath.get(parent);
    const isFlat = this.#rules.topology === 'flat';
    return isFlat && above?.kind === 'slave' && above.node ? this.#parentOf(above.node) : above;
  }

  #add(draft: Omit<Parameters<typeof newEntity>[0], 'root'>): Entity {
    const entity = newEntity({ ...draft, root: this.#rules.root });
    this.#all.push(entity);
    if (entity.node) this.#byPath.set(entity.node.path, entity);
    return entity;
  }
}

const plain = { parent: undefined, plant: undefined, node: undefined } as const;

function pathOf({ path }: PlantNode): string {
  return path;
}

/** Mosquitto's bridge says in plain numbers how it is under such a name: it is not for us. */
function iocId(name: string): string {
  const [id = plainId(name)] = topicIds([name]).values();
  return /^mosquitto-.*-bridge$/.test(id) ? `ioc-${id}` : id;
}

/** `device/child0` is `device/child0//`. */
function padded(topicId: string): string {
  const segments = topicId.split('/');
  return [...segments, ...Array(Math.max(0, 4 - segments.length)).fill('')].join('/');
}
