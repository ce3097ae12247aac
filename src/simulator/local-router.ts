import { AMS_TCP_HEADER, type AmsNetId, netIdBytes } from '../ads/index.ts';
import { MalformedFrame, Reader, Writer } from '../kernel/index.ts';

/** What clients on the same machine ask of their router (facts/ads.md section 2). */
const RouterCommand = { closePort: 0x0001, connectPort: 0x1000, localNetId: 0x1002 } as const;

/** First port of those that a router gives to clients that want any. */
const FIRST_CLIENT_PORT = 0x8000;

/** Plays the local AMS router to clients that have no address of their own. */
export class LocalRouter {
  readonly #netId: AmsNetId;
  #nextPort = FIRST_CLIENT_PORT;

  constructor(netId: AmsNetId) {
    this.#netId = netId;
  }

  /**
   * The answer to a frame that is no AMS packet; undefined ends the connection, as closing a port
   * does. Throws MalformedFrame for commands that no router has.
   */
  answer(frame: Uint8Array): Uint8Array | undefined {
    const r = new Reader(frame);
    const command = r.u16();
    const data = new Writer();
    switch (command) {
      case RouterCommand.closePort:
        return undefined;
      case RouterCommand.connectPort: {
        if (frame.length !== AMS_TCP_HEADER + 2) break;
        r.skip(4);
        netIdBytes.encode(data, this.#netId);
        data.u16(r.u16() || this.#anyPort());
        return framed(command, data.view());
      }
      case RouterCommand.localNetId:
        netIdBytes.encode(data, this.#netId);
        return framed(command, data.view());
    }
    throw new MalformedFrame('no AMS packet, and nothing that a router does', frame);
  }

  #anyPort(): number {
    const port = this.#nextPort;
    this.#nextPort = port === 0xfffe ? FIRST_CLIENT_PORT : port + 1;
    return port;
  }
}

function framed(command: number, data: Uint8Array): Uint8Array {
  const w = new Writer();
  w.u16(command);
  w.u32(data.length);
  w.bytes(data);
  return w.take();
}
