/** Bytes of a PUBLISH packet (MQTT 3.1.1, section 3.3). */
export function publishBytes(topicBytes: number, payloadBytes: number, qos: 0 | 1): number {
  const rest = 2 + topicBytes + (qos > 0 ? 2 : 0) + payloadBytes;
  // Seven bits of the remaining length in each byte.
  const lengthBytes = rest < 128 ? 1 : rest < 16_384 ? 2 : rest < 2_097_152 ? 3 : 4;
  return 1 + lengthBytes + rest;
}
