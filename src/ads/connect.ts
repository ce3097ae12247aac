import { type Clock, IocError, type Log } from '../kernel/index.ts';
import { type AmsNetId, type AmsPort, localNetId } from './ams.ts';
import { AdsClient } from './client.ts';
import { openTransport, type TransportConfig } from './transport/open.ts';
import type { Transport } from './transport/transport.ts';

export type AdsConnectOptions = {
  readonly transport: TransportConfig;
  /** Our address; without a NetId it is made of the local IPv4 address, which only TCP has. */
  readonly source: { readonly netId?: AmsNetId | undefined; readonly port: AmsPort };
  readonly log: Log;
  readonly timeoutMs?: number | undefined;
  readonly maxInFlight?: number | undefined;
  readonly clock?: Clock | undefined;
};

/**
 * A client on a transport of its own, which it closes when disposed of. Rejects with `ads/connect`
 * when the peer cannot be reached, or with the signal's reason; the signal has no say after that.
 */
export async function connectAds(
  options: AdsConnectOptions,
  signal?: AbortSignal,
): Promise<AdsClient> {
  const { transport: config, source, ...rest } = options;
  // Packets of a transport that opened before its client is made answer nothing of ours.
  let client: AdsClient | undefined;
  const means = { ...rest, netId: source.netId };
  const transport = await openTransport(config, means, (packet) => client?.receive(packet), signal);
  client = new AdsClient(transport, {
    ...rest,
    source: { netId: source.netId ?? ownNetId(transport), port: source.port },
  });
  return client;
}

function ownNetId(transport: Transport): AmsNetId {
  if (transport.localAddress !== undefined) return localNetId(transport.localAddress);
  throw new IocError('ads/net-id', `${transport.peer} gives us no IP address: set our NetId`);
}
