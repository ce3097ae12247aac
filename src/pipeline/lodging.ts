import type { AmsNetId } from '../ads/index.ts';
import { definitionOf, type Identity, type PlantController } from '../twincat/index.ts';
import type { Plant } from './plant.ts';
import { keyOf, type Node } from './residents.ts';

/** Where a controller is served, and what is known of it beside its attributes. */
export interface Lodging {
  /** What the names of its PVs begin with. */
  readonly path: string;
  /** Path of the controller above; undefined of the server. */
  readonly parent: string | undefined;
  /** What it is for, in words. */
  readonly description: string;
  /** As it told itself, if it did. */
  readonly identity?: Identity;
  /** Of the system, or of a master its own. */
  readonly netId?: AmsNetId;
}

/** What is known of a controller of the plant that was found last. */
export function lodgingOf(
  { facts, residents, options }: Plant,
  node: Node<PlantController>,
  path: string,
  parent: string | undefined,
): Lodging {
  const { kind, id, type } = node.controller;
  const place = { path, parent, description: type };
  if (kind === 'server') return { ...place, ...(facts && { netId: facts.systemNetId }) };
  if (kind === 'device') {
    const device = facts?.devices.find((each) => each.id === id);
    return device ? { ...place, ...told(device.identity), netId: device.netId } : place;
  }
  const slave = residents.factsOf(keyOf(node) ?? '');
  if (!slave) return place;
  const { description } = definitionOf(slave, options.definitions) ?? place;
  return { ...place, description, ...told(slave.identity) };
}

function told(identity: Identity): Pick<Lodging, 'identity'> {
  return identity.vendor === 0 ? {} : { identity };
}
