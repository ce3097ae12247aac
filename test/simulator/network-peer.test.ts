import { describe, expect, it, vi } from 'vitest';
import {
  type AdsClient,
  amsNetId,
  amsPort,
  connectAds,
  type Notification,
  parsePeerInfo,
  readBytes,
  readState,
  subscribe,
  TransmissionMode,
} from '../../src/ads/index.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { type Simulator, simulate } from '../../src/simulator/index.ts';
import { aedesBroker, type Broker, mqttClient } from '../support/broker.ts';
import { at, hex } from './support/peer.ts';
import { chain, definitions, MASTER, SYSTEM } from './support/plant.ts';

const NETWORK = 'VirtualAmsNetwork1';
const io = at(SYSTEM, 300);
const symbols = at(SYSTEM, 27905);
const change = { group: 0xf030, offset: 0, length: 1, maxDelay: 0, cycleTime: 0 };

async function plantOn(scope: Scope, { url }: Broker): Promise<Simulator> {
  const options = { port: 0, log: silentLog, mqtt: { url, topic: NETWORK } };
  return scope.use(await simulate(chain, definitions, options));
}

async function clientOn(scope: Scope, { url }: Broker, netId: string): Promise<AdsClient> {
  const source = { netId: amsNetId(netId), port: amsPort(30000) };
  const transport = { kind: 'mqtt', url, topic: NETWORK } as const;
  return scope.use(await connectAds({ transport, source, log: silentLog }));
}

const watch = (client: AdsClient) =>
  subscribe(client, symbols, { ...change, mode: TransmissionMode.serverCycle });

describe('a plant on a virtual AMS network', () => {
  it('answers for the system and for the masters behind it', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    await plantOn(scope, broker);
    const client = await clientOn(scope, broker, '9.9.9.9.1.1');
    expect((await client.invoke(readState, io, undefined)).adsState).toBe(5);
    const place = { group: 7, offset: 0, length: 10 };
    const addresses = await readBytes(client, at(MASTER, 65535), place);
    expect(hex(addresses)).toBe('e9 03 ea 03 eb 03 ec 03 ed 03');
  });

  it('says that it is there, and leaves word when it goes', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const watcher = await mqttClient(scope, broker);
    const online: (boolean | undefined)[] = [];
    watcher.on('message', (_, payload) => online.push(parsePeerInfo(payload)?.online));
    await watcher.subscribeAsync(`${NETWORK}/${SYSTEM}/info`);
    const plant = await plantOn(scope, broker);
    await vi.waitFor(() => expect(online).toEqual([true]));
    await plant[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(online).toEqual([true, false]));
  });

  it('notifies each client, and forgets the handles of one that goes', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const plant = await plantOn(scope, broker);
    const [stays, goes] = [
      await clientOn(scope, broker, '9.9.9.9.1.1'),
      await clientOn(scope, broker, '8.8.8.8.1.1'),
    ];
    let samples = 0;
    stays.notifications$.subscribe((_: Notification) => samples++);
    await watch(stays);
    await watch(goes);
    expect(plant.counters.notificationHandles).toBe(2);
    await goes[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(plant.counters.notificationHandles).toBe(1));
    const before = samples;
    await vi.waitFor(() => expect(samples).toBeGreaterThan(before + 2));
  });

  it('goes offline and comes back with a restart', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const plant = await plantOn(scope, broker);
    const client = await clientOn(scope, broker, '9.9.9.9.1.1');
    await watch(client);
    await plant.faults.restart();
    expect(plant.counters.notificationHandles).toBe(0);
    expect(await client.ended).toMatchObject({ kind: 'lost' });
    const again = await clientOn(scope, broker, '9.9.9.9.1.1');
    expect((await again.invoke(readState, io, undefined)).adsState).toBe(5);
  });

  it('joins again when the broker lost it', async () => {
    await using scope = new Scope();
    const links: { close(): void }[] = [];
    const broker = await aedesBroker(scope, (aedes) => aedes.on('client', (c) => links.push(c)));
    const plant = await plantOn(scope, broker);
    await watch(await clientOn(scope, broker, '9.9.9.9.1.1'));
    for (const link of links.splice(0)) link.close();
    await vi.waitFor(() => expect(plant.counters.notificationHandles).toBe(0));
    const answered = async () => {
      await using again = new Scope();
      const client = await clientOn(again, broker, '9.9.9.9.1.1');
      const { adsState } = await client.invoke(readState, io, undefined, { timeoutMs: 300 });
      expect(adsState).toBe(5);
    };
    await vi.waitFor(answered, { timeout: 10_000 });
  });

  it('says when there is no broker', async () => {
    const mqtt = { url: 'mqtt://127.0.0.1:1', topic: NETWORK };
    const options = { port: 0, log: silentLog, mqtt };
    await expect(simulate(chain, definitions, options)).rejects.toThrow('mqtt://127.0.0.1:1');
  });
});
