import type { CaLinks, CaServer } from './ca/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';

/** What a Channel Access server tells of its clients and of its bounds, as PVs. */
export function caRows(server: CaServer): readonly StatusRow[] {
  const { counters } = server;
  const { ended } = counters;
  const row = (name: string, description: string, read: () => number): StatusRow => {
    return { name, description, shape: 'count', read };
  };
  return [
    row('CaCircuits', 'Channel Access circuits now', () => counters.circuits),
    row('CaChannels', 'Channel Access channels now', () => counters.channels),
    row('CaSubscriptions', 'Channel Access monitors now', () => counters.subscriptions),
    row('CaQueued', 'Monitor updates that wait for clients', () => queued(server)),
    row('CaGets', 'Channel Access gets', () => counters.gets),
    row('CaPuts', 'Channel Access puts', () => counters.puts),
    row('CaUpdates', 'Monitor updates sent', () => counters.updates),
    row('CaSquashed', 'Monitor updates that gave way to newer', () => counters.squashed),
    row('CaBytesIn', 'Bytes from Channel Access clients', () => counters.bytesIn),
    row('CaBytesOut', 'Bytes to Channel Access clients', () => counters.bytesOut),
    row('CaSearches', 'Names searched for', () => counters.searches),
    row('CaUnheard', 'Searches that came too thick', () => counters.unheardSearches),
    row('CaErrors', 'Requests answered with an error', () => counters.errors),
    row('CaDropped', 'Circuits ended for being slow', () => ended.slow),
    row('CaIdle', 'Connections ended for saying nothing', () => ended.idle),
    row('CaBroken', 'Circuits ended for breaking the protocol', () => ended.protocol),
    row('CaRefused', 'Circuits, channels, monitors refused', () => {
      const { refusedCircuits, refusedChannels, refusedSubscriptions } = counters;
      return refusedCircuits + refusedChannels + refusedSubscriptions;
    }),
  ];
}

/** What is told of PVs of other IOCs that links and rules use. */
export function linkRows(links: CaLinks): readonly StatusRow[] {
  const of = () => links.client?.counters ?? { channels: 0, connected: 0 };
  return [
    countRow('CaLinks', 'PVs of other IOCs that are used', () => of().channels),
    countRow('CaLinksAway', 'PVs of other IOCs that are not there', () => {
      const { channels, connected } = of();
      return channels - connected;
    }),
  ];
}

function queued(server: CaServer): number {
  return server.report().clients.reduce((sum, { queued: waiting }) => sum + waiting, 0);
}
