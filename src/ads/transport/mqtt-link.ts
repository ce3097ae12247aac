import { createHash, randomBytes } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { IocError } from '../../kernel/index.ts';
import type { AmsNetId } from '../ams.ts';
import { openWebSocket } from './websocket.ts';

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
  readonly tls?: MqttTls | undefined;
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

/** PEM texts. With `cert` and `key` both sides prove who they are. */
export type MqttTls = {
  readonly ca?: string | readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The certificate need not bear the name of the broker's host. */
  readonly ignoreHostName?: boolean | undefined;
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

/** Throws `ads/mqtt-url` for what is no broker's address, `ads/mqtt-psk` for what is no key. */
export function mqttLink(config: MqttConfig, ourNetId: AmsNetId): MqttLink {
  const { topic, tls, psk } = config;
  const { protocol, hostname, port, username, password, pathname, search } = urlOf(config.url);
  const isSecure = /^(mqtts|wss):$/.test(protocol) || tls !== undefined || psk !== undefined;
  const isWeb = protocol.startsWith('ws');
  const scheme = `${isWeb ? 'ws' : 'mqtt'}${isSecure ? 's' : ''}` as const;
  const place = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || USUAL_PORTS[scheme]),
  };
  const security = isSecure
    ? { ...tlsOptions(place.host, tls), ...(psk && pskOptions(psk)) }
    : undefined;
  const open = () => {
    if (isWeb) return openWebSocket({ ...place, path: `${pathname}${search}` }, security);
    if (security) return connectTls({ ...place, ...security });
    return connectTcp({ ...place, noDelay: true });
  };
  return {
    peer: `${scheme}://${hostname}:${place.port}${isWeb ? pathname.replace(/\/$/, '') : ''}/${topic}`,
    user: config.user ?? (decodeURIComponent(username) || undefined),
    password: config.password ?? (decodeURIComponent(password) || undefined),
    clientId: config.clientId ?? `twincat-ioc-${ourNetId}-${randomBytes(4).toString('hex')}`,
    open,
  };
}

const USUAL_PORTS = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 } as const;

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = url?.protocol.replace(':', '') ?? '';
  if (url && Object.hasOwn(USUAL_PORTS, scheme) && url.hostname !== '') return url;
  const shown = text.replace(/^([a-z]+:\/*)?.*@/is, '$1…@');
  throw new IocError(
    'ads/mqtt-url',
    `"${shown}" is no broker: write mqtt://host, mqtts://host:port, ws://host/path or wss://host/path`,
  );
}

function tlsOptions(host: string, tls: MqttTls = {}): ConnectionOptions {
  const { ca, cert, key, ignoreHostName } = tls;
  return {
    ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(/[a-z]/i.test(host) && !host.includes(':') && { servername: host }),
    ...(ignoreHostName && { checkServerIdentity: () => undefined }),
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
