import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBusLink } from '../../src/bus/index.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { listener } from '../bus/link/opened.ts';
import { aedesBroker, hasMosquitto, mosquitto } from '../support/broker.ts';
import { start } from '../support/command-line.ts';
import { demoConfig, repository, temporaryFile } from '../support/demo-ioc.ts';

const deadline = { timeout: 20_000, interval: 10 };
const health = 'te/device/main/service/+/status/health';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

describe.skipIf(!hasMosquitto)('a process of an IOC', () => {
  async function running() {
    const broker = await mosquitto(scope, 'allow_anonymous true');
    const { seen } = await listener(scope, broker, health);
    const config = temporaryFile(scope, 'ioc.yaml', `${demoConfig}bus: { url: ${broker.url} }\n`);
    const ioc = start(scope, ['run', config], { EPICS_CA_AUTO_ADDR_LIST: 'NO' });
    const words = () => seen.map(({ payload }) => JSON.parse(payload).status);
    await vi.waitFor(() => expect(words()).toContain('up'), deadline);
    return { broker, ioc, words };
  }

  it('that is killed is down at once, by its will', async () => {
    const { broker, ioc, words } = await running();
    ioc.signal('SIGKILL');
    // What the issue asks for.
    await vi.waitFor(() => expect(words().at(-1)).toBe('down'), { timeout: 1000, interval: 5 });
    const late = await listener(scope, { ...broker, ...broker.plain }, health);
    await vi.waitFor(() => expect(late.seen).toHaveLength(1), deadline);
    expect(late.seen[0]).toMatchObject({ retain: true });
  });

  it('that is stopped says so itself, once', async () => {
    const { ioc, words } = await running();
    ioc.signal('SIGTERM');
    expect((await ioc.finished).code).toBe(0);
    await vi.waitFor(() => expect(words().at(-1)).toBe('down'), deadline);
    expect(words().filter((word) => word === 'down')).toHaveLength(1);
  });
});

describe('events of a process that is killed while the broker is away', () => {
  it('are sent by the next, all that were kept, in order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-kill-'));
    scope.defer(() => rmSync(folder, { recursive: true }));
    const journal = join(folder, 'ioc.outbox');
    const kept = await killed(journal);
    const broker = await aedesBroker(scope);
    const { payloads } = await listener(scope, broker, 'e');
    const options = { url: broker.url, journal, clientId: 'publisher', log: silentLog };
    const link = scope.use(openBusLink(options, scope.signal));
    link.start();
    await link.flushed();
    await vi.waitFor(() => expect(payloads().length).toBeGreaterThan(kept), deadline);
    expect(payloads()).toEqual(payloads().map((_, at) => String(at)));
  });

  /** Kills a publisher in the middle of its work; the last number that it said was kept. */
  async function killed(journal: string): Promise<number> {
    const child = join(repository, 'test/support/bus-publisher-child.mjs');
    const withParent = join(repository, 'test/support/with-parent.mjs');
    const args = ['--import', withParent, child, 'mqtt://127.0.0.1:1', journal];
    const publisher = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    scope.defer(() => void publisher.kill('SIGKILL'));
    const numbers: number[] = [];
    publisher.stdout.on('data', (text) => {
      numbers.push(...String(text).trim().split('\n').map(Number));
    });
    await vi.waitFor(() => expect(numbers.length).toBeGreaterThan(30), deadline);
    publisher.kill('SIGKILL');
    await once(publisher, 'close');
    return Math.max(...numbers);
  }
});
