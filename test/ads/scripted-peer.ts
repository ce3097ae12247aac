import {
  AdsClient,
  type AdsClientOptions,
  type AmsHeader,
  amsNetId,
  amsPort,
  decodePacket,
  encodePacket,
  RESPONSE_FLAGS,
  type Transport,
  type TransportEnd,
} from '../../src/ads/index.ts';
import { silentLog } from '../../src/kernel/index.ts';

export const ourAddress = { netId: amsNetId('192.168.1.10.1.1'), port: amsPort(8000) };

/** A request as the peer saw it; owns its bytes. */
export type Seen = { readonly header: AmsHeader; readonly payload: Uint8Array };

/** A transport in memory whose other side is the test. */
export class ScriptedPeer implements Transport {
  readonly peer = 'test://peer';
  readonly localAddress = '192.168.1.10';
  readonly ended: Promise<TransportEnd>;
  readonly requests: Seen[] = [];
  /** Called with each request as it comes. */
  onRequest: (request: Seen) => void = () => {};
  readonly client: AdsClient;
  #end: (end: TransportEnd) => void = () => {};

  constructor(options: Partial<AdsClientOptions> = {}) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.client = new AdsClient(this, { source: ourAddress, log: silentLog, ...options });
  }

  send(packet: Uint8Array): void {
    const { header, payload } = decodePacket(packet.slice());
    const seen = { header, payload };
    this.requests.push(seen);
    this.onRequest(seen);
  }

  /** Answers a request with a payload, or with an AMS error. */
  answer(request: Seen, payload: Uint8Array, errorCode = 0): void {
    const { target, source, command, invokeId } = request.header;
    const head = { target: source, source: target, command, invokeId, errorCode };
    this.client.receive(encodePacket({ ...head, stateFlags: RESPONSE_FLAGS }, payload));
  }

  lose(reason: string): void {
    this.#end({ kind: 'lost', reason });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end({ kind: 'closed' });
  }
}
