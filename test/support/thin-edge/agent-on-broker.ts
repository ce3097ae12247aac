import type { Scope } from '../../../src/kernel/index.ts';
import { type Broker, mqttClient } from '../broker.ts';
import { demoConfig } from '../demo-ioc.ts';
import type { ModelAgent } from './agent.ts';

/** Quick, so that a test sees several periods of everything. */
export function configOf(url: string, more = ''): string {
  return `${demoConfig}
bus:
  url: ${url}
  keepAlive: 2
  thinEdge:
    acceptDelay: 0.05
    measurements: { io: { period: 0.1 }, diag: { period: 0.2 }, runtime: { period: 0.2 } }
    alarms: { onDelay: 0.2, offDelay: 0.2 }
${more}`;
}

/** The agent sees messages as they were published, with their flags (MQTT 5: retain as published). */
export async function listen(scope: Scope, broker: Broker, agent: ModelAgent): Promise<void> {
  const client = await mqttClient(scope, broker, { protocolVersion: 5 });
  client.on('message', (topic, payload, { retain, qos }) => {
    agent.hear({ topic, payload: payload.toString(), retain, qos });
  });
  await client.subscribeAsync('te/#', { qos: 1, rap: true });
}
