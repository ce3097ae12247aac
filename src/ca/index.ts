export type { CaCounters, CircuitEnd } from './counters.ts';
export { type Complain, caOptionsFromEnv } from './environment.ts';
export type { BeaconOptions, CaOptions, Limits } from './options.ts';
export type { CaReport, ChannelReport, ClientReport } from './report.ts';
export { type CaServer, serveCa } from './server.ts';
