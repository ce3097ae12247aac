import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amsNetId,
  type DataTypeEntry,
  DataTypeFlag,
  dataTypeEntry,
  decodeDataTypes,
  Port,
  read,
  uploadDataTypes,
  uploadInfo,
  uploadSymbols,
} from '../../src/ads/index.ts';
import { decoded, encoded, MalformedFrame, Writer } from '../../src/kernel/index.ts';
import { text, u16, u32 } from './arbitraries.ts';
import { ScriptedPeer } from './scripted-peer.ts';

const target = { netId: amsNetId('5.1.2.3.1.1'), port: Port.ioSymbols };

const leaf = {
  name: text(20),
  typeName: text(20),
  comment: text(20),
  size: fc.integer({ min: 0, max: 8 }),
  offset: u32,
  dataType: u16,
  flags: fc.constantFrom(DataTypeFlag.dataType, DataTypeFlag.dataItem | DataTypeFlag.bitValues),
  arrayDimensions: fc.array(
    fc.record({ lowerBound: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), length: u32 }),
    { maxLength: 3 },
  ),
  attributes: fc.array(fc.record({ name: text(10), value: text(10) }), { maxLength: 3 }),
};

function entryOf(members: fc.Arbitrary<DataTypeEntry[]>): fc.Arbitrary<DataTypeEntry> {
  return fc
    .record({ ...leaf, members, names: fc.array(text(9), { maxLength: 3 }) })
    .map((entry) => {
      const { names, ...rest } = entry;
      const enumMembers = names.map((name, i) => ({
        name,
        value: BigInt.asIntN(8 * entry.size, BigInt(i) - 1n),
      }));
      const flags =
        entry.flags |
        (entry.attributes.length > 0 ? DataTypeFlag.attributes : 0) |
        (enumMembers.length > 0 ? DataTypeFlag.enumMembers : 0);
      return { ...rest, flags, enumMembers };
    });
}

const entry = entryOf(fc.array(entryOf(fc.constant([])), { maxLength: 4 }));

function tableOf(entries: readonly DataTypeEntry[]): Uint8Array {
  const w = new Writer();
  for (const each of entries) dataTypeEntry.encode(w, each);
  return w.take();
}

const simple: DataTypeEntry = {
  name: 'T',
  typeName: 'INT',
  comment: '',
  size: 2,
  offset: 0,
  dataType: 2,
  flags: DataTypeFlag.dataType,
  arrayDimensions: [],
  members: [],
  attributes: [],
  enumMembers: [],
};

describe('the table of data types', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
        expect(decodeDataTypes(tableOf(entries))).toEqual(entries);
      }),
    );
  });

  it('is rejected when its last entry is cut', () => {
    fc.assert(
      fc.property(entry, fc.nat(), (last, at) => {
        const whole = tableOf([simple, last]);
        const first = tableOf([simple]).length;
        const cut = first + 1 + (at % (whole.length - first - 1));
        expect(() => decodeDataTypes(whole.subarray(0, cut))).toThrow(/^Data type 1 at byte/);
      }),
    );
  });

  it('keeps the layout of a type whose last parts nobody told us of', () => {
    const bytes = tableOf([{ ...simple, flags: simple.flags }]);
    // As if there were methods, of which there are no bytes.
    new DataView(bytes.buffer).setUint32(28, DataTypeFlag.methods | DataTypeFlag.enumMembers, true);
    expect(decodeDataTypes(bytes)).toMatchObject([{ name: 'T', size: 2, enumMembers: [] }]);
  });

  it('skips methods', () => {
    const head = tableOf([simple]);
    const methods = [2, 0, 6, 0, 0, 0, 1, 2, 4, 0, 0, 0];
    const attributes = [1, 0, 1, 0, 0x61, 0, 0];
    const bytes = Uint8Array.from([...head, ...methods, ...attributes]);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, bytes.length, true);
    view.setUint32(28, DataTypeFlag.methods | DataTypeFlag.attributes, true);
    expect(decodeDataTypes(bytes)).toMatchObject([{ attributes: [{ name: 'a', value: '' }] }]);
  });

  it('does not follow entries in entries without end', () => {
    let deep: DataTypeEntry = simple;
    for (let i = 0; i < 20; i++) deep = { ...simple, members: [deep] };
    expect(() => decodeDataTypes(tableOf([deep]))).toThrow(MalformedFrame);
  });

  it('never fails but as malformed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        try {
          decodeDataTypes(noise);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedFrame);
        }
      }),
    );
  });
});

describe('the upload of data types', () => {
  const types = Array.from({ length: 20 }, (_, i) => ({ ...simple, name: `Type${i}` }));
  const table = tableOf(types);

  type Reading = { readonly group: number; readonly offset: number; readonly length: number };

  /** A server with a table, which `page` reads from. */
  function server(page: (reading: Reading) => Uint8Array | number) {
    const lengths: number[] = [];
    const peer = new ScriptedPeer();
    peer.onRequest = (request) => {
      const place = decoded(read.request, request.payload, 'test');
      const size = { symbolCount: 0, symbolBytes: table.length };
      const info = { ...size, dataTypeCount: 20, dataTypeBytes: table.length };
      if (place.group !== 0xf00f) lengths.push(place.length);
      const data = place.group === 0xf00f ? encoded(uploadInfo, info) : page(place);
      const answer =
        typeof data === 'number'
          ? { result: data, bytes: new Uint8Array(0) }
          : { result: 0, bytes: data };
      queueMicrotask(() => peer.answer(request, encoded(read.response, answer)));
    };
    return { client: peer.client, lengths };
  }

  const byOffset = ({ offset, length }: Reading) => table.slice(offset, offset + length);

  it('comes in one read', async () => {
    const { client, lengths } = server(byOffset);
    expect(await uploadDataTypes(client, target)).toEqual(types);
    expect(lengths).toEqual([table.length]);
  });

  it('comes in pages for transports with message limits', async () => {
    const { client, lengths } = server(byOffset);
    expect(await uploadDataTypes(client, target, { maxReadBytes: 300 })).toEqual(types);
    expect(Math.max(...lengths)).toBe(300);
    expect(lengths.reduce((sum, n) => sum + n, 0)).toBe(table.length);
  });

  it.each<[string, (reading: Reading) => Uint8Array | number]>([
    ['gives the first page again', ({ length }) => table.slice(0, length)],
    ['refuses a part', ({ length }) => (length < table.length ? 0x705 : table)],
    ['refuses an offset', (place) => (place.offset > 0 ? 0x703 : byOffset(place))],
    ['gives more than was asked', () => new Uint8Array(table.length + 1)],
    ['gives nothing', () => new Uint8Array(0)],
  ])('says so when the server %s', async (_, page) => {
    const { client } = server(page);
    await expect(uploadDataTypes(client, target, { maxReadBytes: 300 })).rejects.toThrow(
      'Data type table of 5.1.2.3.1.1:27905: the server does not give it in pages',
    );
  });

  it('fails in pages as symbols do', async () => {
    const { client } = server(() => 0x705);
    await expect(uploadSymbols(client, target, { maxReadBytes: 300 })).rejects.toThrow(
      /^Symbol table of 5.1.2.3.1.1:27905: the server does not/,
    );
  });
});
