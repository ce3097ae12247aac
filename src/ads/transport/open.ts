import { type Clock, IocError, type Log } from '../../kernel/index.ts';
import type { AmsNetId } from '../ams.ts';
import type { MqttService } from './mqtt.ts';
import type { MqttConfig } from './mqtt-link.ts';
import { openTcp } from './tcp.ts';
import type { PacketSink, Transport } from './transport.ts';

/** How a plant is reached. */
export type TransportConfig = TcpConfig | ({ readonly kind: 'mqtt' } & MqttConfig);

export type TcpConfig = {
  readonly kind: 'tcp';
  readonly host: string;
  /** 48898 unless told. */
  readonly port?: number | undefined;
  readonly connectTimeoutMs?: number | undefined;
};

export type TransportMeans = {
  /** Ours; over MQTT peers reach us by it, so it must be told. */
  readonly netId?: AmsNetId | undefined;
  /** For a system that serves others; over MQTT only. */
  readonly serve?: MqttService | undefined;
  readonly log: Log;
  readonly clock?: Clock | undefined;
};

export async function openTransport(
  config: TransportConfig,
  means: TransportMeans,
  onPacket: PacketSink,
  signal?: AbortSignal,
): Promise<Transport> {
  switch (config.kind) {
    case 'tcp':
      return openTcp({ ...config, ...means }, onPacket, signal);
    case 'mqtt': {
      const { netId } = means;
      if (netId === undefined) {
        throw new IocError('ads/net-id', 'ADS over MQTT needs a NetId of our own: set it');
      }
      // Loaded by those who need it: the package takes longer to load than a session to open.
      const { openMqtt } = await import('./mqtt.ts');
      return openMqtt({ ...config, ...means, netId }, onPacket, signal);
    }
  }
}
