import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { hasMosquitto, type Mosquitto, mosquitto, mqttClient } from '../support/broker.ts';
import { start } from '../support/command-line.ts';
import { demoIoc, temporaryFile } from '../support/demo-ioc.ts';
import {
  hasMosquittoClients,
  mosquittoPub,
  mosquittoSub,
  type Subscriber,
} from '../support/mosquitto-clients.ts';
import { ModelAgent } from '../support/thin-edge/agent.ts';
import { configOf, listen } from '../support/thin-edge/agent-on-broker.ts';

const TERM_5 = 'Term 5 (EL3104)';
const TERMINAL = 'te/device/T_ETH1_RIO1_MOD2//';
const IOC_HEALTH = 'te/device/main/service/T/status/health';
const LINK_HEALTH = 'te/device/T/service/ads/status/health';

const eventually = (look: () => void) => vi.waitFor(look, { timeout: 15_000, interval: 20 });

describe.skipIf(!hasMosquitto)('an IOC on the bus, for a strict agent', () => {
  let scope: Scope;
  let agent: ModelAgent;

  beforeEach(async () => {
    scope = new Scope();
    agent = new ModelAgent();
    const broker = await mosquitto(scope, 'allow_anonymous true');
    await listen(scope, broker, agent);
    await demoIoc(scope, configOf(broker.url));
    await eventually(() => expect(agent.measurements.size).toBeGreaterThan(40));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('introduces all slaves, and says nothing that is not allowed', async () => {
    // Server, master and 22 slaves; main; two services.
    expect(agent.entities.size).toBe(1 + 1 + 1 + 22 + 2);
    expect(agent.entities.get('device/T_ETH1_RIO1_MOD2//')).toEqual({
      ...{ type: 'child-device', parent: 'device/T_ETH1_RIO1//' },
      health: 'device/T/service/ads',
    });
    expect(agent.health.get('device/main/service/T')).toBe('up');
    expect(agent.health.get('device/T/service/ads')).toBe('up');
    expect(agent.twins.get(`${TERMINAL}/twin/identity`)).toMatchObject({ vendorId: 2 });
    expect(agent.measurements.get('te/device/main/service/T/m/runtime')).toBeGreaterThan(0);
    const before = agent.measurements.get(`${TERMINAL}/m/io`) ?? 0;
    await eventually(() =>
      expect(agent.measurements.get(`${TERMINAL}/m/io`)).toBeGreaterThan(before + 3),
    );
    expect(agent.errors).toEqual([]);
    expect(agent.early).toBe(0);
  });
});

describe.skipIf(!hasMosquitto || !hasMosquittoClients)('an IOC on mosquitto', () => {
  let scope: Scope;
  let broker: Mosquitto;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  /** What the broker keeps below te/, as a new client sees it. */
  async function kept(): Promise<ReadonlyMap<string, string>> {
    const inner = new Scope();
    try {
      const client = await mqttClient(inner, broker);
      const image = new Map<string, string>();
      const end = new Promise<void>((resolve) => {
        client.on('message', (topic, payload, { retain }) => {
          if (topic === 'end') resolve();
          // The time of a health is when it was said.
          else if (retain && topic.endsWith('/health')) image.set(topic, statusIn(payload));
          else if (retain) image.set(topic, payload.toString());
        });
      });
      await client.subscribeAsync('end', { qos: 1 });
      await client.subscribeAsync('te/#', { qos: 1 });
      // Behind all that the broker keeps.
      await client.publishAsync('end', '', { qos: 1 });
      await end;
      return image;
    } finally {
      await inner[Symbol.asyncDispose]();
    }
  }

  /** An IOC whose image is whole on the broker. */
  async function served(config: string): Promise<ReadonlyMap<string, string>> {
    broker = await mosquitto(scope, config);
    await demoIoc(scope, configOf(broker.url));
    let image = await kept();
    await vi.waitFor(
      async () => {
        const before = image;
        image = await kept();
        expect(image.size).toBeGreaterThan(100);
        expect(withoutAlarms(image)).toEqual(withoutAlarms(before));
      },
      { timeout: 30_000, interval: 100 },
    );
    return image;
  }

  it('keeps its image in the broker, but no measurement and no event', async () => {
    const image = await served('allow_anonymous true');
    const kinds = new Set([...image.keys()].map((topic) => topic.split('/')[5] ?? 'registration'));
    expect([...kinds].sort()).toEqual(
      expect.arrayContaining(['m', 'registration', 'status', 'twin']),
    );
    const measured = [...image.keys()].filter((topic) => topic.includes('/m/'));
    expect(measured.every((topic) => topic.endsWith('/meta'))).toBe(true);
  });

  it('is down at once when it is stopped, and by the broker when it is killed', async () => {
    broker = await mosquitto(scope, 'allow_anonymous true');
    const config = temporaryFile(scope, 'ioc.yaml', configOf(broker.url));
    const seen = await mosquittoSub(scope, broker, ['te/+/+/+/+/status/health']);
    const lastOf = (topic: string) => String(JSON.parse(seen.on(topic).at(-1) ?? '{}').status);
    const all = (status: string) => () => {
      expect([lastOf(IOC_HEALTH), lastOf(LINK_HEALTH)]).toEqual([status, status]);
    };
    const first = start(scope, ['run', config]);
    await eventually(all('up'));
    const killed = performance.now();
    process.kill(first.pid, 'SIGKILL');
    await eventually(all('down'));
    console.info(`down ${Math.round(performance.now() - killed)} ms after kill -9`);
    const second = start(scope, ['run', config]);
    await eventually(all('up'));
    second.signal('SIGTERM');
    await second.finished;
    await eventually(all('down'));
    // Said by itself, with its process id; the broker knows none.
    expect(JSON.parse(seen.on(IOC_HEALTH).at(-1) ?? '{}').pid).toBe(second.pid);
  });

  it('clears an alarm of the process before once the plant is known to be well', async () => {
    broker = await mosquitto(scope, 'allow_anonymous true');
    const alarm = `${TERMINAL}/a/link_lost`;
    const seen = await mosquittoSub(scope, broker, [alarm]);
    const first = new Scope(scope.signal);
    const { simulator } = await demoIoc(first, configOf(broker.url));
    simulator.faults.unplug(TERM_5);
    await eventually(() => expect(seen.on(alarm)).toHaveLength(1));
    await first[Symbol.asyncDispose]();
    expect((await kept()).get(alarm)).toContain('"severity":"major"');
    // Another simulated plant, with all its terminals.
    await demoIoc(scope, configOf(broker.url));
    await eventually(() => expect(seen.on(alarm).at(-1)).toBe(''));
    expect(seen.on(alarm)).toHaveLength(2);
    expect((await kept()).has(alarm)).toBe(false);
  });

  it('tells its health when it is asked, and again when somebody says it is down', async () => {
    broker = await mosquitto(scope, 'allow_anonymous true');
    const seen: Subscriber = await mosquittoSub(scope, broker, [IOC_HEALTH]);
    await demoIoc(scope, configOf(broker.url));
    await eventually(() => expect(seen.seen).toHaveLength(1));
    await mosquittoPub(broker, 'te/device/main/service/T/cmd/health/check', '{}');
    await eventually(() => expect(seen.seen).toHaveLength(2));
    await mosquittoPub(broker, IOC_HEALTH, '{"status":"down"}', ['-r', '-q', '1']);
    await eventually(() => expect(JSON.parse(seen.on(IOC_HEALTH).at(-1) ?? '').status).toBe('up'));
  });

  it.each([
    ['without persistence', 'allow_anonymous true'],
    ['with persistence', 'allow_anonymous true\npersistence true\npersistence_location $DIR/'],
  ])('has the same image after a restart of the broker %s', async (_, config) => {
    const before = await served(config);
    await broker.stop('SIGTERM');
    await broker.start();
    const restarted = performance.now();
    await vi.waitFor(
      async () => expect(withoutAlarms(await kept())).toEqual(withoutAlarms(before)),
      { timeout: 20_000, interval: 50 },
    );
    console.info(
      `the image was whole ${Math.round(performance.now() - restarted)} ms after the restart`,
    );
  });
});

/** Inputs of the simulated plant come and go as they like, and what hangs on them. */
function withoutAlarms(image: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...image]
      .filter(([topic]) => !topic.includes('/a/') && !topic.endsWith('/twin/state'))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function statusIn(payload: Buffer): string {
  return String(JSON.parse(payload.toString()).status);
}
