import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { expected, seen } from '../support/dbr-facts.ts';
import { repository } from '../support/demo-ioc.ts';
import { facts } from '../support/every-record-type.ts';
import { libcaLoads } from '../support/libca.ts';
import { softIoc } from '../support/soft-ioc.ts';

/** What is put to rows before they are read. */
const rows = {
  'waveform:doubles': [6, 3, Buffer.from(Float64Array.of(1.5, -2.5, 1e300).buffer)],
  'waveform:floats': [2, 2, Buffer.from(Float32Array.of(1.5, -0.25).buffer)],
  'waveform:bytes': [4, 3, Buffer.of(0, 127, 255)],
  'waveform:texts': [0, 2, Buffer.concat([Buffer.from('one'), Buffer.alloc(77)])],
  aai: [1, 2, Buffer.from(Int16Array.of(-1, 32767).buffer)],
  aao: [6, 2, Buffer.from(Float64Array.of(4294967295, 1).buffer)],
} as const;

// Where libca is missing the tests are skipped by name; a CI machine must have it.
describe.skipIf(!process.env['CI'] && !libcaLoads())('libca reads as every DBR type', () => {
  let scope: Scope;
  let soft: Awaited<ReturnType<typeof softIoc>>;

  beforeAll(async () => {
    scope = new Scope();
    const database = readFileSync(join(repository, 'test/data/every-record-type.db'), 'utf8');
    soft = await softIoc(scope, database);
    for (const [name, [type, count, bytes]] of Object.entries(rows)) {
      const channel = await soft.connect(name);
      expect(await channel.putNotify(type, bytes, count), name).toBe(1);
    }
  }, 30_000);

  afterAll(() => scope[Symbol.asyncDispose]());

  it.each(Object.entries(facts))('%s', async (name, fact) => {
    const channel = await soft.connect(name);
    const { native: type, maxCount: count } = fact;
    expect(await channel.info()).toMatchObject({ type, count, read: true, write: true });
    for (let type = 0; type <= 38; type++) {
      const { status, count, bytes } = await channel.get(type, 0);
      const what = `${name} as DBR type ${type}`;
      expect(seen(status, type, count, bytes), what).toEqual(expected(fact, type));
    }
  });

  it('and a long text in pieces: 39 bytes as DBR_STRING, all of it as characters', async () => {
    const whole = 'a text of more than forty characters, which lsi can hold';
    const characters = await soft.connect('lsi.$');
    const bytes = Buffer.from(`${whole}\0`);
    expect(await characters.putNotify(4, bytes, bytes.length)).toBe(1);
    const read = await characters.get(4, 0);
    expect(read.bytes.toString('utf8', 0, read.count - 1)).toBe(whole);
    const text = await (await soft.connect('lsi')).get(0, 0);
    expect(text.bytes.toString('utf8', 0, 39)).toBe(whole.slice(0, 39));
  });
});
