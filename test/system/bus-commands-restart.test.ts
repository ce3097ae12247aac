import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { hasMosquitto, mosquitto } from '../support/broker.ts';
import { type Running, start } from '../support/command-line.ts';
import { demoConfig, temporaryFile } from '../support/demo-ioc.ts';
import {
  hasMosquittoClients,
  mosquittoPub,
  mosquittoSub,
  type Subscriber,
} from '../support/mosquitto-clients.ts';

const deadline = { timeout: 20_000, interval: 20 };
const IOC = 'te/device/main/service/T/cmd';
/** A put to it is not over before its delay is. */
const slow = 'record(calcout, "T:Slow") { field(CALC, "A") field(ODLY, "100") }';

describe.skipIf(!hasMosquitto || !hasMosquittoClients)('commands and the end of an IOC', () => {
  let scope: Scope;
  let broker: Awaited<ReturnType<typeof mosquitto>>;
  let seen: Subscriber;
  let file: string;

  beforeEach(async () => {
    scope = new Scope();
    broker = await mosquitto(scope, 'allow_anonymous true');
    seen = await mosquittoSub(scope, broker, [
      'te/+/+/+/+/cmd/#',
      'te/device/main/service/T/status/health',
    ]);
    const database = temporaryFile(scope, 'slow.db', slow);
    file = temporaryFile(
      scope,
      'ioc.yaml',
      `${demoConfig}databases: [{ file: ${database} }]
bus:
  url: ${broker.url}
  commands: { allow: [restart, { operation: epics_put, on: ["T:Slow.*"] }] }
`,
    );
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  /** An IOC as a process of its own, connected with the broker. */
  async function run(): Promise<Running> {
    const before = seen.seen.length;
    const running = start(scope, ['run', file]);
    await vi.waitFor(() => {
      const healths = seen.seen.slice(before).filter(({ topic }) => /health$/.test(topic));
      const text = `${running.stdout}${running.stderr}`;
      if (!/"up"/.test(healths.at(-1)?.payload ?? '')) throw new Error(`not connected: ${text}`);
    }, deadline);
    return running;
  }

  const ask = (topic: string, input: object) =>
    mosquittoPub(broker, topic, JSON.stringify(input), ['-q', '1', '-r']);

  const state = (topic: string, status: string) =>
    vi.waitFor(() => {
      const last = JSON.parse(seen.on(topic).at(-1) || '{}');
      if (last.status !== status) throw new Error(`${topic}: ${JSON.stringify(last)}`);
      return last;
    }, deadline);

  const timed = (input: object) => ({ ...input, time: Date.now() / 1000, ttl: 60 });

  it('that one killed was executing are settled by the next one, with what the PV is', async () => {
    const topic = `${IOC}/epics_put/1`;
    const first = await run();
    await ask(topic, timed({ pv: 'T:Slow.A', value: 5, timeoutMs: 50_000, mine: 'kept' }));
    await state(topic, 'executing');
    first.signal('SIGKILL');
    await first.finished;
    await run();
    const answer = await state(topic, 'failed');
    expect(answer).toMatchObject({
      ...{ reason: 'interrupted, state unknown', value: 5, mine: 'kept' },
      readback: { pv: 'T:Slow.A', value: 0 },
    });
    expect(answer).not.toHaveProperty('executor');
  });

  it('that one stopped was executing are ended by it', async () => {
    const topic = `${IOC}/epics_put/1`;
    const first = await run();
    await ask(topic, timed({ pv: 'T:Slow.A', value: 5, timeoutMs: 50_000 }));
    await state(topic, 'executing');
    first.signal('SIGTERM');
    await first.finished;
    const { reason } = await state(topic, 'failed');
    // Whether it had begun when the IOC heard the signal is a matter of a moment.
    expect(reason).toMatch(/^interrupted: the IOC was stopped, (state unknown|nothing was done)$/);
  });

  it('that waited in the broker are executed where they tell that they are not old', async () => {
    const first = await run();
    first.signal('SIGKILL');
    await first.finished;
    const put = (id: string, input: object) =>
      mosquittoPub(broker, `${IOC}/epics_put/${id}`, JSON.stringify(input), ['-q', '1']);
    await put('1', { pv: 'T:Slow.ODLY', value: 7 });
    await put('2', { pv: 'T:Slow.ODLY', value: 8, time: Date.now() / 1000 - 60 });
    await put('3', timed({ pv: 'T:Slow.ODLY', value: 9 }));
    await run();
    expect((await state(`${IOC}/epics_put/1`, 'failed')).reason).toMatch(/^expired: it may have/);
    expect((await state(`${IOC}/epics_put/2`, 'failed')).reason).toMatch(/^expired: it is/);
    expect(await state(`${IOC}/epics_put/3`, 'successful')).toMatchObject({ previous: 100 });
  });

  it('restart it: its exit code asks for that, and the next process says that it was done', async () => {
    const topic = `${IOC}/restart/1`;
    const first = await run();
    await ask(topic, timed({}));
    expect((await first.finished).code).toBe(3);
    expect(JSON.parse(seen.on(topic).at(-1) ?? '{}')).toMatchObject({ status: 'executing' });
    await run();
    await state(topic, 'successful');
  });
});
