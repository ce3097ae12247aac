import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { BrokerPlace } from './broker-place.ts';
import { openWebSocket } from './websocket.ts';

/** PEM texts. With `cert` and `key` both sides prove who they are. */
export type BrokerTls = {
  readonly ca?: string | readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The certificate need not bear the name of the broker's host. */
  readonly ignoreHostName?: boolean | undefined;
  /** Protocols to agree on (ALPN), as brokers on port 443 ask for: `mqtt`. */
  readonly alpn?: readonly string[] | undefined;
};

/** A new connection to a broker, as a stream of bytes; `security` where its scheme has TLS. */
export function openBroker(place: BrokerPlace, security: ConnectionOptions = {}): Duplex {
  const { scheme, host, port } = place;
  const isSecure = scheme === 'mqtts' || scheme === 'wss';
  if (scheme.startsWith('ws')) return openWebSocket(place, isSecure ? security : undefined);
  // Node's sockets delay small packets, which costs 40 ms where the peer delays acknowledgements.
  if (!isSecure) return connectTcp({ host, port, noDelay: true });
  const socket = connectTls({ host, port, ...security });
  socket.setNoDelay(true);
  return socket;
}

/** What node:tls needs to know to reach a host. */
export function tlsOptions(host: string, tls: BrokerTls = {}): ConnectionOptions {
  const { ca, cert, key, ignoreHostName, alpn } = tls;
  return {
    ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
    ...(/[a-z]/i.test(host) && !host.includes(':') && { servername: host }),
    ...(ignoreHostName && { checkServerIdentity: () => undefined }),
  };
}
