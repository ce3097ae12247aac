import { AMS_HEADER, HeaderAt } from '../ams-header.ts';
import { AMS_TCP_HEADER } from '../packet.ts';

/** What a message holds. */
export type MqttFrame = {
  /** A view of the payload; undefined when it is no AMS packet. */
  readonly packet: Uint8Array | undefined;
  /** Bytes behind the packet, which are nobody's. */
  readonly trailing: number;
};

const NONE: MqttFrame = { packet: undefined, trailing: 0 };

/**
 * The one AMS packet of an MQTT message: no TCP prefix before it, and its own length says where it
 * ends, since messages with stray bytes were seen (facts/ads-over-mqtt.md section 4). With
 * `tcpPrefix` a packet that an old third party put the prefix before is taken as well.
 */
export function frameOf(message: Uint8Array, tcpPrefix: boolean): MqttFrame {
  // No Buffer must leave: its slice() is a view, where receivers want a copy.
  const payload = new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
  const at = tcpPrefix && hasTcpPrefix(payload) ? AMS_TCP_HEADER : 0;
  if (payload.length < at + AMS_HEADER) return NONE;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const end = at + AMS_HEADER + view.getUint32(at + HeaderAt.length, true);
  if (end > payload.length) return NONE;
  return { packet: payload.subarray(at, end), trailing: payload.length - end };
}

/** A packet cannot begin so: its NetId would begin with 0.0, its port be what is left of it. */
function hasTcpPrefix(payload: Uint8Array): boolean {
  if (payload.length < AMS_TCP_HEADER + AMS_HEADER) return false;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const length = payload.length - AMS_TCP_HEADER;
  const data = view.getUint32(AMS_TCP_HEADER + HeaderAt.length, true);
  return (
    view.getUint16(0, true) === 0 &&
    view.getUint32(2, true) === length &&
    data === length - AMS_HEADER
  );
}
