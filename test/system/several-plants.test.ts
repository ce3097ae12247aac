import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MqttConfig } from '../../src/ads/index.ts';
import { loadChain, loadConfig, loadTerminalDefinitions } from '../../src/config/index.ts';
import { type Ioc, type ServedPlant, startIoc } from '../../src/ioc.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import { type Simulator, simulate } from '../../src/simulator/index.ts';
import { aedesBroker } from '../support/broker.ts';
import { alarm, put, reads, shippedChain, temporaryFile } from '../support/demo-ioc.ts';
import { libcaLoads, openLibca } from '../support/libca.ts';

const good = [AlarmStatus.noAlarm, Severity.noAlarm] as const;
const away = [AlarmStatus.comm, Severity.invalid] as const;

const NAMES = ['EAST', 'WEST', 'SOUTH'] as const;
type Name = (typeof NAMES)[number];

const analogue = (plant: Name) => `T:${plant}:ETH1:RIO1:MOD2:AiStandardChannel1Value`;
const toggle = (plant: Name) => `T:${plant}:ETH1:RIO2:MOD3:Channel1`;
const SYMBOL = 'Term 12 (EL2024-0010).Channel 1';

/** The plant of the shipped chain, on TCP and, if told, as a peer on a broker. */
function plantOn(scope: Scope, mqtt?: MqttConfig, port = 0): Promise<Simulator> {
  const options = { port, log: silentLog, ...(mqtt && { mqtt }) };
  return simulate(loadChain(shippedChain), loadTerminalDefinitions(), options, scope.signal);
}

/** One IOC for a controller on TCP, and for one on each of two virtual networks of a broker. */
describe('an IOC that serves three plants', () => {
  let scope: Scope;
  let plants: Record<Name, Simulator>;
  let ioc: Ioc;
  let url: string;

  beforeEach(async () => {
    scope = new Scope();
    ({ url } = await aedesBroker(scope));
    const [EAST, WEST, SOUTH] = await Promise.all([
      plantOn(scope),
      plantOn(scope, { url, topic: 'HallWest' }),
      plantOn(scope, { url, topic: 'HallSouth' }),
    ]);
    plants = { EAST, WEST, SOUTH };
    for (const plant of Object.values(plants)) scope.use(plant);
    const onBroker = (topic: string) =>
      `netId: 5.108.227.22.1.1, source: { netId: 9.9.9.9.1.1 }, mqtt: { url: '${url}', topic: ${topic} }`;
    const quick = 'timeout: 3, retry: { first: 0.05, longest: 0.2 }';
    const config = `
prefix: T
plants:
  - { name: EAST, host: 127.0.0.1, port: ${EAST.port}, netId: 5.108.227.22.1.1, ${quick} }
  - { name: WEST, ${onBroker('HallWest')}, ${quick} }
  - { name: SOUTH, ${onBroker('HallSouth')}, ${quick} }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
`;
    const file = temporaryFile(scope, 'ioc.yaml', config);
    ioc = scope.use(await startIoc(loadConfig(file), { log: silentLog, env: {} }, scope.signal));
    for (const name of NAMES) await alarm(ioc, analogue(name), good);
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  function served(name: Name): ServedPlant {
    const plant = ioc.plants.find((each) => each.name === name);
    if (!plant) throw new Error(`the IOC serves ${name}`);
    return plant;
  }

  it('takes each put to the plant whose it is', async () => {
    for (const name of NAMES) {
      expect(await put(ioc, toggle(name), 'On')).toEqual({ kind: 'done' });
      await reads(ioc, `${toggle(name)}_RBV`, 1);
      const on = NAMES.filter((each) => plants[each].read(SYMBOL) === 1);
      expect(on).toEqual(NAMES.slice(0, NAMES.indexOf(name) + 1));
      expect(served(name).counters.puts).toBe(1);
    }
  });

  it('tells the state of each, and how many are away', async () => {
    for (const name of NAMES) await reads(ioc, `T:${name}:IOC:PlantState`, 3);
    await reads(ioc, 'T:IOC:Plants', 3);
    await reads(ioc, 'T:IOC:PlantsAway', 0);
    await alarm(ioc, 'T:IOC:PlantsAway', good);
    expect(served('EAST').address.where).toBe(`127.0.0.1:${plants.EAST.port}`);
    expect(served('SOUTH').address.where).toBe(`5.108.227.22.1.1 on ${url}/HallSouth`);
  });

  it.each(NAMES)('loses %s, and finds it again, while the others go on', async (lost) => {
    const others = NAMES.filter((name) => name !== lost);
    const blinks = blinksOf(ioc, others, scope);
    const back = plants[lost].faults.restart(4000);
    await alarm(ioc, analogue(lost), away);
    await alarm(ioc, 'T:IOC:PlantsAway', [AlarmStatus.high, Severity.major]);
    for (const name of others) {
      const before = ioc.directory.columns.nanoseconds[slotOf(ioc, analogue(name))];
      await expect
        .poll(() => ioc.directory.columns.nanoseconds[slotOf(ioc, analogue(name))], {
          timeout: 5000,
        })
        .not.toBe(before);
      expect(await put(ioc, toggle(name), 'On')).toEqual({ kind: 'done' });
    }
    expect(await put(ioc, toggle(lost), 'On')).toMatchObject({ kind: 'refused', reason: 'away' });
    await back;
    await alarm(ioc, analogue(lost), good);
    expect(blinks).toEqual([]);
    for (const name of others) expect(served(name).counters.sessions).toBe(1);
  });

  it('follows an online change of one, whichever plant causes the batch', async () => {
    const blinks = blinksOf(ioc, NAMES, scope);
    for (let change = 0; change < 3; change++) {
      plants.EAST.faults.onlineChange();
      await expect.poll(() => put(ioc, toggle('EAST'), change % 2)).toEqual({ kind: 'done' });
      expect(plants.EAST.faults.canaryTouched).toBe(0);
    }
    expect(blinks).toEqual([]);
  });

  it.skipIf(!process.env['CI'] && !libcaLoads())('serves all of them to one client', async () => {
    const libca = scope.use(await openLibca(ioc.ca?.udpPort ?? 0));
    for (const name of NAMES) {
      const channel = await libca.channel(analogue(name));
      await expect.poll(() => channel.connected, { timeout: 10_000 }).toBe(true);
    }
  });
});

function slotOf(ioc: Ioc, name: string): number {
  return ioc.directory.find(name)?.slot ?? -1;
}

/** Which analogue inputs turned INVALID from now on. */
function blinksOf(ioc: Ioc, names: readonly Name[], scope: Scope): string[] {
  const slots = new Map(names.map((name) => [slotOf(ioc, analogue(name)), name]));
  const seen: string[] = [];
  const posted = ioc.directory.posted$.subscribe(({ count, slots: changed }) => {
    for (let i = 0; i < count; i++) {
      const name = slots.get(changed[i] ?? -1);
      const severity = ioc.directory.columns.severity[changed[i] ?? -1];
      if (name && severity === Severity.invalid) seen.push(name);
    }
  });
  scope.defer(() => posted.unsubscribe());
  return seen;
}
