import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import {
  amsNetId,
  Port,
  ROUTER_ANSWER,
  type RouterDatagram,
  routerDatagram,
  type TaggedBytes,
} from '../../src/ads/index.ts';
import { decoded, encoded, type Scope } from '../../src/kernel/index.ts';

/** A router on a free UDP port of the loopback, whose answers are the test's. */
export class RouterPeer {
  readonly received: Uint8Array[] = [];
  readonly port: number;
  readonly #send: (bytes: Uint8Array, to: RemoteInfo) => void;

  private constructor(port: number, send: (bytes: Uint8Array, to: RemoteInfo) => void) {
    this.port = port;
    this.#send = send;
  }

  static async open(
    scope: Scope,
    answers: (request: RouterDatagram, bytes: Uint8Array) => readonly Uint8Array[],
  ): Promise<RouterPeer> {
    const socket = createSocket('udp4');
    scope.defer(() => {
      socket.close();
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const peer = new RouterPeer(socket.address().port, (bytes, to) =>
      socket.send(bytes, to.port, to.address),
    );
    socket.on('message', (message, from) => {
      peer.received.push(message);
      const request = decoded(routerDatagram, message, 'request');
      for (const answer of answers(request, message)) peer.#send(answer, from);
    });
    return peer;
  }
}

/** The answer of router 5.166.203.208.1.1 to a request. */
export function answerTo(request: RouterDatagram, tags: readonly TaggedBytes[]): Uint8Array {
  return encoded(routerDatagram, {
    invokeId: request.invokeId,
    service: (request.service | ROUTER_ANSWER) >>> 0,
    sender: { netId: amsNetId('5.166.203.208.1.1'), port: Port.system },
    tags,
  });
}
