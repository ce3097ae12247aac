import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Journal } from '../../../src/bus/link/journal.ts';
import { Waiting } from '../../../src/bus/link/waiting.ts';
import type { Publication } from '../../../src/bus/message.ts';
import { type Clock, silentLog, systemClock } from '../../../src/kernel/index.ts';
import { ManualClock } from '../../ads/manual-clock.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-journal-'));
  path = join(folder, 'deep', 'ioc.outbox');
});

let opened: Journal[] = [];

afterEach(async () => {
  for (const each of opened) await each[Symbol.asyncDispose]();
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

function journal(clock: Clock = systemClock): Journal {
  const one = new Journal(path, clock, silentLog);
  opened.push(one);
  return one;
}

function event(payload: string, more: Partial<Publication> = {}): Waiting {
  return new Waiting({ topic: 'e', payload, delivery: 'event', isDurable: true, ...more });
}

const payloads = ({ left }: Journal) =>
  left.map(({ payload }) => Buffer.from(payload as Uint8Array).toString());

describe('a journal', () => {
  it('has what was kept and not settled, in its order', async () => {
    const before = journal();
    const those = ['1', '2', '3', '4'].map((each) => event(each));
    for (const each of those) before.keep(each);
    await before.written();
    before.letGo(those[1] as Waiting);
    await before.written();
    expect(payloads(journal())).toEqual(['1', '3', '4']);
    expect(before.messages).toBe(3);
  });

  it('has all of a message', async () => {
    const before = journal();
    before.keep(event('{"ü":1}', { topic: 'te/a/ö', retain: true, qos: 0, delivery: 'state' }));
    await before.written();
    const [found] = journal().left;
    expect(found).toMatchObject({
      topic: 'te/a/ö',
      delivery: 'state',
      qos: 0,
      retain: true,
      isDurable: true,
      expires: false,
      deadline: Number.POSITIVE_INFINITY,
    });
    expect(payloads(journal())).toEqual(['{"ü":1}']);
  });

  it('knows the deadline of a message through the times of two processes', async () => {
    const clock = new ManualClock(1_000_000);
    clock.advance(5000);
    const before = journal(clock);
    before.keep(new Waiting({ topic: 'e', payload: '', delivery: 'event', isDurable: true }, 6000));
    await before.written();
    const later = new ManualClock(1_005_400);
    expect(journal(later).left[0]?.deadline).toBe(600);
  });

  it('goes on with what the last process left', async () => {
    const first = journal();
    first.keep(event('1'));
    await first.written();
    const second = journal();
    for (const each of second.left) second.keep(each);
    second.keep(event('2'));
    await second.written();
    expect(payloads(journal())).toEqual(['1', '2']);
  });

  it('misses nothing but what a crash cut off', async () => {
    const before = journal();
    before.keep(event('1'));
    before.keep(event('2'));
    await before.written();
    appendFileSync(path, Buffer.from([0x5a, 0xb0, 1, 0, 0xff, 0xff]));
    expect(payloads(journal())).toEqual(['1', '2']);
  });

  it('is empty after a file of something else', () => {
    path = join(folder, 'other');
    writeFileSync(path, 'no journal at all');
    expect(payloads(journal())).toEqual([]);
  });

  it('keeps its file within bounds, whatever passes through', async () => {
    const one = journal();
    const payload = 'x'.repeat(1000);
    for (let round = 0; round < 60; round++) {
      const those = Array.from({ length: 100 }, () => event(payload));
      for (const each of those) one.keep(each);
      for (const each of those) one.letGo(each);
      await one.written();
    }
    one.keep(event('last'));
    await one.written();
    expect(statSync(path).size).toBeLessThan(1.5 * 1024 * 1024);
    expect(payloads(journal())).toEqual(['last']);
  });

  it('writes all anew once a disk that failed is back', async () => {
    const clock = new ManualClock();
    const one = journal(clock);
    rmSync(join(folder, 'deep'), { recursive: true });
    one.keep(event('1'));
    await one.written();
    expect(one.failures).toBe(1);
    journal();
    one.keep(event('2'));
    clock.advance(5000);
    await vi.waitFor(() => expect(payloads(journal())).toEqual(['1', '2']));
    expect(one.failures).toBe(1);
  });

  it('says which setting is wrong when its folder is no folder', () => {
    writeFileSync(join(folder, 'deep'), '');
    expect(() => journal()).toThrow(
      /^Keep messages in .*ioc\.outbox: .*; check bus\.outbox\.folder$/,
    );
  });
});
