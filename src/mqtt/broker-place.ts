import { IocError } from '../kernel/index.ts';

/** Where a broker listens, and how: the parts of its URL. */
export interface BrokerPlace {
  readonly scheme: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path and query of a WebSocket; the query may be a secret. */
  readonly path: string;
  /** What the URL says of who we are. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** The address as messages show it: without credentials and query, `wss://host:443/mqtt`. */
  readonly shown: string;
}

const USUAL_PORTS = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 } as const;

/**
 * A broker by its URL: `mqtt://host:1883`, `ws://host:80/path`, or with TLS `mqtts://host:8883`,
 * `wss://host:443/path`; `isSecure` makes mqtts of mqtt, wss of ws. Throws `mqtt/url`.
 */
export function brokerPlace(url: string, isSecure = false): BrokerPlace {
  const { protocol, hostname, port, username, password, pathname, search } = urlOf(url);
  const isWeb = protocol.startsWith('ws');
  const withTls = isSecure || /^(mqtts|wss):$/.test(protocol);
  const scheme = `${isWeb ? 'ws' : 'mqtt'}${withTls ? 's' : ''}` as const;
  const number = Number(port || USUAL_PORTS[scheme]);
  return {
    scheme,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: number,
    path: `${pathname}${search}`,
    user: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    shown: `${scheme}://${hostname}:${number}${isWeb ? pathname.replace(/\/$/, '') : ''}`,
  };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = url?.protocol.replace(':', '') ?? '';
  if (url && Object.hasOwn(USUAL_PORTS, scheme) && url.hostname !== '') return url;
  const shown = text.replace(/^([a-z]+:\/*)?.*@/is, '$1…@');
  throw new IocError(
    'mqtt/url',
    `"${shown}" is no broker: write mqtt://host, mqtts://host:port, ws://host/path or wss://host/path`,
  );
}
