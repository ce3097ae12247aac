import type { IClientOptions, IClientPublishOptions } from 'mqtt';
import type { BrokerPlace } from '../../mqtt/index.ts';
import type { Publication } from '../message.ts';
import type { MessageIds } from './message-ids.ts';
import { NoStore } from './no-store.ts';
import type { BusLinkOptions } from './options.ts';
import { Waiting } from './waiting.ts';

/** A day: who is away longer finds no subscription any more (MQTT 5). */
const SESSION_SECONDS = 86_400;

/**
 * MQTT.js as the mere speaker of the protocol: it keeps, repeats and opens nothing again by itself.
 */
export function clientOptions(
  options: BusLinkOptions,
  place: BrokerPlace,
  messageIdProvider: MessageIds,
): IClientOptions {
  const { clientId, version, keepAliveSeconds = 15, connectTimeoutMs = 5000 } = options;
  const { user = place.user, password = place.password, will } = options;
  const { sessionExpirySeconds = SESSION_SECONDS } = options;
  const store = new NoStore();
  const expires = version === '5' && sessionExpirySeconds > 0;
  return {
    clientId,
    protocolVersion: version === '5' ? 5 : 4,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    clean: sessionExpirySeconds === 0,
    ...(expires && { properties: { sessionExpiryInterval: sessionExpirySeconds } }),
    ...(will && { will: willOf(will()) }),
    keepalive: keepAliveSeconds,
    // What comes in tells that the broker lives only where it answers a ping.
    reschedulePings: false,
    connectTimeout: connectTimeoutMs,
    reconnectPeriod: 0,
    // Who listens is there before the first packet leaves.
    manualConnect: true,
    resubscribe: false,
    queueQoSZero: false,
    messageIdProvider,
    outgoingStore: store,
    incomingStore: store,
  };
}

/** What MQTT 5 tells beside a message, if anything. */
export function propertiesOf(
  { deadline, expires, correlation }: Waiting,
  now: number,
): IClientPublishOptions['properties'] {
  if (!expires && correlation === undefined) return undefined;
  // A repeated message may be past its time.
  const seconds = Math.max(1, Math.ceil((deadline - now) / 1000));
  return {
    ...(expires && { messageExpiryInterval: seconds }),
    ...(correlation !== undefined && { correlationData: bufferOf(correlation) }),
  };
}

function willOf(publication: Publication): NonNullable<IClientOptions['will']> {
  const { topic, payload, qos, retain } = new Waiting(publication);
  return { topic, payload: bufferOf(payload), qos, retain };
}

function bufferOf(bytes: string | Uint8Array): Buffer {
  if (typeof bytes === 'string') return Buffer.from(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
