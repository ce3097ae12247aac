import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { type Broker, hasMosquitto, mosquitto } from '../support/broker.ts';
import { demoConfig, demoIoc } from '../support/demo-ioc.ts';
import {
  hasMosquittoClients,
  mosquittoPub,
  mosquittoSub,
  type Subscriber,
} from '../support/mosquitto-clients.ts';

const eventually = <T>(check: () => T) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

describe.skipIf(!hasMosquitto || !hasMosquittoClients)('an IOC that is the main device', () => {
  let scope: Scope;
  let broker: Broker;
  let sub: Subscriber;
  let http: string;

  beforeEach(async () => {
    scope = new Scope();
    broker = (await mosquitto(scope, 'allow_anonymous true')).plain;
    const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-main-'));
    scope.defer(() => rmSync(folder, { recursive: true }));
    const files = `files: { service: { port: 0, folder: ${folder} } }`;
    sub = await mosquittoSub(scope, broker, ['te/#']);
    await demoIoc(
      scope,
      `${demoConfig}bus: { url: '${broker.url}', thinEdge: { role: main }, ${files} }\n`,
    );
    http = await eventually(() => {
      const told = sub.on('te/device/main/service/T/twin/endpoints').at(-1);
      const url: unknown = JSON.parse(told ?? '{}').http;
      if (typeof url !== 'string') throw new Error(`the twin has ${told}`);
      return url;
    });
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const api = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
    const answer = await fetch(`${http}/te/v1/${path}`, { method, ...sent });
    const text = await answer.text();
    return [answer.status, text === '' ? undefined : JSON.parse(text)] as const;
  };

  it('tells over HTTP of what it registered on the bus', async () => {
    await vi.waitFor(
      async () => {
        const [, list] = await api('GET', 'entities?parent=device/T_ETH1//');
        expect(list.map((each: { '@topic-id': string }) => each['@topic-id'])).toContain(
          'device/T_ETH1_RIO1//',
        );
      },
      { timeout: 15_000, interval: 50 },
    );
    expect(await api('GET', 'entities/device/main')).toMatchObject([200, { '@type': 'device' }]);
    expect(await api('DELETE', 'entities/device/T_ETH1')).toMatchObject([409, {}]);
  });

  it('registers others, and removes them with what the broker keeps of them', async () => {
    const guest = { '@topic-id': 'device/guest//', '@type': 'child-device' };
    await vi.waitFor(
      async () => {
        expect((await api('POST', 'entities', { ...guest, name: 'Guest' }))[0]).toBe(201);
      },
      { timeout: 15_000, interval: 50 },
    );
    expect((await api('POST', 'entities', guest))[0]).toBe(409);
    await eventually(() => expect(sub.on('te/device/guest///twin/name')).toEqual(['"Guest"']));
    await mosquittoPub(broker, 'te/device/guest///a/hot', '{"severity":"major"}', [
      '-r',
      '-q',
      '1',
    ]);
    await mosquittoPub(broker, 'te/device/guest///twin/place', '"hall"', ['-r', '-q', '1']);
    await vi.waitFor(
      async () => {
        const twin = { name: 'Guest', place: 'hall' };
        expect(await api('GET', 'entities/device/guest/twin')).toEqual([200, twin]);
      },
      { timeout: 15_000, interval: 20 },
    );
    const gone = [{ '@topic-id': 'device/guest//' }];
    expect(await api('DELETE', 'entities/device/guest')).toEqual([200, gone]);
    await eventually(() => {
      for (const topic of ['', '/a/hot', '/twin/name', '/twin/place']) {
        expect(sub.on(`te/device/guest//${topic}`).at(-1), topic).toBe('');
      }
    });
    const later = await mosquittoSub(scope, broker, ['te/device/guest/#']);
    await mosquittoPub(broker, 'te/device/guest/end', 'x');
    await eventually(() => expect(later.seen.map(({ payload }) => payload)).toEqual(['x']));
  });

  it('registers who does it over MQTT, too', async () => {
    const registration = '{"@type":"child-device","@parent":"device/main//","name":"Guest"}';
    await mosquittoPub(broker, 'te/device/guest//', registration, ['-r', '-q', '1']);
    await vi.waitFor(
      async () => {
        expect(await api('GET', 'entities/device/guest/twin/name')).toEqual([200, 'Guest']);
      },
      { timeout: 15_000, interval: 50 },
    );
    await eventually(() => expect(sub.on('te/device/guest///twin/name')).toEqual(['"Guest"']));
  });

  it('keeps files', async () => {
    const file = `${http}/te/v1/files/guest/log_upload/ioc-1`;
    expect((await fetch(file, { method: 'PUT', body: 'lines' })).status).toBe(201);
    expect(await (await fetch(file)).text()).toBe('lines');
    expect((await fetch(file, { method: 'DELETE' })).status).toBe(202);
    expect((await fetch(file)).status).toBe(404);
  });
});
