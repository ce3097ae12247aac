import type { IConnackPacket } from 'mqtt';

/** What the broker allows on a connection; MQTT 3.1.1 has no words for any but the first. */
export interface Grant {
  readonly hasSession: boolean;
  /** Messages at QoS 1 that may be in flight. */
  readonly receiveMaximum: number;
  /** Of a whole packet. */
  readonly maxPacketBytes: number;
  readonly maxQos: 0 | 1;
  readonly canRetain: boolean;
}

export function grantOf({ sessionPresent, properties = {} }: IConnackPacket): Grant {
  return {
    hasSession: sessionPresent,
    receiveMaximum: properties.receiveMaximum ?? 0xffff,
    maxPacketBytes: properties.maximumPacketSize ?? Number.POSITIVE_INFINITY,
    maxQos: properties.maximumQoS === 0 ? 0 : 1,
    canRetain: properties.retainAvailable ?? true,
  };
}
