import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../../src/kernel/index.ts';
import { brokerCert, brokerKey, ca } from '../../ads/certificates.ts';
import { aedesBroker, aedesWebBroker, mqttClient } from '../../support/broker.ts';
import { connected, deadline, listener, openedLink, status } from './opened.ts';

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

describe('a link over TLS', () => {
  it('agrees on a protocol with who asks for one, as brokers on port 443 do', async () => {
    const { aedes } = await aedesBroker(scope);
    const agreed: (string | false | null)[] = [];
    const secrets = { cert: brokerCert, key: brokerKey, ALPNProtocols: ['mqtt'] };
    const server = createServer(secrets, (socket) => {
      agreed.push(socket.alpnProtocol);
      aedes.handle(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    scope.defer(() => void server.close());
    const url = `mqtts://localhost:${(server.address() as AddressInfo).port}`;
    await connected(openedLink(scope, url, { tls: { ca, alpn: ['x-amzn-mqtt-ca', 'mqtt'] } }));
    expect(agreed).toEqual(['mqtt']);
    const stranger = openedLink(scope, url, { clientId: 'b', tls: { ca, alpn: ['h2'] } });
    await status(stranger, /TLS: it takes none of the protocols of bus\.tls\.alpn/);
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
