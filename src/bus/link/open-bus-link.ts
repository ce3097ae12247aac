import { MqttBusLink } from './mqtt-bus-link.ts';
import type { BusLinkOptions } from './options.ts';

/**
 * A link to a broker that lives through every outage, once `start` was called, until it is disposed
 * of; what was published before then leaves first, if it can within 2 s. When the signal fires a
 * link that is not connected gives up. Throws `mqtt/url` for what is no broker's
 * address, `bus/journal` when the file of the journal cannot be used.
 */
export function openBusLink(options: BusLinkOptions, signal: AbortSignal): MqttBusLink {
  return new MqttBusLink(options, signal);
}
