export { CaClient, type CaClientCounters } from './client/client.ts';
export type {
  ChannelInfo,
  ChannelListener,
  ClientChannel,
  ReadWish,
} from './client/client-channel.ts';
export type { SubscriptionListener, SubscriptionWish } from './client/client-subscription.ts';
export { CaLinks } from './client/links.ts';
export { type CaClientOptions, clientOptionsFromEnv } from './client/options.ts';
export type { Reading } from './client/reading.ts';
export type { ReadOutcome, WriteOutcome } from './client/request.ts';
export type { CaCounters, CircuitEnd } from './counters.ts';
export { Base, Family } from './dbr.ts';
export { type Complain, caOptionsFromEnv, servesCa } from './environment.ts';
export type { BeaconOptions, CaOptions, Limits } from './options.ts';
export type { CaReport, ChannelReport, ClientReport } from './report.ts';
export { type CaServer, serveCa } from './server.ts';
