import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  amsNetId,
  amsPort,
  connectAds,
  scanNotifications,
  subscribe,
  TransmissionMode,
  writeBytes,
} from '../../src/ads/index.ts';
import {
  loadChain,
  loadTerminalDefinitions,
  shippedConfig,
  shippedTerminals,
} from '../../src/config/index.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { simulate } from '../../src/simulator/index.ts';
import { discoverPlant, IoServer } from '../../src/twincat/index.ts';

const chain = loadChain(join(shippedConfig, 'chains/cx7000-22.yaml'));
const definitions = loadTerminalDefinitions([shippedTerminals]);

async function open(scope: Scope, timeoutMs = 5000) {
  const plant = scope.use(await simulate(chain, definitions, { port: 0, log: silentLog }));
  const client = scope.use(
    await connectAds(
      {
        transport: { kind: 'tcp', host: '127.0.0.1', port: plant.port },
        source: { port: amsPort(8000) },
        timeoutMs,
        log: silentLog,
      },
      scope.signal,
    ),
  );
  const io = new IoServer(client, amsNetId(chain.systemNetId));
  const symbolPort = amsPort(chain.symbolPort);
  return { plant, client, io, options: { symbolPort, log: silentLog } };
}

describe('the simulated plant over TCP', () => {
  it('is discovered as its chain describes it', async () => {
    await using scope = new Scope();
    const { io, options } = await open(scope);
    const facts = await discoverPlant(io, options, scope.signal);
    expect(facts.server).toMatchObject({ name: 'I/O Server', build: 2103 });
    expect(facts.devices.map(({ name }) => name)).toEqual(['Device 1 (EtherCAT)']);
    const described = chain.devices[0]?.slaves.map((s) => `${s.address} ${s.type} ${s.name}`);
    const found = facts.devices[0]?.slaves.map((s) => `${s.address} ${s.type} ${s.name}`);
    expect(found).toEqual(described);
    expect(found?.length).toBe(22);
    expect(facts.devices[0]?.slaves[0]?.identity.vendor).toBe(2);
    expect(facts.symbols.length).toBeGreaterThan(22);
  });

  it('sends samples of what is written to it', async () => {
    await using scope = new Scope();
    const { client, io, options } = await open(scope);
    const symbols = await io.symbols(options.symbolPort);
    const output = symbols.find(({ name }) => name === 'Term 12 (EL2024-0010).Channel 3');
    if (!output) throw new Error('no such output');
    const target = { netId: io.systemNetId, port: options.symbolPort };
    const seen: string[] = [];
    client.notifications$.subscribe(({ source, payload }) => {
      expect(source).toEqual(target);
      scanNotifications(payload, {
        stamp: () => {},
        sample: (handle, bytes, at, length) => void seen.push(`${handle} ${length} ${bytes[at]}`),
      });
    });
    const { group, offset } = output;
    const mode = TransmissionMode.serverOnChange;
    const request = { group, offset, length: 1, mode, maxDelay: 0, cycleTime: 100_000 };
    const handle = await subscribe(client, target, request);
    await vi.waitFor(() => expect(seen).toEqual([`${handle} 1 0`]), 5000);
    await writeBytes(client, target, output, Uint8Array.of(1));
    await vi.waitFor(() => expect(seen).toEqual([`${handle} 1 0`, `${handle} 1 1`]), 5000);
  });

  it('that falls silent fails requests after their time, and one that hangs up at once', async () => {
    await using scope = new Scope();
    const { plant, client, io } = await open(scope, 100);
    plant.faults.stopAnswering();
    await expect(io.state()).rejects.toMatchObject({ code: 'ads/timeout' });
    const lost = expect(io.state()).rejects.toMatchObject({ code: 'ads/ended' });
    plant.faults.disconnectAll();
    await lost;
    expect((await client.ended).kind).toBe('lost');
  });
});
