import type { Publication } from '../message.ts';

/**
 * Seconds that a message to another device may take. A broker that is lost is noticed late; what was
 * on its way then must not switch anything when it is back.
 */
const EXPIRY_S = 10;

/** A message to another device. What is retained is a state, which counts whenever it arrives. */
export function foreign(topic: string, payload: string, qos: 0 | 1, retain: boolean): Publication {
  const message = { topic, payload, qos, retain };
  return retain
    ? { ...message, delivery: 'state' }
    : { ...message, delivery: 'event', expiry: EXPIRY_S };
}
