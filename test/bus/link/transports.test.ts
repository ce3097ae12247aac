import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../../src/kernel/index.ts';
import { brokerCert, brokerKey, ca } from '../../ads/certificates.ts';
import { aedesBroker, aedesWebBroker, mqttClient } from '../../support/broker.ts';
import { connected, deadline, listener, openedLink } from './opened.ts';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

describe('a link in WebSockets', () => {
  it('is as good as one over TCP', async () => {
    const broker = await aedesWebBroker(scope);
    const link = openedLink(scope, broker.url);
    await connected(link);
    const client = await mqttClient(scope, broker);
    const seen: string[] = [];
    client.on('message', (_, payload) => seen.push(String(payload)));
    await client.subscribeAsync('a/#');
    link.publish({ topic: 'a/1', payload: 'x'.repeat(100_000), delivery: 'event' });
    link.publish({ topic: 'a/2', payload: 'y', delivery: 'telemetry' });
    await vi.waitFor(() => expect(seen).toHaveLength(2), deadline);
    expect(seen.map(({ length }) => length).sort()).toEqual([1, 100_000]);
    await link[Symbol.asyncDispose]();
  });

  it('may be over TLS', async () => {
    const { port } = await aedesWebBroker(scope, { cert: brokerCert, key: brokerKey });
    await connected(openedLink(scope, `wss://localhost:${port}/mqtt`, { tls: { ca } }));
  });
});

describe('a link with a journal', () => {
  it('sends what the last process could not, and then keeps it no longer', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-link-'));
    scope.defer(() => rmSync(folder, { recursive: true }));
    const journal = join(folder, 'ioc.outbox');
    const event = { topic: 'e', delivery: 'event', isDurable: true } as const;
    const before = openedLink(scope, 'mqtt://127.0.0.1:1', { journal });
    before.publish({ ...event, payload: '1' });
    before.publish({ ...event, payload: '2', retain: true });
    before.publish({ topic: 'e', payload: 'not durable', delivery: 'event' });
    await before[Symbol.asyncDispose]();
    const broker = await aedesBroker(scope);
    const { payloads, seen } = await listener(scope, broker);
    const after = openedLink(scope, broker.url, { journal });
    after.publish({ ...event, payload: '3' });
    await vi.waitFor(() => expect(payloads()).toEqual(['1', '2', '3']), deadline);
    await after.flushed();
    expect(after.journal?.messages).toBe(0);
    await after[Symbol.asyncDispose]();
    expect(openedLink(scope, broker.url, { journal }).journal?.left).toEqual([]);
    expect(readFileSync(journal).length).toBeLessThan(1000);
    expect(seen).toHaveLength(3);
  });
});
