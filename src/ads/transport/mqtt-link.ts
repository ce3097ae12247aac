import { createHash, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { IocError } from '../../kernel/index.ts';
import { type BrokerTls, brokerPlace, openBroker, tlsOptions } from '../../mqtt/index.ts';
import type { AmsNetId } from '../ams.ts';

export type MqttQos = 0 | 1 | 2;

/** A virtual AMS network on an MQTT broker (facts/ads-over-mqtt.md). */
export type MqttConfig = {
  /** `mqtt://host:1883`, `ws://host:80/path`, or with TLS `mqtts://host:8883`, `wss://host:443/path`. */
  readonly url: string;
  /** The virtual AMS network: first level or levels of all its topics. */
  readonly topic: string;
  /** Who takes packets for NetIds that no peer of the network has; else found by their first four numbers. */
  readonly router?: AmsNetId | undefined;
  /** Never part of a message or a log, as everything secret below. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: BrokerTls | undefined;
  readonly psk?: MqttPsk | undefined;
  /** Unique on the broker; made of our NetId and chance unless told. */
  readonly clientId?: string | undefined;
  /** How TwinCAT shows us; `twincat-ioc` unless told. */
  readonly displayName?: string | undefined;
  /** Of AMS packets; 0 unless told. */
  readonly qos?: MqttQos | undefined;
  /** Info is not retained, and newcomers are greeted instead. */
  readonly noRetain?: boolean | undefined;
  /** Requests of peers are refused. */
  readonly unidirectional?: boolean | undefined;
  /** Where notifications that we send go; `res` unless told. They are taken on both. */
  readonly notifyTopic?: 'res' | 'ams' | undefined;
  /** 15 s unless told; a silent broker is given up after one and a half of it. */
  readonly keepAliveSeconds?: number | undefined;
  /** 5000 ms unless told. */
  readonly connectTimeoutMs?: number | undefined;
  /** Takes what deviates: packets with TCP prefix; answers on topics of others. */
  readonly compat?: {
    readonly tcpPrefix?: boolean | undefined;
    readonly anyResponseTopic?: boolean | undefined;
  };
};

/** A key of hex digits, or a password of which TwinCAT makes the key. */
export type MqttPsk = {
  readonly identity: string;
  readonly key?: string | undefined;
  readonly password?: string | undefined;
  /** Otherwise the key is made of the identity in capitals. */
  readonly identityCaseSensitive?: boolean | undefined;
};

/** The broker as a stream of bytes, and what may be said of it. */
export type MqttLink = {
  /** Without credentials and query: `mqtts://host:8883/VirtualAmsNetwork1`. */
  readonly peer: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly clientId: string;
  open(): Duplex;
};

/** Throws `mqtt/url` for what is no broker's address, `ads/mqtt-psk` for what is no key. */
export function mqttLink(config: MqttConfig, ourNetId: AmsNetId): MqttLink {
  const { topic, tls, psk } = config;
  const place = brokerPlace(config.url, tls !== undefined || psk !== undefined);
  const security = { ...tlsOptions(place.host, tls), ...(psk && pskOptions(psk)) };
  return {
    peer: `${place.shown}/${topic}`,
    user: config.user ?? place.user,
    password: config.password ?? place.password,
    clientId: config.clientId ?? `twincat-ioc-${ourNetId}-${randomBytes(4).toString('hex')}`,
    open: () => openBroker(place, security),
  };
}

/** Suites with a pre-shared key exist up to TLS 1.2 only; there is no certificate to check. */
function pskOptions(psk: MqttPsk): ConnectionOptions {
  const identity = psk.identity;
  const key = pskKey(psk);
  return {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: 'PSK',
    pskCallback: () => ({ identity, psk: key }),
    checkServerIdentity: () => undefined,
  };
}

function pskKey({ identity, key, password, identityCaseSensitive }: MqttPsk): Buffer {
  if (key !== undefined && /^([0-9a-f]{2}){8,}$/i.test(key)) return Buffer.from(key, 'hex');
  if (key !== undefined || password === undefined) {
    const text = `Key of PSK identity "${identity}": give 16 or more hex digits, or a password`;
    throw new IocError('ads/mqtt-psk', text);
  }
  const name = identityCaseSensitive ? identity : identity.toUpperCase();
  return createHash('sha256').update(`${name}${password}`, 'utf8').digest();
}
