import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CaClient, type ClientChannel, Family } from '../../src/ca/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { hasMosquitto, type Mosquitto, mosquitto } from '../support/broker.ts';
import { demoConfig } from '../support/demo-ioc.ts';
import { type WatchedIoc, watchedIoc } from '../support/watched-ioc.ts';

const SWITCH = 'T:ETH1:RIO2:MOD3:Channel1';
const ANALOGUE = 'T:ETH1:RIO1:MOD2:AiStandardChannel1Value';
const CONNECTED = 3;
/** Of each answer; they take less than a millisecond. */
const GENEROUS_S = 5;

// A broker that stands still: its connections stand, and it takes nothing (SIGSTOP).
describe.skipIf(!hasMosquitto)('an IOC whose broker is frozen', () => {
  let scope: Scope;
  let broker: Mosquitto;
  let ioc: WatchedIoc;

  beforeEach(async () => {
    scope = new Scope();
    broker = await mosquitto(scope, 'allow_anonymous true');
    const bus = `bus: { url: '${broker.url}', keepAlive: 1, pv: { period: 0 } }`;
    ioc = await watchedIoc(scope, `${demoConfig}${bus}\n`);
    await until(() => ioc.read('T:IOC:BusState') === CONNECTED && ioc.isGood(ANALOGUE));
  });

  afterEach(async () => {
    broker.thaw();
    await scope[Symbol.asyncDispose]();
  });

  const until = (condition: () => boolean) =>
    vi.waitFor(() => expect(condition()).toBe(true), { timeout: 20_000, interval: 5 });

  async function channelOf(client: CaClient, name: string): Promise<ClientChannel> {
    const channel = client.channel(name, {});
    await until(() => channel.connected);
    return channel;
  }

  it('answers Channel Access as before, and finds its way back', async () => {
    const addresses = [`127.0.0.1:${ioc.ca?.udpPort}`];
    const client = scope.use(await CaClient.open({ addresses, auto: false, repeaterPort: 0 }));
    const [input, output] = [await channelOf(client, ANALOGUE), await channelOf(client, SWITCH)];
    broker.freeze();
    let value = 0;
    // Until the IOC has given the broker up, and for a while of trying again.
    for (let rounds = 0; rounds < 100 || ioc.read('T:IOC:BusState') === CONNECTED; rounds++) {
      const read = await input.read({ family: Family.time }, GENEROUS_S);
      expect(read.kind).toBe('read');
      value = 1 - value;
      const written = await output.writeNotify(value, GENEROUS_S);
      expect(written.kind).toBe('done');
    }
    // The plant goes on as well.
    const before = ioc.read(ANALOGUE);
    await until(() => ioc.read(ANALOGUE) !== before);
    await until(() => ioc.read(`${SWITCH}_RBV`) === value);
    broker.thaw();
    await until(() => ioc.read('T:IOC:BusState') === CONNECTED);
  });
});
