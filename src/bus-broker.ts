import { type EmbeddedBroker, openBroker } from './bus/index.ts';
import type { BusConfig, BusLinkConfig } from './config/index.ts';
import type { Log, Scope } from './kernel/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';

/** The broker of the configuration, and the link to it. */
export interface BusBrokerage {
  readonly link: BusLinkConfig;
  /** Undefined where it is not ours. */
  readonly broker: EmbeddedBroker | undefined;
}

/** Starts the embedded broker, if the configuration asks for one; it ends with the scope. */
export async function brokerage(
  { link, broker: options }: BusConfig,
  log: Log,
  scope: Scope,
): Promise<BusBrokerage> {
  if (!options) return { link, broker: undefined };
  const broker = scope.use(await openBroker(options, { log }, scope.signal));
  return { link: { ...link, ...broker.own }, broker };
}

/** What the embedded broker tells, as PVs. */
export function brokerRows(broker: EmbeddedBroker | undefined): readonly StatusRow[] {
  if (!broker) return [];
  const { counters, sizes } = broker;
  return [
    countRow('BrokerClients', 'Clients of the embedded broker', () => sizes.clients),
    countRow('BrokerSessions', 'Clients that are remembered', () => sizes.sessions),
    countRow('BrokerRetained', 'Topics whose last message is kept', () => sizes.retained),
    countRow('BrokerConnections', 'Connections since the start', () => counters.connections),
    countRow('BrokerReceived', 'Messages from clients', () => counters.received),
    countRow('BrokerSent', 'Messages to clients', () => counters.sent),
    countRow('BrokerRefused', 'Connections that were refused', () => counters.refusedClients),
    countRow('BrokerDenied', 'Messages and filters without right', () => counters.denied),
    countRow('BrokerDropped', 'Clients dropped: frozen or wrong', () => counters.droppedClients),
    countRow('BrokerLost', 'Messages that found no room', () => counters.droppedMessages),
    countRow('BrokerFailedWrites', 'Retained file not written', () => counters.failedWrites),
  ];
}
