import type { BusLink } from '../../link.ts';
import type { PlantNodes } from '../../node.ts';
import type { PvSet } from './pv-set.ts';

/** Tells of each node of the plants whether the link to it is up: `<node>/availability`. */
export class Availability {
  readonly #link: BusLink;
  readonly #nodes: PlantNodes;
  readonly #topicOf: (node: string) => string;
  /** What was published, by topic. */
  readonly #told = new Map<string, string>();

  constructor(link: BusLink, nodes: PlantNodes, topicOf: (node: string) => string) {
    this.#link = link;
    this.#nodes = nodes;
    this.#topicOf = topicOf;
  }

  /** Publishes what changed; everything after a connection. */
  publish(isAll = false): void {
    if (isAll) this.#told.clear();
    for (const { nodes, link } of this.#nodes.plants) {
      const payload = link.isUp ? 'online' : 'offline';
      for (const { path } of nodes) this.#tell(this.#topicOf(path), payload);
    }
  }

  #tell(topic: string, payload: string): void {
    if (this.#told.get(topic) === payload) return;
    this.#told.set(topic, payload);
    this.#link.publish({ topic, payload, delivery: 'state' });
  }
}

/** The topic that says whether the link to a node is up. */
export function availabilityTopic(prefix: string, pvs: PvSet): (node: string) => string {
  return (node) => `${prefix}/${pvs.pathOf(node)}/availability`;
}
