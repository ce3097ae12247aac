export type { CaCounters, CircuitEnd } from './counters.ts';
export {
  type BeaconOptions,
  type CaOptions,
  caOptionsFromEnv,
  type Limits,
} from './options.ts';
export { type CaServer, serveCa } from './server.ts';
