import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { hasMosquitto, mosquitto } from '../support/broker.ts';
import {
  type DemoIoc,
  demoConfig,
  demoIoc,
  field,
  reads,
  temporaryFile,
} from '../support/demo-ioc.ts';
import {
  hasMosquittoClients,
  mosquittoPub,
  mosquittoSub,
  type Subscriber,
} from '../support/mosquitto-clients.ts';
import { relay } from '../support/relay.ts';

const deadline = { timeout: 10_000, interval: 20 };
const OUTPUT = 'T:ETH1:RIO2:MOD2:AoOutCh1AnalogOut';
const SERVER = 'te/device/T///cmd';
const ANALOGUE = 'te/device/T_ETH1_RIO2_MOD2///cmd';
const IOC = 'te/device/main/service/T/cmd';
const ETH = 'te/device/T_ETH1///cmd';

const allowAll =
  'commands: { allow: [{ operation: epics_put, on: ["T:*"] }, "ecat_*", coe_write, restart] }';

type Answer = Readonly<Record<string, unknown>>;

describe.skipIf(!hasMosquitto || !hasMosquittoClients)('commands on a running IOC', () => {
  let scope: Scope;
  let broker: Awaited<ReturnType<typeof mosquitto>>;
  let seen: Subscriber;

  beforeEach(async () => {
    scope = new Scope();
    broker = await mosquitto(scope, 'allow_anonymous true');
    seen = await mosquittoSub(scope, broker, ['te/+/+/+/+/cmd/#', 'te/+/+/+/+/e/#', 'app/#']);
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  async function serve(
    more = allowAll,
    config = demoConfig,
    url: string = broker.url,
  ): Promise<DemoIoc> {
    const ioc = await demoIoc(scope, `${config}bus: { url: "${url}", ${more} }\n`);
    await vi.waitFor(() => expect(seen.on(`${ANALOGUE}/epics_get`)).not.toEqual([]), deadline);
    return ioc;
  }

  /** With its time, as who asks right after the IOC has connected should. */
  const ask = (topic: string, input: object, args: readonly string[] = []) => {
    const timed = { time: Date.now() / 1000, ...input };
    return mosquittoPub(broker, topic, JSON.stringify(timed), ['-q', '1', ...args]);
  };

  /** The last state of a command, once it is over. */
  const end = (topic: string): Promise<Answer> =>
    vi.waitFor(() => {
      const last = JSON.parse(seen.on(topic).at(-1) || '{}');
      if (!/^(successful|failed)$/.test(last.status)) throw new Error(`${topic}: ${last.status}`);
      return last;
    }, deadline);

  async function asked(topic: string, input: object, args: readonly string[] = []) {
    await ask(topic, input, args);
    return end(topic);
  }

  it('move the plant, and bring the read-back', async () => {
    const ioc = await serve();
    await reads(ioc, `${OUTPUT}_RBV`, 0);
    const topic = `${ANALOGUE}/epics_put/1`;
    const answer = await asked(topic, { pv: OUTPUT, value: 5, custom: 'mine' }, ['-r']);
    expect(answer).toMatchObject({
      status: 'successful',
      setpoint: 5,
      previous: 0,
      custom: 'mine',
    });
    expect(answer['value']).toBeCloseTo(5, 2);
    const states = seen.seen.filter((each) => each.topic === topic);
    expect(states.map(({ payload }) => JSON.parse(payload).status)).toEqual([
      undefined,
      'executing',
      'successful',
    ]);
    // What a wire brings back proves that the plant moved.
    const input = 'T:ETH1:RIO2:MOD1:AiStandardChannel1Value';
    await vi.waitFor(
      async () => expect((await field(ioc, input)).read()).toBeCloseTo(5, 1),
      deadline,
    );
  });

  it('read attributes and PVs', async () => {
    await serve();
    const answer = await asked(`${IOC}/epics_get/1`, { pvs: [OUTPUT, 'T:IOC:PlantState'] });
    expect(answer).toMatchObject({
      ...{ status: 'successful' },
      values: { [OUTPUT]: { unit: 'V' }, 'T:IOC:PlantState': { text: 'Connected' } },
    });
  });

  it('tell what can be put where, with its type, limits and unit', async () => {
    await serve();
    const [capability] = seen.on(`${ANALOGUE}/epics_put`).slice(-1);
    const { attributes } = JSON.parse(capability ?? '');
    const offered = Object.values(attributes) as Answer[];
    expect(offered.find(({ pv }) => pv === OUTPUT)).toMatchObject({
      ...{ type: 'double', unit: 'V', limits: { low: -10, high: 10 } },
    });
  });

  it('are off unless the configuration allows them', async () => {
    const ioc = await serve('keepAlive: 15');
    const answer = await asked(`${ANALOGUE}/epics_put/1`, { pv: OUTPUT, value: 5 });
    expect(answer).toMatchObject({
      ...{ status: 'failed', reason: expect.stringMatching(/^epics_put is off: bus\.commands/) },
      ...{ pv: OUTPUT, value: 5 },
    });
    expect((await field(ioc, OUTPUT)).read()).toBe(0);
    expect(seen.on(`${ANALOGUE}/epics_put`)).toEqual([]);
  });

  it('are refused out of drive limits', async () => {
    const ioc = await serve();
    const answer = await asked(`${ANALOGUE}/epics_put/1`, { pv: OUTPUT, value: 11 });
    expect(answer['reason']).toBe(`${OUTPUT} drives from -10 to 10, not 11`);
    expect((await field(ioc, OUTPUT)).read()).toBe(0);
  });

  it.each([
    '{',
    '[]',
    '7',
    '{"status":7}',
    `{"value":"${'x'.repeat(70_000)}"}`,
    '{"a":'.repeat(40),
  ])('that are none fail: %.20s', async (payload) => {
    await serve();
    const topic = `${ANALOGUE}/epics_put/1`;
    await mosquittoPub(broker, topic, payload, ['-q', '1']);
    expect((await end(topic))['status']).toBe('failed');
  });

  it('go by access security, and are told to the put log', async () => {
    const rules = `
      UAG(BUS) { gateway }
      ASG(DEFAULT) { RULE(1, READ) RULE(1, WRITE, TRAPWRITE) { UAG(BUS) } }`;
    const acf = temporaryFile(scope, 'ioc.acf', rules);
    const log = join(acf, '../puts.log');
    const config = `${demoConfig}access: { file: ${acf} }\nputLog: { file: { path: ${log} }, burst: 0.1, mode: all }\n`;
    await serve(allowAll.replace('{', '{ user: gateway, host: broker,'), config);
    const granted = await asked(`${ANALOGUE}/epics_put/1`, { pv: OUTPUT, value: 2 });
    expect(granted['status']).toBe('successful');
    await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toMatch(OUTPUT), deadline);
    expect(readFileSync(log, 'utf8')).toMatch(/broker gateway T:ETH1:RIO2:MOD2:.* new=2 old=0/);
  });

  it('are refused to who may not write', async () => {
    const acf = temporaryFile(scope, 'ioc.acf', 'ASG(DEFAULT) { RULE(1, READ) }');
    const ioc = await serve(allowAll, `${demoConfig}access: { file: ${acf} }\n`);
    const answer = await asked(`${ANALOGUE}/epics_put/1`, { pv: OUTPUT, value: 2 });
    expect(answer['reason']).toMatch(/refused: mqtt at mqtt may not write it$/);
    expect((await field(ioc, OUTPUT)).read()).toBe(0);
  });

  it('that are old, or come twice, are executed never, or once', async () => {
    const ioc = await serve();
    const old = { pv: OUTPUT, value: 1, time: Date.now() / 1000 - 60 };
    expect((await asked(`${ANALOGUE}/epics_put/1`, old))['reason']).toMatch(/^expired: it is/);
    const ahead = { pv: OUTPUT, value: 1, time: Date.now() / 1000 + 60 };
    expect((await asked(`${ANALOGUE}/epics_put/2`, ahead))['reason']).toMatch(/in the future/);
    expect((await field(ioc, OUTPUT)).read()).toBe(0);
    const once = { pv: OUTPUT, value: 3, time: Date.now() / 1000 };
    await asked(`${ANALOGUE}/epics_put/3`, once);
    await asked(`${ANALOGUE}/epics_put/4`, { pv: OUTPUT, value: 4 });
    await ask(`${ANALOGUE}/epics_put/3`, once);
    // What came after it is over: the repeated one would have been before.
    await asked(`${ANALOGUE}/epics_get/1`, {});
    expect((await field(ioc, OUTPUT)).read()).toBe(4);
    const states = seen.on(`${ANALOGUE}/epics_put/3`).map((text) => JSON.parse(text).status);
    expect(states).toEqual([undefined, 'executing', 'successful', undefined]);
  });

  it('that the broker had kept are never executed', async () => {
    const time = Date.now() / 1000;
    await ask(`${ANALOGUE}/epics_put/1`, { pv: OUTPUT, value: 5, time, ttl: 600 }, ['-r']);
    const ioc = await serve();
    const answer = await end(`${ANALOGUE}/epics_put/1`);
    expect(answer['reason']).toMatch(/^expired: the broker had kept it/);
    expect((await field(ioc, OUTPUT)).read()).toBe(0);
  });

  /** An IOC whose wire to the broker is cut while `meanwhile` happens. */
  async function whileAway(more: string, meanwhile: () => Promise<unknown>): Promise<DemoIoc> {
    const wire = await relay(scope, broker.port);
    const url = `mqtt://127.0.0.1:${wire.port}`;
    const ioc = await serve(`${more}${allowAll}`, demoConfig, url);
    const state = await field(ioc, 'T:IOC:BusState');
    const connected = (is: boolean) =>
      vi.waitFor(() => expect(state.read() === 3).toBe(is), deadline);
    await connected(true);
    wire.cut();
    await connected(false);
    await meanwhile();
    wire.mend();
    await connected(true);
    return ioc;
  }

  it('that come retained after a connection are never executed', async () => {
    const topic = `${ANALOGUE}/epics_put/1`;
    const ioc = await whileAway('version: 5, sessionExpiry: 0, ', () =>
      ask(topic, { pv: OUTPUT, value: 5, ttl: 600 }, ['-r']),
    );
    expect((await end(topic))['reason']).toMatch(/^expired: the broker had kept it/);
    expect((await field(ioc, OUTPUT)).read()).toBe(0);
  });

  it('that waited in the broker are executed in time, if they tell it', async () => {
    const put = (id: string, input: object) =>
      mosquittoPub(broker, `${ANALOGUE}/epics_put/${id}`, JSON.stringify(input), ['-q', '1']);
    const ioc = await whileAway('', async () => {
      await put('1', { pv: OUTPUT, value: 5 });
      await put('2', { pv: OUTPUT, value: 4, time: Date.now() / 1000, ttl: 600 });
    });
    expect((await end(`${ANALOGUE}/epics_put/1`))['reason']).toMatch(/^expired: it may have/);
    expect((await end(`${ANALOGUE}/epics_put/2`))['status']).toBe('successful');
    expect((await field(ioc, OUTPUT)).read()).toBe(4);
  });

  it('are answered where MQTT 5 says, too', async () => {
    await serve(`version: 5, ${allowAll}`);
    const topic = `${ANALOGUE}/epics_put/1`;
    const properties = ['response-topic', 'app/answer', 'correlation-data', 'abc'];
    const given = [0, 2].flatMap((at) => ['-D', 'publish', ...properties.slice(at, at + 2)]);
    const answer = await asked(topic, { pv: OUTPUT, value: 5 }, ['-V', '5', ...given]);
    await vi.waitFor(() => expect(seen.on('app/answer')).toHaveLength(1), deadline);
    expect(JSON.parse(seen.on('app/answer')[0] ?? '')).toEqual(answer);
  });

  it('of a group are executed by one of its members each', async () => {
    const member = (clientId: string) =>
      serve(`version: 5, clientId: ${clientId}, ${allowAll.replace('{', '{ share: iocs,')}`);
    await member('one');
    await member('two');
    const executors = (id: string) =>
      seen
        .on(`${ANALOGUE}/epics_put/${id}`)
        .map((text) => JSON.parse(text))
        .flatMap(({ status, executor }) => (status === 'executing' ? executor.client : []));
    // Who joins takes its part from then on.
    await vi.waitFor(
      async () => {
        const ids = [...Array(4).keys()].map((at) => `${seen.seen.length}-${at}`);
        for (const id of ids) await ask(`${ANALOGUE}/epics_put/${id}`, { pv: OUTPUT, value: 1 });
        for (const id of ids) await end(`${ANALOGUE}/epics_put/${id}`);
        const all = ids.map(executors);
        expect(all.map(({ length }) => length)).toEqual([1, 1, 1, 1]);
        expect(new Set(all.flat())).toEqual(new Set(['one', 'two']));
      },
      { ...deadline, timeout: 40_000 },
    );
  }, 60_000);

  it('come over the embedded broker, too', async () => {
    const own = `${demoConfig}bus: { broker: { listeners: [{ port: 0 }] }, ${allowAll} }\n`;
    const ioc = await demoIoc(scope, own);
    const port = Number(new URL(ioc.bus?.urls[0] ?? '').port);
    broker = { ...broker, port };
    seen = await mosquittoSub(scope, broker, ['te/+/+/+/+/cmd/#']);
    await vi.waitFor(() => expect(seen.on(`${ANALOGUE}/epics_put`)).not.toEqual([]), deadline);
    expect(await asked(`${ANALOGUE}/epics_put/1`, { pv: OUTPUT, value: 5 }, ['-r'])).toMatchObject({
      ...{ status: 'successful', setpoint: 5 },
    });
  });

  it('bring a slave to a state, and back', async () => {
    await serve();
    const mod = 'te/device/T_ETH1_RIO2_MOD2///cmd/ecat_set_state';
    expect(await asked(`${mod}/1`, { state: 'PREOP' })).toMatchObject({
      ...{ status: 'successful', reached: 'PREOP', alStatusCode: 0 },
    });
    expect(await asked(`${mod}/2`, { state: 'OP' })).toMatchObject({ reached: 'OP' });
    expect(await asked(`${ETH}/ecat_set_state/1`, { state: 'OP' })).toMatchObject({
      reached: 'OP',
    });
  });

  it('reset counters', async () => {
    const ioc = await serve();
    ioc.simulator.faults.addCrcErrors('Term 11 (EL4134)', 0, 3);
    await reads(ioc, 'T:ETH1:RIO2:MOD2:CrcErrorSum', 3);
    expect(await asked(`${ANALOGUE}/ecat_reset_counters/1`, {})).toMatchObject({
      ...{ status: 'successful' },
      before: { crc_error_sum: 3 },
      after: { crc_error_sum: 0 },
    });
    expect(await asked(`${ETH}/ecat_reset_counters/1`, {})).toMatchObject({ status: 'successful' });
  });

  it('read and write objects of slaves, but for what is protected', async () => {
    await serve();
    const mod = 'te/device/T_ETH1_RIO1_MOD2///cmd';
    const vendor = await asked(`${mod}/coe_read/1`, {
      index: '0x1018',
      subindex: 1,
      type: 'UDINT',
    });
    expect(vendor).toMatchObject({ status: 'successful', value: 2, bytes: '02000000' });
    const place = { index: '0x8000', subindex: '0x13', type: 'INT' };
    const written = await asked(`${mod}/coe_write/1`, { ...place, value: 77 });
    expect(written).toMatchObject({ status: 'successful', value: 77 });
    const locked = { index: '0x800F', subindex: 1, type: 'INT', value: 1 };
    expect((await asked(`${mod}/coe_write/2`, locked))['reason']).toMatch(
      /^Write 800F of .*: it is calibration or vendor data, plant\.coe\.writable must name it$/,
    );
    const none = await asked(`${mod}/coe_read/2`, { index: '0x5555', type: 'UINT' });
    expect(none['reason']).toMatch(/SDO: no such object/);
  });

  it('bring TwinCAT to config, and back to run', async () => {
    const ioc = await serve();
    expect(await asked(`${SERVER}/restart/1`, { mode: 'config' })).toMatchObject({
      ...{ status: 'successful', mode: 'config' },
    });
    const { status } = ioc.plants[0] ?? {};
    await vi.waitFor(() => expect(status?.state).not.toBe(3), deadline);
    expect(await asked(`${SERVER}/restart/2`, {})).toMatchObject({ mode: 'run' });
    await vi.waitFor(() => expect(status?.state).toBe(3), deadline);
  });
});
