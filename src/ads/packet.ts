import { type FrameRule, MalformedFrame, Reader, Writer } from '../kernel/index.ts';
import { AMS_HEADER, type AmsHeader, amsHeader } from './ams-header.ts';

/** Bytes before each packet on TCP: 2 reserved, then u32 length of the packet. */
export const AMS_TCP_HEADER = 6;

/** Largest packet that is accepted from a TCP stream; symbol tables of big projects take MBs. */
export const MAX_PACKET = 16 * 1024 * 1024;

/**
 * How an AMS/TCP stream is cut: frames begin with the 6-byte prefix. A frame whose reserved word
 * is not 0 is no AMS packet but word from a local router.
 */
export const amsTcpRule: FrameRule = {
  name: 'AMS/TCP',
  headerSize: AMS_TCP_HEADER,
  maxSize: AMS_TCP_HEADER + MAX_PACKET,
  frameSize: (bytes, at) =>
    AMS_TCP_HEADER +
    (bytes[at + 2] ?? 0) +
    (bytes[at + 3] ?? 0) * 0x100 +
    (bytes[at + 4] ?? 0) * 0x1_0000 +
    (bytes[at + 5] ?? 0) * 0x100_0000,
};

/** Everything of a header but the length, which the payload tells. */
export type PacketHead = Omit<AmsHeader, 'length' | 'errorCode'> & { readonly errorCode?: number };

/** A whole AMS packet, without the TCP prefix. */
export function encodePacket(head: PacketHead, payload: Uint8Array): Uint8Array {
  const w = new Writer('le', AMS_HEADER + payload.length);
  amsHeader.encode(w, { errorCode: 0, ...head, length: payload.length });
  w.bytes(payload);
  return w.take();
}

/**
 * The header and payload of a whole AMS packet; the payload is a view of the packet.
 * Throws MalformedFrame when the packet is shorter than its header says.
 */
export function decodePacket(packet: Uint8Array): { header: AmsHeader; payload: Uint8Array } {
  if (packet.length < AMS_HEADER) throw new MalformedFrame('AMS header cut short', packet);
  const header = amsHeader.decode(new Reader(packet));
  const end = AMS_HEADER + header.length;
  if (end > packet.length) {
    throw new MalformedFrame(`AMS payload of ${header.length} bytes cut short`, packet);
  }
  return { header, payload: packet.subarray(AMS_HEADER, end) };
}

/** A packet with its TCP prefix, ready for a stream. */
export function toTcp(packet: Uint8Array): Uint8Array {
  const frame = new Uint8Array(AMS_TCP_HEADER + packet.length);
  writeTcpPrefix(frame, 0, packet.length);
  frame.set(packet, AMS_TCP_HEADER);
  return frame;
}

/** Writes the prefix of a packet of `length` bytes at `at`. */
export function writeTcpPrefix(target: Uint8Array, at: number, length: number): void {
  target[at] = 0;
  target[at + 1] = 0;
  target[at + 2] = length;
  target[at + 3] = length >>> 8;
  target[at + 4] = length >>> 16;
  target[at + 5] = length >>> 24;
}
