import { Client } from 'ads-client';
import { describe, expect, it, vi } from 'vitest';
import {
  loadChain,
  loadTerminalDefinitions,
  shippedConfig,
  shippedTerminals,
} from '../../src/config/index.ts';
import { silentLog } from '../../src/kernel/index.ts';
import { type Simulator, simulate, symbolTable } from '../../src/simulator/index.ts';

// Jussi Isotalo's ads-client knows nothing of this project: what it believes is a TwinCAT system is one.

const plant = loadChain(`${shippedConfig}/chains/cx7000-22.yaml`);
const definitions = loadTerminalDefinitions([shippedTerminals]);

const table = symbolTable(plant, definitions);
const STILL = 'Term 5 (EL3104).AI Standard Channel 3';
const OUTPUT = 'Term 12 (EL2024-0010).Channel 3';
const ANALOGUE = 'Term 11 (EL4134).AO Output Channel 3';

/** Where the first two analogue outputs lie. */
const places = [1, 2].map((channel) => {
  const symbol = table.find(({ name }) => name === `Term 11 (EL4134).AO Output Channel ${channel}`);
  return { indexGroup: symbol?.group ?? 0, indexOffset: symbol?.offset ?? 0, size: 2 };
});

interface Setup extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly client: Client;
}

async function connected(rawClient: boolean): Promise<Setup> {
  const simulator = await simulate(plant, definitions, { port: 0, log: silentLog });
  const client = new Client({
    targetAmsNetId: plant.systemNetId,
    targetAdsPort: plant.symbolPort,
    routerAddress: '127.0.0.1',
    routerTcpPort: simulator.port,
    localAmsNetId: '192.168.1.10.1.1',
    localAdsPort: 32750,
    rawClient,
    autoReconnect: false,
    hideConsoleWarnings: true,
  });
  await client.connect();
  return {
    simulator,
    client,
    async [Symbol.asyncDispose]() {
      await client.disconnect();
      await simulator[Symbol.asyncDispose]();
    },
  };
}

describe('ads-client, raw', () => {
  it('reads who and how the I/O server is', async () => {
    await using setup = await connected(true);
    const info = await setup.client.readDeviceInfo({ adsPort: 300 });
    expect(info).toMatchObject({ deviceName: 'I/O Server', majorVersion: 3, versionBuild: 2103 });
    const state = await setup.client.readState({ adsPort: 300 });
    expect(state).toMatchObject({ adsStateStr: 'Run', deviceState: 0 });
  });

  it('reads and writes by group and offset', async () => {
    await using setup = await connected(true);
    const { client, simulator } = setup;
    expect((await client.readRaw(0x5000, 2, 4, { adsPort: 300 })).readUInt32LE()).toBe(1);
    const { indexGroup = 0, indexOffset = 0 } = places[0] ?? {};
    await client.writeRaw(indexGroup, indexOffset, Buffer.from([0x39, 0x30]));
    expect((await client.readRaw(indexGroup, indexOffset, 2)).readInt16LE()).toBe(12345);
    expect(simulator.read('Term 11 (EL4134).AO Output Channel 1.Analog output')).toBe(12345);
  });

  it('learns the error of a group that is not there', async () => {
    await using setup = await connected(true);
    await expect(setup.client.readRaw(0x4020, 0, 1)).rejects.toMatchObject({
      adsError: { errorCode: 0x702 },
    });
    await expect(setup.client.readRaw(0x4020, 0, 1, { adsPort: 851 })).rejects.toThrow();
  });

  it('reads CoE objects of a slave', async () => {
    await using setup = await connected(true);
    const target = { amsNetId: plant.devices[0]?.netId ?? '', adsPort: 1004 };
    const name = await setup.client.readRaw(0xf302, 0x1008_0000, 32, target);
    expect(name.toString()).toBe('EL3104');
  });
});

describe('ads-client on the same machine', () => {
  it('gets its address from the router', async () => {
    await using simulator = await simulate(plant, definitions, { port: 0, log: silentLog });
    const client = new Client({
      targetAmsNetId: 'localhost',
      targetAdsPort: plant.symbolPort,
      routerTcpPort: simulator.port,
      autoReconnect: false,
      hideConsoleWarnings: true,
    });
    const connection = await client.connect();
    expect(connection).toMatchObject({ localAmsNetId: plant.systemNetId, localAdsPort: 0x8000 });
    expect((await client.readValue(`${STILL}.Value`)).value).toBe(8192);
    await client.disconnect();
  });
});

describe('ads-client, as if to a PLC', () => {
  it('connects, with system state, symbol version and upload info', async () => {
    await using setup = await connected(false);
    expect(setup.client.metaData).toMatchObject({
      plcSymbolVersion: 1,
      plcUploadInfo: { symbolCount: table.length },
      tcSystemState: { adsStateStr: 'Run' },
    });
  });

  it('uploads the symbols and the data types', async () => {
    await using setup = await connected(false);
    const symbols = await setup.client.getSymbols();
    expect(Object.keys(symbols)).toHaveLength(table.length);
    expect(symbols[STILL.toLowerCase()]).toMatchObject({ size: 4, adsDataType: 65 });
    const types = await setup.client.getDataTypes();
    expect(types['ai standard channel 1_type']?.subItems.map(({ name }) => name)).toEqual([
      'Status',
      'Value',
    ]);
  });

  it('reads a structure by name, with its members', async () => {
    await using setup = await connected(false);
    const { value } = await setup.client.readValue(STILL);
    expect(value).toMatchObject({ Value: 8192 });
  });

  it('reads an array inside a structure', async () => {
    await using setup = await connected(false);
    const { value } = await setup.client.readValue<{ Samples: number[] }>(
      'Term 8 (ELM3704-0000).PAI Samples16 50 Channel 1',
    );
    expect(value.Samples).toHaveLength(50);
  });

  it('reads a member by its path', async () => {
    await using setup = await connected(false);
    expect((await setup.client.readValue(`${STILL}.Value`)).value).toBe(8192);
  });

  it('writes a digital and an analogue output by name, and reads them back', async () => {
    await using setup = await connected(false);
    const { client, simulator } = setup;
    expect((await client.readValue(OUTPUT)).value).toBe(false);
    await client.writeValue(OUTPUT, true);
    expect((await client.readValue(OUTPUT)).value).toBe(true);
    expect(simulator.read(OUTPUT)).toBe(1);
    await client.writeValue(ANALOGUE, { 'Analog output': -123 });
    expect((await client.readValue(`${ANALOGUE}.Analog output`)).value).toBe(-123);
  });

  it('uses handles of variables', async () => {
    await using setup = await connected(false);
    const handle = await setup.client.createVariableHandle(OUTPUT);
    await setup.client.writeRawByHandle(handle, Buffer.from([1]));
    expect((await setup.client.readRawByHandle(handle))[0]).toBe(1);
    await setup.client.deleteVariableHandle(handle);
    await expect(setup.client.readRawByHandle(handle)).rejects.toMatchObject({
      adsError: { errorCode: 0x710 },
    });
  });

  it('is told of changes, and of nothing else', async () => {
    await using setup = await connected(false);
    const { client, simulator } = setup;
    const seen: unknown[] = [];
    const subscription = await client.subscribeValue(OUTPUT, ({ value }) => seen.push(value), 10);
    await vi.waitFor(() => expect(seen).toEqual([false]));
    simulator.write(OUTPUT, 1);
    await vi.waitFor(() => expect(seen).toEqual([false, true]));
    const { cycles } = simulator.counters;
    await vi.waitFor(() => expect(simulator.counters.cycles).toBeGreaterThan(cycles + 5));
    expect(seen).toEqual([false, true]);
    await subscription.unsubscribe();
  });

  it('is told every cycle, with the time of the sample', async () => {
    await using setup = await connected(false);
    const times: number[] = [];
    const subscription = await setup.client.subscribeValue(
      `${STILL}.Value`,
      ({ value, timestamp }) => {
        expect(value).toBe(8192);
        times.push(timestamp.getTime());
      },
      10,
      false,
    );
    await vi.waitFor(() => expect(times.length).toBeGreaterThan(10));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.abs(Date.now() - (times.at(-1) ?? 0))).toBeLessThan(5000);
    await subscription.unsubscribe();
  });

  it('reads and writes many at once', async () => {
    await using setup = await connected(false);
    const writes = places.map((place, i) => ({ ...place, value: Buffer.from([i + 1, 0]) }));
    const written = await setup.client.writeRawMulti(writes);
    expect(written.map(({ success }) => success)).toEqual([true, true]);
    const read = await setup.client.readRawMulti(places);
    expect(read.map(({ value }) => value?.readUInt16LE())).toEqual([1, 2]);
  });

  it('learns that a symbol is not there', async () => {
    await using setup = await connected(false);
    await expect(setup.client.readValue('Term 99.Nothing')).rejects.toMatchObject({
      adsError: { errorCode: 0x710 },
    });
  });
});
