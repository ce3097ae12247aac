import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import type { BrokerPlace } from './broker-place.ts';

/** Longest message; MQTT packets may be cut into several, and are when they are longer. */
const MAX_MESSAGE = 32 * 1024 * 1024;

/** MQTT over a WebSocket (MQTT 3.1.1, section 6): binary messages, subprotocol `mqtt`. */
export function openWebSocket(
  { host, port, path }: BrokerPlace,
  security: ConnectionOptions | undefined,
): Duplex {
  const scheme = security ? 'wss' : 'ws';
  const name = host.includes(':') ? `[${host}]` : host;
  const socket = new WebSocket(`${scheme}://${name}:${port}${path}`, ['mqtt'], {
    ...security,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE,
  });
  const stream = createWebSocketStream(socket);
  // The stream only ends when the socket closes; who reads it waits for its close.
  socket.on('close', () => stream.destroy());
  return stream;
}
