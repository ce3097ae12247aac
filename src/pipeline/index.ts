export { newCounters, type PipelineCounters } from './counters.ts';
export type { SupervisionPlan } from './heartbeat.ts';
export { plantRows, type StatusRow, serveStatus } from './ioc-status.ts';
export { newPlant, type Plant, type PlantOptions, runPlant, type Served } from './plant.ts';
export { PlantMemory } from './plant-memory.ts';
export { PlantState } from './plant-status.ts';
export type { SessionSummary } from './session.ts';
export type { SetpointPolicy, SetpointRule } from './setpoint-policy.ts';
export type { NotificationPlan } from './subscribe.ts';
