import { describe, expect, it } from 'vitest';
import {
  type AdsSymbol,
  deleteNotification,
  read,
  readWrite,
  symbolEntry,
  uploadInfo,
  write,
} from '../../src/ads/index.ts';
import { Reader, Writer } from '../../src/kernel/index.ts';
import { symbolTable } from '../../src/simulator/index.ts';
import { at, bytes, hex, type Peer } from './support/peer.ts';
import { chain, definitions, MASTER, SYSTEM } from './support/plant.ts';
import { serve } from './support/serve.ts';

const symbols = at(SYSTEM, 27905);
const OUTPUT = 'Term 2 (EL2024).Channel 2';
const VALUE = 'Term 4 (EL3104).AI Standard Channel 1.Value';

const text = (name: string) => Buffer.from(`${name}\0`);
const u32 = (...numbers: number[]) => {
  const w = new Writer();
  for (const number of numbers) w.u32(number);
  return w.take();
};

async function readHex(peer: Peer, group: number, offset: number, length: number) {
  const answer = await peer.ask(symbols, read, { group, offset, length });
  return answer.result === 0 ? hex(answer.bytes) : `0x${answer.result.toString(16)}`;
}

async function writeResult(peer: Peer, group: number, offset: number, data: string) {
  return (await peer.ask(symbols, write, { group, offset, bytes: bytes(data) })).result;
}

async function exchange(peer: Peer, group: number, offset: number, data: Uint8Array, back = 4096) {
  return await peer.ask(symbols, readWrite, { group, offset, readLength: back, bytes: data });
}

async function handleOf(peer: Peer, name: string): Promise<number> {
  const { result, bytes: data } = await exchange(peer, 0xf003, 0, text(name), 4);
  if (result !== 0) throw new Error(`0x${result.toString(16)}`);
  return new Reader(data).u32();
}

describe('symbol server', () => {
  it('serves the table that symbolTable tells without serving', async () => {
    await using setup = await serve();
    const answer = await setup.peer.ask(symbols, read, { group: 0xf00f, offset: 0, length: 24 });
    const info = uploadInfo.decode(new Reader(answer.bytes));
    expect(answer.bytes).toHaveLength(24);
    const table = await setup.peer.ask(symbols, read, {
      group: 0xf00b,
      offset: 0,
      length: info.symbolBytes,
    });
    const r = new Reader(table.bytes);
    const entries: AdsSymbol[] = [];
    while (r.remaining > 0) entries.push(symbolEntry.decode(r));
    expect(entries).toHaveLength(info.symbolCount);
    expect(entries).toEqual(symbolTable(chain, definitions));
  });

  it('tells counts in the short form too, and the sizes of the images', async () => {
    await using setup = await serve();
    expect(await readHex(setup.peer, 0xf00c, 0, 8)).toHaveLength(23);
    expect(await readHex(setup.peer, 0xf025, 0, 4)).toMatch(/^.. 00 00 00$/);
    expect(await readHex(setup.peer, 0xf035, 0, 4)).toMatch(/^.. 00 00 00$/);
    expect(await readHex(setup.peer, 0xf008, 0, 1)).toBe('01');
    expect(await readHex(setup.peer, 0xf100, 0, 4)).toBe('05 00 00 00');
    expect(await readHex(setup.peer, 0xf100, 2, 2)).toBe('00 00');
  });

  it('is one memory by bit, by byte, by handle and by name', async () => {
    await using setup = await serve();
    const { peer, simulator } = setup;
    expect(await writeResult(peer, 0xf021, 1, '01')).toBe(0);
    const handle = await handleOf(peer, OUTPUT);
    expect(await readHex(peer, 0xf005, handle, 1)).toBe('01');
    expect(await readHex(peer, 0xf020, 0, 1)).toBe('02');
    expect(hex((await exchange(peer, 0xf004, 0, text(OUTPUT))).bytes)).toBe('01');
    expect(simulator.read(OUTPUT)).toBe(1);

    expect(await writeResult(peer, 0xf005, handle, '00')).toBe(0);
    expect(await readHex(peer, 0xf021, 1, 1)).toBe('00');
    const byName = Buffer.concat([text(OUTPUT), bytes('01')]);
    expect(
      (await peer.ask(symbols, write, { group: 0xf004, offset: 0, bytes: byName })).result,
    ).toBe(0);
    expect(await readHex(peer, 0xf020, 0, 1)).toBe('02');
  });

  it('reads members by path, and fields of a word by handle', async () => {
    await using setup = await serve();
    const { peer, simulator } = setup;
    simulator.write(VALUE, -2);
    expect(await readHex(peer, 0xf005, await handleOf(peer, VALUE), 2)).toBe('fe ff');
    const limit = 'Term 4 (EL3104).AI Standard Channel 1.Status__Limit 1';
    expect(await writeResult(peer, 0xf005, await handleOf(peer, limit), '03')).toBe(0);
    expect(Number(simulator.read('Term 4 (EL3104).AI Standard Channel 1.Status')) & 0xff).toBe(
      0x0c,
    );
    expect(await readHex(peer, 0xf005, await handleOf(peer, limit), 1)).toBe('03');
  });

  it('releases a handle when it was released as often as asked for', async () => {
    await using setup = await serve();
    const { peer } = setup;
    const handle = await handleOf(peer, OUTPUT);
    expect(await handleOf(peer, OUTPUT)).toBe(handle);
    expect(await writeResult(peer, 0xf006, 0, hex(u32(handle)))).toBe(0);
    expect(await readHex(peer, 0xf005, handle, 1)).toBe('00');
    expect(await writeResult(peer, 0xf006, 0, hex(u32(handle)))).toBe(0);
    expect(await readHex(peer, 0xf005, handle, 1)).toBe('0x710');
    expect(await writeResult(peer, 0xf006, 0, hex(u32(handle)))).toBe(0x710);
  });

  it('describes symbols and structures by name', async () => {
    await using setup = await serve();
    const info = await exchange(setup.peer, 0xf009, 0, text(VALUE));
    expect(symbolEntry.decode(new Reader(info.bytes))).toMatchObject({
      name: VALUE,
      typeName: 'INT',
      size: 2,
      dataType: 2,
    });
    const type = await exchange(setup.peer, 0xf011, 0, text('AI Standard Channel 1_TYPE'));
    const r = new Reader(type.bytes);
    expect(r.u32()).toBe(type.bytes.length);
    r.skip(12);
    expect([r.u32(), r.u32(), r.u32()]).toEqual([4, 0, 65]);
    expect(Buffer.from(type.bytes).toString('latin1')).toMatch(/Status\0UINT\0.*Value\0INT\0/s);
    expect(Buffer.from(type.bytes).toString('latin1')).not.toContain('Limit');
    expect((await exchange(setup.peer, 0xf011, 0, text('INT'))).result).toBe(0x710);
  });

  it('refuses what is not there with the code for it', async () => {
    await using setup = await serve();
    const { peer } = setup;
    expect((await exchange(peer, 0xf003, 0, text('Nothing'), 4)).result).toBe(0x710);
    expect((await exchange(peer, 0xf009, 0, text('Nothing'))).result).toBe(0x710);
    expect(await readHex(peer, 0xf005, 0xdead, 1)).toBe('0x710');
    expect(await readHex(peer, 0x4020, 0, 1)).toBe('0x702');
    expect(await readHex(peer, 0xf020, 0xffff, 1)).toBe('0x703');
    expect(await readHex(peer, 0xf020, 0, 0xffff)).toBe('0x705');
    expect(await readHex(peer, 0xf00b, 0, 10)).toBe('0x705');
    expect(await writeResult(peer, 0xf005, await handleOf(peer, VALUE), '01')).toBe(0x705);
    expect(await writeResult(peer, 0xf00b, 0, '01')).toBe(0x702);
  });
});

describe('sum commands', () => {
  it('reads several places, padded to what was asked, each with its result', async () => {
    await using setup = await serve();
    await writeResult(setup.peer, 0xf020, 0, '05');
    const parts = u32(0xf021, 0, 1, 0x4020, 0, 2, 0xf020, 0, 1);
    const { bytes: data } = await exchange(setup.peer, 0xf080, 3, parts);
    expect(hex(data)).toBe('00 00 00 00 02 07 00 00 00 00 00 00 01 00 00 05');
  });

  it('tells lengths in the extended forms, the last of them without padding', async () => {
    await using setup = await serve();
    await writeResult(setup.peer, 0xf020, 0, '05');
    const parts = u32(0x4020, 0, 2, 0xf020, 0, 1);
    const heads = '02 07 00 00 00 00 00 00 00 00 00 00 01 00 00 00';
    expect(hex((await exchange(setup.peer, 0xf083, 2, parts)).bytes)).toBe(`${heads} 00 00 05`);
    expect(hex((await exchange(setup.peer, 0xf084, 2, parts)).bytes)).toBe(`${heads} 05`);
  });

  it('writes several places', async () => {
    await using setup = await serve();
    const heads = u32(0xf021, 0, 1, 0xf021, 0xffff, 1, 0xf021, 3, 1);
    const { bytes: data } = await exchange(
      setup.peer,
      0xf081,
      3,
      Buffer.concat([heads, bytes('01 01 01')]),
    );
    expect(hex(data)).toBe('00 00 00 00 03 07 00 00 00 00 00 00');
    expect(await readHex(setup.peer, 0xf020, 0, 1)).toBe('09');
  });

  it('exchanges several, such as names for handles', async () => {
    await using setup = await serve();
    const [first, second] = [text(OUTPUT), text('Nothing')];
    const heads = u32(0xf003, 0, 4, first.length, 0xf003, 0, 4, second.length);
    const { bytes: data } = await exchange(
      setup.peer,
      0xf082,
      2,
      Buffer.concat([heads, first, second]),
    );
    const r = new Reader(data);
    expect([r.u32(), r.u32(), r.u32(), r.u32()]).toEqual([0, 4, 0x710, 0]);
    expect(await readHex(setup.peer, 0xf005, r.u32(), 1)).toBe('00');
  });

  it('adds and deletes notifications, each with its result', async () => {
    await using setup = await serve();
    const head = (group: number, mode: number) =>
      Buffer.concat([u32(group, 0, 1, mode, 0, 0), new Uint8Array(16)]);
    const { bytes: data } = await exchange(
      setup.peer,
      0xf085,
      3,
      Buffer.concat([head(0xf020, 4), head(0x4020, 4), head(0xf020, 10)]),
    );
    const r = new Reader(data);
    const [result, handle] = [r.u32(), r.u32()];
    expect(result).toBe(0);
    expect([r.u32(), r.u32(), r.u32(), r.u32()]).toEqual([0x702, 0, 0x713, 0]);
    const deleted = await exchange(setup.peer, 0xf086, 2, u32(handle, 4711));
    expect(hex(deleted.bytes)).toBe('00 00 00 00 14 07 00 00');
    expect((await setup.peer.ask(symbols, deleteNotification, { handle })).result).toBe(0x714);
  });

  it('refuses more than 500 parts, parts cut short, answers that do not fit, and sums of sums', async () => {
    await using setup = await serve();
    const result = async (...args: [number, number, Uint8Array, number?]) =>
      (await exchange(setup.peer, ...args)).result;
    expect(await result(0xf080, 501, new Uint8Array(501 * 12))).toBe(0x705);
    expect(await result(0xf080, 2, u32(0xf020, 0, 1))).toBe(0x705);
    expect(await result(0xf080, 1, u32(0xf020, 0, 1), 4)).toBe(0x705);
    expect(await result(0xf080, 2, u32(0xf020, 0, 0xffff_ffff, 0xf020, 0, 0xffff_ffff))).toBe(
      0x705,
    );
    const nested = await exchange(
      setup.peer,
      0xf082,
      1,
      Buffer.concat([u32(0xf080, 1, 100, 12), u32(0xf020, 0, 1)]),
    );
    expect(hex(nested.bytes)).toBe('02 07 00 00 00 00 00 00');
  });

  it('are unknown to mailboxes', async () => {
    await using setup = await serve();
    const request = {
      group: 0xf080,
      offset: 1,
      readLength: 64,
      bytes: u32(0xf302, 0x1018_0001, 4),
    };
    expect((await setup.peer.ask(at(MASTER, 1004), readWrite, request)).result).toBe(0x702);
  });
});
