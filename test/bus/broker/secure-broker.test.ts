import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { BrokerOptions } from '../../../src/bus/index.ts';
import { Scope } from '../../../src/kernel/index.ts';
import { brokerCert, brokerKey, ca, iocCert, iocKey } from '../../ads/certificates.ts';
import { mqttClient } from '../../support/broker.ts';
import { anyPort, embeddedBroker } from '../../support/embedded-broker.ts';

const tls = { cert: brokerCert, key: brokerKey };
const asIoc = { ca, cert: iocCert, key: iocKey, servername: 'localhost' };
const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 5000, interval: 5 });

describe('doors of the embedded broker', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const brokerWith = (
    listener: Partial<BrokerOptions['listeners'][number]>,
    rest: Partial<BrokerOptions> = {},
  ) => embeddedBroker(scope, { listeners: [{ ...anyPort, ...listener }], ...rest });

  it('with TLS show a certificate', async () => {
    const broker = await brokerWith({ tls });
    expect(broker.url).toMatch(/^mqtts:/);
    const client = await mqttClient(scope, broker, { ca, servername: 'localhost' });
    await client.publishAsync('a', 'x', { qos: 1 });
    await until(() => broker.counters.received === 1);
    await expect(mqttClient(scope, broker, { ca })).rejects.toThrow();
  });

  it('that ask for certificates let nobody in without one', async () => {
    const broker = await brokerWith({ tls: { ...tls, ca: [ca] } });
    await mqttClient(scope, broker, asIoc);
    const other = connectTls({ port: broker.port, host: '127.0.0.1', ca, servername: 'localhost' });
    const end = new Promise((resolve) => other.on('error', resolve));
    await end;
    expect(broker.broker.sizes.clients).toBe(1);
  });

  it('that know users by their certificates give them the rights of that name', async () => {
    const users = [{ name: 'ioc', publish: ['te/#'], subscribe: [] }];
    const door = { tls: { ...tls, ca: [ca], namesUsers: true } };
    const broker = await brokerWith(door, { users, anonymous: undefined });
    // Whatever else it says.
    const client = await mqttClient(scope, broker, { ...asIoc, username: 'root', password: 'x' });
    await client.publishAsync('te/a', 'x', { qos: 1 });
    expect(broker.counters.denied).toBe(0);
    await client.publishAsync('other', 'x', { qos: 1 });
    await until(() => broker.counters.denied === 1);
  });

  it('that know users by their certificates refuse names that nobody has', async () => {
    const users = [{ name: 'somebody', publish: ['#'], subscribe: [] }];
    const door = { tls: { ...tls, ca: [ca], namesUsers: true } };
    const broker = await brokerWith(door, { users, anonymous: undefined });
    await expect(mqttClient(scope, broker, asIoc)).rejects.toThrow(/username/);
  });

  it('for WebSockets speak MQTT at their path', async () => {
    const broker = await brokerWith({ kind: 'ws' });
    expect(broker.url).toMatch(/^ws:.*\/mqtt$/);
    const client = await mqttClient(scope, broker);
    const seen: string[] = [];
    client.on('message', (_topic, payload) => seen.push(String(payload)));
    await client.subscribeAsync('a', { qos: 1 });
    await client.publishAsync('a', 'y'.repeat(200_000), { qos: 1 });
    await until(() => seen[0]?.length === 200_000);
  });

  it('for WebSockets let in no web page that nobody named', async () => {
    const broker = await brokerWith({ kind: 'ws', origins: ['https://panel.example'] });
    const outcome = (origin: string, url = broker.url) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url, 'mqtt', { origin });
        scope.defer(() => socket.terminate());
        socket.on('open', () => resolve('open'));
        socket.on('error', (error) => resolve(error.message));
      });
    expect(await outcome('https://evil.example')).toContain('401');
    expect(await outcome('https://panel.example')).toBe('open');
    const elsewhere = broker.url.replace('/mqtt', '/other');
    expect(await outcome('https://panel.example', elsewhere)).toContain('400');
  });
});
