import { vi } from 'vitest';
import { type BusLinkOptions, type MqttBusLink, openBusLink } from '../../../src/bus/index.ts';
import { type Scope, silentLog } from '../../../src/kernel/index.ts';
import { type Broker, mqttClient } from '../../support/broker.ts';

export const deadline = { timeout: 10_000, interval: 5 };

/** A link that has started, and ends with the scope. */
export function openedLink(
  scope: Scope,
  url: string,
  options: Partial<BusLinkOptions> = {},
): MqttBusLink {
  const link = scope.use(
    openBusLink({ url, clientId: 'ioc', log: silentLog, ...options }, scope.signal),
  );
  link.start();
  return link;
}

export function connected(link: MqttBusLink): Promise<void> {
  return vi.waitFor(() => {
    if (!link.isConnected) throw new Error(`not connected: ${link.status.text}`);
  }, deadline);
}

export function status(link: MqttBusLink, wanted: RegExp): Promise<void> {
  return vi.waitFor(() => {
    if (!wanted.test(link.status.text)) throw new Error(`status is: ${link.status.text}`);
  }, deadline);
}

/** A message as somebody else heard it; repeated by the broker, not by us. */
export interface Seen {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  readonly isRepeated: boolean;
}

/** Payloads that somebody else hears, who is remembered by the broker when it goes. */
export async function listener(scope: Scope, broker: Broker, filter = '#') {
  const options = { clientId: 'listener', clean: false, reconnectPeriod: 20 };
  const client = await mqttClient(scope, broker, options);
  const seen: Seen[] = [];
  client.on('error', () => {});
  client.on('message', (topic, payload, { retain, dup }) => {
    seen.push({ topic, payload: payload.toString(), retain, isRepeated: dup });
  });
  await client.subscribeAsync(filter, { qos: 1 });
  return { client, seen, payloads: () => seen.map(({ payload }) => payload) };
}
