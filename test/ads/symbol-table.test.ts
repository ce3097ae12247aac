import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AdsSymbol,
  amsNetId,
  decodeSymbols,
  Port,
  read,
  SymbolFlag,
  symbolEntry,
  uploadInfo,
  uploadSymbols,
} from '../../src/ads/index.ts';
import { decoded, encoded, MalformedFrame, Writer } from '../../src/kernel/index.ts';
import { text, u16, u32 } from './arbitraries.ts';
import { bytes } from './bytes.ts';
import { ScriptedPeer } from './scripted-peer.ts';

const UNKEPT = SymbolFlag.typeGuid | SymbolFlag.attributes | SymbolFlag.extendedFlags;

const symbol: fc.Arbitrary<AdsSymbol> = fc.record({
  name: text(60),
  typeName: text(40),
  comment: text(40),
  group: u32,
  offset: u32,
  size: u32,
  dataType: u32,
  flags: u16.map((flags) => flags & ~UNKEPT),
  arrayDimensions: fc.array(
    fc.record({ lowerBound: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), length: u32 }),
    { maxLength: 3 },
  ),
});

// facts/ads.md section 7: 30 fixed bytes, three texts with NUL, then what the flags announce.
const bitEntry =
  '3d 00 00 00 21 f0 00 00 03 00 00 00 00 00 00 00 21 00 00 00 02 00 00 00 19 00 03 00 00 00 ' +
  '"Term 4 (EL2024).Channel 1" 00 "BIT" 00 00';

describe('a symbol entry', () => {
  it('is 30 bytes and three texts', () => {
    const wire = bytes(bitEntry);
    expect(wire.length).toBe(0x3d);
    const expected: AdsSymbol = {
      name: 'Term 4 (EL2024).Channel 1',
      typeName: 'BIT',
      comment: '',
      group: 0xf021,
      offset: 3,
      size: 0,
      dataType: 33,
      flags: SymbolFlag.bitValue,
      arrayDimensions: [],
    };
    expect(decoded(symbolEntry, wire, 'test')).toEqual(expected);
    expect(encoded(symbolEntry, expected)).toEqual(wire);
  });

  it('round-trips and rejects every truncation', () => {
    fc.assert(
      fc.property(symbol, fc.nat(), (value, cut) => {
        const wire = encoded(symbolEntry, value);
        expect(decoded(symbolEntry, wire, 'test')).toEqual(value);
        const short = wire.subarray(0, cut % wire.length);
        expect(() => decoded(symbolEntry, short, 'test')).toThrow(MalformedFrame);
      }),
    );
  });
});

describe('a symbol table', () => {
  it('steps by entry length over whatever else an entry holds', () => {
    const guid = '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f';
    const first = bytes(`${bitEntry} ${guid}`);
    first[0] = first.length;
    first[20] = SymbolFlag.typeGuid | SymbolFlag.bitValue;
    const names = decodeSymbols(new Uint8Array([...first, ...bytes(bitEntry)])).map((s) => s.name);
    expect(names).toEqual(['Term 4 (EL2024).Channel 1', 'Term 4 (EL2024).Channel 1']);
  });

  it('names the entry that is broken', () => {
    const second = bytes(bitEntry);
    second[24] = 0xff;
    const table = new Uint8Array([...bytes(bitEntry), ...second]);
    expect(() => decodeSymbols(table)).toThrow(/^Symbol 1 at byte 61 of the table: 3d 00/);
    expect(() => decodeSymbols(table)).toThrow(MalformedFrame);
  });

  it.each([0, 1, 29, 32])('does not stand still on an entry of length %i', (length) => {
    const wire = bytes(bitEntry);
    wire[0] = length;
    expect(() => decodeSymbols(wire)).toThrow(MalformedFrame);
  });

  it('ends, in no other way than MalformedFrame, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        try {
          decodeSymbols(noise);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedFrame);
        }
      }),
    );
  });
});

describe('upload info', () => {
  const info = { symbolCount: 377, symbolBytes: 40_000, dataTypeCount: 12, dataTypeBytes: 3000 };

  it.each([20, 24, 64])('may come in %i bytes', (length) => {
    const wire = new Uint8Array(length);
    wire.set(encoded(uploadInfo, info).subarray(0, Math.min(length, 24)));
    expect(decoded(uploadInfo, wire, 'test')).toEqual(info);
  });

  it('of 8 bytes knows no data types', () => {
    const wire = encoded(uploadInfo, info).subarray(0, 8);
    expect(decoded(uploadInfo, wire, 'test')).toEqual({
      ...info,
      dataTypeCount: 0,
      dataTypeBytes: 0,
    });
  });
});

describe('the upload of symbols', () => {
  const target = { netId: amsNetId('5.1.2.3.1.1'), port: Port.ioSymbols };

  /** A server with one symbol; `groups` says which groups it knows, others give 0x702. */
  function server(groups: readonly number[]): ScriptedPeer {
    const peer = new ScriptedPeer();
    const table = bytes(bitEntry);
    peer.onRequest = (request) => {
      const { group, length } = decoded(read.request, request.payload, 'test');
      const known = groups.includes(group);
      const info = { symbolCount: 1, symbolBytes: 61, dataTypeCount: 0, dataTypeBytes: 0 };
      const whole = group === 0xf00b ? table : encoded(uploadInfo, info);
      const answer = known
        ? { result: 0, bytes: whole.subarray(0, length) }
        : { result: 0x702, bytes: new Uint8Array(0) };
      queueMicrotask(() => peer.answer(request, encoded(read.response, answer)));
    };
    return peer;
  }

  it('asks for the size, then for the whole table', async () => {
    const peer = server([0xf00b, 0xf00f]);
    const symbols = await uploadSymbols(peer.client, target);
    expect(symbols.map((s) => s.name)).toEqual(['Term 4 (EL2024).Channel 1']);
    expect(peer.requests.length).toBe(2);
  });

  it('asks an older server in the older way', async () => {
    const peer = server([0xf00b, 0xf00c]);
    expect((await uploadSymbols(peer.client, target)).length).toBe(1);
    expect(peer.requests.length).toBe(3);
  });

  it('fails with the error of a server that has no symbols', async () => {
    await expect(uploadSymbols(server([]).client, target)).rejects.toThrow(
      'Read 0xf00c:0x0 (8 bytes) from 5.1.2.3.1.1:27905 refused: 0x702 unknown index group',
    );
  });

  it('does not ask for a table of absurd size', async () => {
    const peer = new ScriptedPeer();
    peer.onRequest = (request) => {
      const w = new Writer();
      for (const n of [0, 24, 1, 0xffff_ffff, 0, 0, 0, 0]) w.u32(n);
      queueMicrotask(() => peer.answer(request, w.take()));
    };
    await expect(uploadSymbols(peer.client, target)).rejects.toThrow('claims 4294967295 bytes');
  });
});
