export { newCounters, type PipelineCounters } from './counters.ts';
export type { NewRecords } from './dressing.ts';
export { PlantErrands, type SlavePlace } from './errands.ts';
export type { SupervisionPlan } from './heartbeat.ts';
export {
  countRow,
  imageRows,
  type StatusPlace,
  type StatusRow,
  serveStatus,
} from './ioc-status.ts';
export { AdsDevices } from './links/ads-devices.ts';
export { parseAdsLink } from './links/parse-ads-link.ts';
export { PlantLinks } from './links/plant-links.ts';
export {
  newPlant,
  type Plant,
  type PlantOptions,
  runPlant,
  type Served,
  servePuts,
} from './plant.ts';
export { PlantMemory } from './plant-memory.ts';
export { plantRows } from './plant-rows.ts';
export { PlantState, type PlantStatus } from './plant-status.ts';
export {
  isUp,
  Roster,
  rosterChanges,
  type ServedAttribute,
  type ServedController,
} from './roster.ts';
export type { SessionSummary } from './session.ts';
export type { SetpointPolicy, SetpointRule } from './setpoint-policy.ts';
export type { NotificationPlan } from './subscribe.ts';
export type { ValueRule } from './value-rules.ts';
