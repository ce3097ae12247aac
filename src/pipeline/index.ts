export { newCounters, type PipelineCounters } from './counters.ts';
export { newPlant, type Plant, type PlantOptions, runPlant, type Served } from './plant.ts';
export { PlantMemory } from './plant-memory.ts';
export type { SessionSummary } from './session.ts';
export type { NotificationPlan } from './subscribe.ts';
