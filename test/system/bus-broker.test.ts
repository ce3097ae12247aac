import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { greeting } from '../../src/cli/greeting.ts';
import { loadConfig } from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { hasMosquitto, mosquitto } from '../support/broker.ts';
import { demoConfig, onlyPlant, temporaryFile } from '../support/demo-ioc.ts';
import { hasMosquittoClients, mosquittoPub, mosquittoSub } from '../support/mosquitto-clients.ts';
import { watchedIoc } from '../support/watched-ioc.ts';

const config = `${demoConfig}
bus:
  broker:
    listeners: [{ port: 0 }]
    limits: { clients: 3 }
`;
const CONNECTED = 3;

describe.skipIf(!hasMosquitto || !hasMosquittoClients)('an IOC with an embedded broker', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const until = (condition: () => boolean) =>
    vi.waitFor(() => expect(condition()).toBe(true), { timeout: 12_000, interval: 5 });

  it('is connected with it, and tells of it as PVs', async () => {
    const ioc = await watchedIoc(scope, config);
    await until(() => ioc.read('T:IOC:BusState') === CONNECTED);
    const port = Number(new URL(ioc.bus?.urls[0] ?? '').port);
    const sub = await mosquittoSub(scope, { port }, ['a/#']);
    await mosquittoPub({ port }, 'a/b', 'x', ['-q', '1']);
    await until(() => sub.on('a/b').length === 1);
    await until(() => ioc.read('T:IOC:BrokerClients') === 1);
    await until(() => Number(ioc.read('T:IOC:BrokerReceived')) > 0);
  });

  it('shows its twin to mosquitto_sub', async () => {
    const ioc = await watchedIoc(scope, config);
    const port = Number(new URL(ioc.bus?.urls[0] ?? '').port);
    const sub = await mosquittoSub(scope, { port }, ['te/#'], ['-q', '1']);
    const registered = () =>
      sub.seen.filter(({ payload }) => payload.includes('"@type":"child-device"'));
    // The server, its master, and each slave.
    await until(() => new Set(registered().map(({ topic }) => topic)).size === 24);
    await until(() => sub.seen.some(({ topic }) => /\/m\//.test(topic)));
  });

  it('carries its twin to another broker, as a bridge is told', async () => {
    const far = await mosquitto(scope, 'allow_anonymous true');
    const bridge = `    - { name: far, url: '${far.url}', rules: [{ topics: ['#'], direction: out, local: te/, remote: bl07/te/ }] }`;
    const ioc = await watchedIoc(scope, `${config}  bridges:\n${bridge}\n`);
    const sub = await mosquittoSub(scope, far, ['bl07/te/#'], ['-q', '1']);
    const devices = () => sub.seen.filter(({ payload }) => payload.includes('child-device'));
    await until(() => new Set(devices().map(({ topic }) => topic)).size === 24);
    await until(() => ioc.read('T:IOC:BridgeFarState') === CONNECTED);
    await until(() => Number(ioc.read('T:IOC:BridgeFarOut')) > 24);
  });

  it('says how to look at it', async () => {
    const ioc = await watchedIoc(scope, config);
    const settings = loadConfig(temporaryFile(scope, 'ioc.yaml', config));
    const summary = { devices: 1, slaves: 22, records: 100, milliseconds: 1 };
    const port = new URL(ioc.bus?.urls[0] ?? '').port;
    expect(greeting(settings, 'demo.yaml', ioc, onlyPlant(ioc), summary)).toContain(
      `MQTT: the embedded broker on port ${port}\n  mosquitto_sub -p ${port} -t 'te/#' -v`,
    );
  });
});
