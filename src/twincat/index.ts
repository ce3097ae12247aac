export type { Definitions } from './definition-match.ts';
export type { DeviceFacts, Identity, PlantFacts, SlaveFacts } from './facts.ts';
export { plantFactsOf } from './plant-facts.ts';
export type { PlantSource, Region, WriteTarget } from './source.ts';
export { buildTree, type PlantController, type PlantTree } from './tree.ts';
