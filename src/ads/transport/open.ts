import type { Clock, Log } from '../../kernel/index.ts';
import { openTcp } from './tcp.ts';
import type { PacketSink, Transport } from './transport.ts';

/** How a plant is reached. */
export type TransportConfig = {
  readonly kind: 'tcp';
  readonly host: string;
  /** 48898 unless told. */
  readonly port?: number | undefined;
  readonly connectTimeoutMs?: number | undefined;
};

export function openTransport(
  config: TransportConfig,
  means: { readonly log: Log; readonly clock?: Clock | undefined },
  onPacket: PacketSink,
  signal?: AbortSignal,
): Promise<Transport> {
  switch (config.kind) {
    case 'tcp':
      return openTcp({ ...config, ...means }, onPacket, signal);
  }
}
