import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  amsNetId,
  amsPort,
  connectAds,
  readBytes,
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
import { type Chain, type Datatype, decodeValue, u16, walk } from '../../src/model/index.ts';
import { type SimulatorOptions, simulate } from '../../src/simulator/index.ts';
import { buildTree, discoverPlant, IoServer, type PlantTree } from '../../src/twincat/index.ts';

const chain = loadChain(join(shippedConfig, 'chains/cx7000-22.yaml'));
const definitions = loadTerminalDefinitions([shippedTerminals]);

/** The first device, and one with its last two terminals under other names. */
function twoMasters(): Chain {
  const [first] = chain.devices;
  if (!first) throw new Error('the chain has no device');
  const slaves = first.slaves.slice(-2).map((each, i) => ({
    ...each,
    name: `Other ${i} (${each.type})`,
    address: 2001 + i,
  }));
  const netId = first.netId.replace(/\d+\.1$/, '9.1');
  const second = { ...first, id: 2, name: 'Device 2 (EtherCAT)', netId, slaves };
  return { ...chain, devices: [first, second] };
}

type Given = Partial<SimulatorOptions> & { readonly timeoutMs?: number };

async function open(scope: Scope, { timeoutMs = 5000, ...given }: Given = {}, described = chain) {
  const options = { port: 0, log: silentLog, ...given };
  const plant = scope.use(await simulate(described, definitions, options));
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
    expect(facts.devices[0]?.hasDcStatistics).toBe(true);
  });

  it('has the same values without any definition, typed by its own data types', async () => {
    await using scope = new Scope();
    const { io, options } = await open(scope);
    const facts = await discoverPlant(io, options, scope.signal);
    expect(facts.dataTypes.length).toBeGreaterThan(5);
    const bare = regions(buildTree(facts, new Map()));
    const defined = regions(buildTree(facts, definitions));
    // A word and its bits may be cut differently; where a value begins, and which it is, may not.
    const odd = [...defined].filter(([place, type]) => bare.has(place) && bare.get(place) !== type);
    expect(odd).toEqual([]);
    expect(bare.get('Term 5 (EL3104) ai_standard_channel_1_value')).toBe('int16');
    expect([...bare.keys()].filter((each) => defined.has(each)).length).toBeGreaterThan(80);
  });

  it('has the words of every cyclic frame where its data types say', async () => {
    await using scope = new Scope();
    const { client, io, options } = await open(scope, { framesPerMaster: 3 });
    const { tree, problems } = buildTree(await discoverPlant(io, options), definitions);
    expect(problems).toEqual([]);
    const of = (name: string) => {
      const source = tree.children[0]?.attributes.find((each) => each.name === name)?.source;
      if (source?.kind !== 'region') throw new Error(`${name} is not served`);
      return source;
    };
    expect(of('in_frm2_wc_state').byte).toBe(14);
    expect(of('out_frm2_ctrl').byte).toBe(8);
    const { region, byte } = of('inputs_slave_count');
    const inputs = await readBytes(client, region.target, region, scope.signal);
    expect(decodeValue(u16, inputs.subarray(byte))).toBe(22);
  });

  it('with two masters has two devices, each with its own words', async () => {
    await using scope = new Scope();
    const { io, options } = await open(scope, {}, twoMasters());
    const { tree, problems } = buildTree(await discoverPlant(io, options), definitions);
    expect(problems).toEqual([]);
    const places = tree.children.map(({ attributes }) => {
      const source = attributes.find(({ name }) => name === 'inputs_dev_state')?.source;
      return source?.kind === 'region' ? source.region.offset : undefined;
    });
    expect(new Set(places).size).toBe(2);
    expect(places).not.toContain(undefined);
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
    const { plant, client, io } = await open(scope, { timeoutMs: 100 });
    plant.faults.stopAnswering();
    await expect(io.state()).rejects.toMatchObject({ code: 'ads/timeout' });
    const lost = expect(io.state()).rejects.toMatchObject({ code: 'ads/ended' });
    plant.faults.disconnectAll();
    await lost;
    expect((await client.ended).kind).toBe('lost');
  });
});

/** Process data of every terminal by terminal and name, and its type. */
function regions({ tree }: PlantTree): Map<string, string> {
  const found = new Map<string, string>();
  for (const { controller } of walk(tree)) {
    for (const { name, datatype, source } of controller.attributes) {
      if (source.kind !== 'region' || source.region.update !== 'notify') continue;
      found.set(`${controller.name} ${name}`, typeText(datatype));
    }
  }
  return found;
}

function typeText(datatype: Datatype): string {
  if (datatype.kind === 'array') return `${typeText(datatype.element)}[${datatype.count}]`;
  if (datatype.kind === 'string' || datatype.kind === 'bool') return datatype.kind;
  const sign = datatype.kind === 'int' && !datatype.signed ? 'u' : '';
  return `${sign}${datatype.kind}${datatype.bits}`;
}
