import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { expected, seen } from '../support/dbr-facts.ts';
import { repository } from '../support/demo-ioc.ts';
import { facts } from '../support/every-record-type.ts';
import { type Libca, type LibcaChannel, libcaLoads, openLibca } from '../support/libca.ts';
import { eventually, string, textIn } from '../support/soft-ioc.ts';
import { softProcess } from '../support/soft-process.ts';

/** What is put to rows before they are read. */
const rows = {
  'waveform:doubles': [6, 3, Buffer.from(Float64Array.of(1.5, -2.5, 1e300).buffer)],
  'waveform:floats': [2, 2, Buffer.from(Float32Array.of(1.5, -0.25).buffer)],
  'waveform:bytes': [4, 3, Buffer.of(0, 127, 255)],
  'waveform:texts': [0, 2, Buffer.concat([Buffer.from('one'), Buffer.alloc(77)])],
  aai: [1, 2, Buffer.from(Int16Array.of(-1, 32767).buffer)],
  aao: [6, 2, Buffer.from(Float64Array.of(4294967295, 1).buffer)],
} as const;

const PUTFAIL = 160;
const database = join(repository, 'test/data/every-record-type.db');

// Where libca is missing the tests are skipped by name; a CI machine must have it.
describe.skipIf(!process.env['CI'] && !libcaLoads())('libca reads from twincat-ioc soft', () => {
  let scope: Scope;
  let libca: Libca;

  beforeAll(async () => {
    scope = new Scope();
    const { port } = await softProcess(scope, database);
    libca = scope.use(await openLibca(port));
    for (const [name, [type, count, bytes]] of Object.entries(rows)) {
      const channel = await connect(name);
      expect(await channel.putNotify(type, bytes, count), name).toBe(1);
    }
  }, 30_000);

  afterAll(() => scope[Symbol.asyncDispose]());

  it.each(Object.entries(facts))('%s as every DBR type', async (name, fact) => {
    const channel = await connect(name);
    const { native: type, maxCount: count, isReadOnly = false } = fact;
    expect(await channel.info()).toMatchObject({ type, count, read: true, write: !isReadOnly });
    for (let type = 0; type <= 38; type++) {
      const { status, count, bytes } = await channel.get(type, 0);
      const what = `${name} as DBR type ${type}`;
      expect(seen(status, type, count, bytes), what).toEqual(expected(fact, type));
    }
  });

  it('a long text in pieces: 39 bytes as DBR_STRING, all of it as characters', async () => {
    const whole = 'a text of more than forty characters, which lsi can hold';
    const characters = await connect('lsi.$');
    const bytes = Buffer.from(`${whole}\0`);
    expect(await characters.putNotify(4, bytes, bytes.length)).toBe(1);
    const read = await characters.get(4, 0);
    expect(read.bytes.toString('utf8', 0, read.count - 1)).toBe(whole);
    const text = await (await connect('lsi')).get(0, 0);
    expect(text.bytes.toString('utf8', 0, 39)).toBe(whole.slice(0, 39));
  });

  it('the first text of a row of them as characters', async () => {
    const channel = await connect('waveform:texts.VAL$');
    expect(await channel.info()).toMatchObject({ type: 4, count: 40, write: true });
    const { count, bytes } = await channel.get(4, 0);
    expect(bytes.subarray(0, count)).toEqual(Buffer.from('one\0'));
    expect(await (await connect('waveform:empty')).info()).toMatchObject({ type: 5 });
  });

  it('attributes of the record type, which say that they can be written and cannot', async () => {
    for (const [name, text] of [
      ['mbbo.RTYP', 'mbbo'],
      ['mbbo.VERS', 'none specified'],
    ] as const) {
      const channel = await connect(name);
      expect(await channel.info()).toMatchObject({ type: 0, count: 1, read: true, write: true });
      expect(textIn(await channel.get(0))).toBe(text);
      expect(await channel.putNotify(0, string('other')), name).toBe(PUTFAIL);
      expect(textIn(await channel.get(0))).toBe(text);
    }
  });

  it.each([
    ['compress.INP', 'ai NPP NMS'],
    ['sel.INPB', '81.25'],
    ['longout.PVAL', '65537'],
    ['menus:longout.PVAL', '0'],
    ['menus:ai.SSCN', '65535'],
    ['int64out:most.MLST', '9223372036854775807'],
    ['int64out:most.ALST', '9223372036854775807'],
    ['int64out:most.LALM', '9223372036854775807'],
    ['int64out.MLST', '-9007199254740993'],
    ['int64in:least.MLST', '-9223372036854775808'],
  ])('%s as the text %s', async (name, text) => {
    expect(textIn(await (await connect(name)).get(0))).toBe(text);
  });

  async function connect(name: string): Promise<LibcaChannel> {
    const channel = await libca.channel(name);
    await eventually(() => expect(channel.connected, name).toBe(true));
    return channel;
  }
});
