import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatRetained, parseRetained } from '../../../src/bus/broker/retained-file.ts';
import { Scope, silentLog } from '../../../src/kernel/index.ts';
import { embeddedBroker, openDoor } from '../../support/embedded-broker.ts';
import { expectHarmless } from '../../support/fuzzing.ts';
import {
  hasMosquittoClients,
  mosquittoPub,
  mosquittoSub,
} from '../../support/mosquitto-clients.ts';
import { logInto } from '../../support/watched-ioc.ts';

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 5000, interval: 5 });

const message = fc.record({
  topic: fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => text.replace(/[+#\0]/g, '_')),
  qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
  payload: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes)),
});

describe('a file of retained messages', () => {
  it('has a heading, and a line of JSON for each message', () => {
    const [one] = [{ topic: 'te/a', qos: 1 as const, payload: Buffer.from('ü') }];
    const text = 'twincat-ioc retained messages 1\n["te/a",1,"w7w="]\n';
    expect(formatRetained([one])).toBe(text);
    expect(parseRetained(text)).toEqual([one]);
  });

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        expect(parseRetained(formatRetained(messages))).toEqual(messages);
      }),
    );
  });

  for (const [what, text, line] of [
    ['of something else', '{"a":1}\n', 1],
    ['that is cut', 'twincat-ioc retained messages 1\n["te/a",1,"w7w="]', 2],
    ['with a topic that is none', 'twincat-ioc retained messages 1\n["te/#",1,"w7w="]\n', 2],
    ['without a payload', 'twincat-ioc retained messages 1\n["te/a",1,"w7w="]\n["te/a",1]\n', 3],
    ['with an unknown QoS', 'twincat-ioc retained messages 1\n["te/a",3,"w7w="]\n', 2],
    ['that is empty', '', 1],
  ] as const) {
    it(`${what} is refused with its line`, () => {
      expect(() => parseRetained(text)).toThrow(`line ${line} is not`);
    });
  }

  it('is taken or refused, whatever it holds', () => {
    const seed = formatRetained([{ topic: 'te/a', qos: 1, payload: Buffer.from('abc') }]);
    expectHarmless({
      seeds: [Buffer.from(seed)],
      decode: (bytes) => parseRetained(Buffer.from(bytes).toString('utf8')),
    });
  });
});

describe.skipIf(!hasMosquittoClients)('retained messages with a file', () => {
  let scope: Scope;
  let folder: string;
  let file: string;

  beforeEach(() => {
    scope = new Scope();
    folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-retained-'));
    file = join(folder, 'retained.jsonl');
    scope.defer(() => rmSync(folder, { recursive: true }));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const options = (period: number) => ({ retained: { file, period } });

  it('outlive the broker', async () => {
    const life = new Scope();
    const first = await embeddedBroker(life, options(3600));
    await mosquittoPub(first, 'te/a', 'kept', ['-r', '-q', '1']);
    await mosquittoPub(first, 'te/b', 'cleared', ['-r', '-q', '1']);
    await mosquittoPub(first, 'te/b', '', ['-r', '-q', '1']);
    await life[Symbol.asyncDispose]();
    const second = await embeddedBroker(scope, options(3600));
    const sub = await mosquittoSub(scope, second, ['te/#'], ['-q', '1']);
    await until(() => sub.seen.length === 1);
    expect(sub.seen).toEqual([{ topic: 'te/a', payload: 'kept', qos: 1, retain: true }]);
  });

  it('are written while it runs, for a death without warning', async () => {
    const broker = await embeddedBroker(scope, options(0.02));
    await mosquittoPub(broker, 'te/a', 'kept', ['-r', '-q', '1']);
    await until(() => existsSync(file));
    await until(() => readFileSync(file, 'utf8').includes('te/a'));
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it('of a file that cannot be read are put aside, not written over', async () => {
    writeFileSync(file, 'no messages');
    const lines: string[] = [];
    const broker = await embeddedBroker(scope, options(0.02), logInto(lines));
    expect(lines.join()).toContain('line 1 is not the heading');
    expect(readFileSync(`${file}.unread`, 'utf8')).toBe('no messages');
    await mosquittoPub(broker, 'te/a', 'new', ['-r', '-q', '1']);
    await until(() => existsSync(file));
  });

  it('that cannot be written are said once, and counted', async () => {
    const lines: string[] = [];
    const nowhere = { retained: { file: join(folder, 'no', 'such', 'folder'), period: 0.01 } };
    const broker = await embeddedBroker(scope, nowhere, logInto(lines));
    await mosquittoPub(broker, 'te/a', 'kept', ['-r', '-q', '1']);
    await until(() => broker.counters.failedWrites > 2);
    expect(lines.filter((line) => line.includes('are not written'))).toHaveLength(1);
  });

  it('are no more than it may keep; those that are there may change', async () => {
    const limits = { ...openDoor.limits, retained: 2, retainedBytes: 100 };
    const broker = await embeddedBroker(scope, { limits }, silentLog);
    for (const topic of ['a', 'b', 'c', 'a']) {
      await mosquittoPub(broker, topic, `of ${topic}`, ['-r', '-q', '1']);
    }
    await until(() => broker.counters.droppedMessages === 1);
    expect(broker.broker.sizes.retained).toBe(2);
    await mosquittoPub(broker, 'a', 'x'.repeat(100), ['-r', '-q', '1']);
    await until(() => broker.counters.droppedMessages === 2);
  });
});
