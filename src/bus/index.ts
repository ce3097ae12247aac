export type { BusLink, Connected, Receiver } from './link.ts';
export type { Delivery, Publication, Received } from './message.ts';
export type {
  NodeAttribute,
  NodeIdentity,
  PlantNode,
  PlantNodes,
  ServedNodes,
} from './node.ts';
