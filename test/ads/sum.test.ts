import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addNotification,
  amsNetId,
  CommandId,
  deleteNotification,
  type Place,
  Port,
  type ReadWriteRequest,
  read,
  readWrite,
  type SumBytes,
  sumAddAnswer,
  sumAddNotifications,
  sumAddRequest,
  sumDeleteNotifications,
  sumRead,
  sumReadAnswer,
  sumReadRequest,
  sumReadWrite,
  sumReadWriteAnswer,
  sumReadWriteRequest,
  sumWords,
  sumWrite,
  sumWriteRequest,
  type WriteRequest,
  write,
} from '../../src/ads/index.ts';
import { type Codec, decoded, encoded, MalformedFrame } from '../../src/kernel/index.ts';
import { blob, u32 } from './arbitraries.ts';
import { bytes, hex } from './bytes.ts';
import { ScriptedPeer, type Seen } from './scripted-peer.ts';

const target = { netId: amsNetId('5.1.2.3.1.1'), port: Port.ioSymbols };
const elsewhere = { ...target, port: Port.plc };

/** Bytes that tell where they were read; odd offsets do not exist. */
function readFrom({ offset, length }: Place) {
  return offset % 2 === 1
    ? { result: 0x703, bytes: new Uint8Array(0) }
    : { result: 0, bytes: new Uint8Array(length).fill(offset) };
}

/** Offsets that are even stand for what works. */
const resultAt = (offset: number) => (offset % 2 === 1 ? 0x703 : 0);

/** A server that knows sum commands, or refuses them with a code. */
function server(options: { readonly sums: boolean; readonly refusal?: number }): ScriptedPeer {
  const peer = new ScriptedPeer();
  peer.onRequest = (request) => {
    const answer = answerTo(request, options);
    queueMicrotask(() => peer.answer(request, answer));
  };
  return peer;
}

function answerTo(
  { header, payload }: Seen,
  { sums, refusal = 0x701 }: { readonly sums: boolean; readonly refusal?: number },
): Uint8Array {
  switch (header.command) {
    case CommandId.read:
      return encoded(read.response, readFrom(decoded(read.request, payload, 'read')));
    case CommandId.write: {
      const { offset } = decoded(write.request, payload, 'write');
      return encoded(write.response, { result: resultAt(offset) });
    }
    case CommandId.addNotification: {
      const { offset } = decoded(addNotification.request, payload, 'add');
      return encoded(addNotification.response, { result: resultAt(offset), handle: offset + 7 });
    }
    case CommandId.deleteNotification: {
      const { handle } = decoded(deleteNotification.request, payload, 'delete');
      return encoded(deleteNotification.response, { result: resultAt(handle) });
    }
    default: {
      const request = decoded(readWrite.request, payload, 'sum');
      if (request.group < 0xf080) {
        const { bytes: echo } = request;
        return encoded(readWrite.response, { result: 0, bytes: echo });
      }
      const data = sums ? sumAnswer(request.group, request.offset, request.bytes) : bytes('');
      return encoded(readWrite.response, { result: sums ? 0 : refusal, bytes: data });
    }
  }
}

function sumAnswer(group: number, parts: number, data: Uint8Array): Uint8Array {
  switch (group) {
    case 0xf080: {
      const places = decoded(sumReadRequest(parts), data, 'it');
      return encoded(sumReadAnswer(places.map(({ length }) => length)), places.map(readFrom));
    }
    case 0xf081: {
      const writes = decoded(sumWriteRequest(parts), data, 'it');
      return encoded(
        sumWords(parts),
        writes.map(({ offset }) => resultAt(offset)),
      );
    }
    case 0xf082: {
      const requests = decoded(sumReadWriteRequest(parts), data, 'it');
      return encoded(
        sumReadWriteAnswer(parts),
        requests.map(({ bytes: echo }) => ({ result: 0, bytes: echo })),
      );
    }
    case 0xf085: {
      const requests = decoded(sumAddRequest(parts), data, 'it');
      return encoded(
        sumAddAnswer(parts),
        requests.map(({ offset }) => ({
          result: resultAt(offset),
          handle: resultAt(offset) === 0 ? offset + 7 : 0,
        })),
      );
    }
    default: {
      const handles = decoded(sumWords(parts), data, 'it');
      return encoded(sumWords(parts), handles.map(resultAt));
    }
  }
}

function places(count: number, length = 2): Place[] {
  return Array.from({ length: count }, (_, i) => ({ group: 0xf020, offset: i % 200, length }));
}

describe('a sum', () => {
  it('sends the request of the facts', async () => {
    const peer = server({ sums: true });
    await sumRead(peer.client, target, [
      { group: 0xf021, offset: 3, length: 1 },
      { group: 0xf031, offset: 9, length: 2 },
    ]);
    expect(hex(peer.requests[0]?.payload ?? bytes(''))).toBe(
      '80 f0 00 00 02 00 00 00 0b 00 00 00 18 00 00 00 ' +
        '21 f0 00 00 03 00 00 00 01 00 00 00 31 f0 00 00 09 00 00 00 02 00 00 00',
    );
  });

  it.each([true, false])('gives each part its own result (server knows sums: %s)', async (sums) => {
    const { client } = server({ sums });
    const request = { group: 1, length: 2, mode: 4, maxDelay: 0, cycleTime: 0 };
    expect(await sumRead(client, target, places(3))).toEqual([
      { result: 0, bytes: bytes('00 00') },
      { result: 0x703, bytes: bytes('') },
      { result: 0, bytes: bytes('02 02') },
    ]);
    const writes = places(2).map((place) => ({ ...place, bytes: bytes('01') }));
    expect(await sumWrite(client, target, writes)).toEqual([{ result: 0 }, { result: 0x703 }]);
    const exchanges = [bytes('aa'), bytes('bb cc')].map((each) => ({
      group: 1,
      offset: 0,
      readLength: 4,
      bytes: each,
    }));
    expect(await sumReadWrite(client, target, exchanges)).toEqual([
      { result: 0, bytes: bytes('aa') },
      { result: 0, bytes: bytes('bb cc') },
    ]);
    const adds = [0, 1, 2].map((offset) => ({ ...request, offset }));
    expect(await sumAddNotifications(client, target, adds)).toEqual([
      { result: 0, handle: 7 },
      { result: 0x703, handle: 0 },
      { result: 0, handle: 9 },
    ]);
    expect(await sumDeleteNotifications(client, target, [8, 9])).toEqual([
      { result: 0 },
      { result: 0x703 },
    ]);
  });

  it('is cut into 500 parts', async () => {
    const peer = server({ sums: true });
    expect((await sumRead(peer.client, target, places(1201))).length).toBe(1201);
    expect(peer.requests.map(({ payload }) => payload[4] ?? 0)).toEqual([
      500 & 0xff,
      500 & 0xff,
      201,
    ]);
  });

  it('is cut where the request or the answer grows too big', async () => {
    const peer = server({ sums: true });
    await sumRead(peer.client, target, places(10, 96), { maxBytes: 300 });
    expect(peer.requests.length).toBe(4);
    const writes = places(10).map((place) => ({ ...place, bytes: new Uint8Array(88) }));
    await sumWrite(peer.client, target, writes, { maxBytes: 300 });
    expect(peer.requests.length).toBe(8);
  });

  it('sends a part alone that is bigger than any request should be', async () => {
    const peer = server({ sums: true });
    const both = [...places(1, 400), ...places(2, 2)];
    const answers = await sumRead(peer.client, target, both, { maxBytes: 300 });
    expect(answers[0]?.bytes.length).toBe(400);
    expect(peer.requests.map(({ header }) => header.command)).toEqual([
      CommandId.read,
      CommandId.readWrite,
    ]);
  });

  it('of nothing sends nothing', async () => {
    const peer = server({ sums: true });
    expect(await sumRead(peer.client, target, [])).toEqual([]);
    expect(peer.requests).toEqual([]);
  });

  it.each([0x701, 0x702])('asks a server once that answers 0x%s', async (refusal) => {
    const peer = server({ sums: false, refusal });
    expect((await sumRead(peer.client, target, places(1201))).length).toBe(1201);
    expect(peer.requests.length).toBe(1 + 1201);
    await sumRead(peer.client, target, places(2));
    expect(peer.requests.length).toBe(1 + 1201 + 2);
    // Other commands and other servers are questions of their own.
    await sumWrite(
      peer.client,
      target,
      [1, 2].map(() => ({ group: 1, offset: 0, bytes: bytes('') })),
    );
    expect(peer.requests.length).toBe(1 + 1201 + 2 + 3);
    await sumRead(peer.client, elsewhere, places(2));
    expect(peer.requests.length).toBe(1 + 1201 + 2 + 3 + 3);
  });

  it('of any size fits the queue of the client, part by part as well', async () => {
    const { client } = server({ sums: false });
    expect((await sumRead(client, target, places(20_000))).length).toBe(20_000);
  });

  it('fails as a whole for other reasons', async () => {
    const peer = server({ sums: false, refusal: 0x707 });
    await expect(sumRead(peer.client, target, places(2))).rejects.toMatchObject({ adsCode: 0x707 });
    expect(peer.requests.length).toBe(1);
  });

  it('fails when the answer is too short for its parts', async () => {
    const peer = new ScriptedPeer();
    peer.onRequest = (request) => {
      const answer = encoded(readWrite.response, { result: 0, bytes: bytes('00 00 00 00') });
      queueMicrotask(() => peer.answer(request, answer));
    };
    await expect(sumRead(peer.client, target, places(2))).rejects.toThrow(
      /^Answer to sum read of 2 parts on 5.1.2.3.1.1:27905: 00 00 00 00/,
    );
  });

  it('can be aborted', async () => {
    const { client } = new ScriptedPeer();
    const abort = new AbortController();
    const asked = sumRead(client, target, places(2), {}, abort.signal);
    abort.abort(new Error('never mind'));
    await expect(asked).rejects.toThrow('never mind');
  });
});

describe('the codecs of sums', () => {
  const answer = fc.record({ result: u32, bytes: blob });
  const writeRequest = fc.record({ group: u32, offset: u32, bytes: blob });
  const add = { group: u32, offset: u32, length: u32, mode: u32, maxDelay: u32, cycleTime: u32 };

  /** Read as written, and rejected wherever cut. */
  function survives<T>(
    value: fc.Arbitrary<T[]>,
    codecOf: (values: readonly T[]) => Codec<readonly T[]>,
  ) {
    fc.assert(
      fc.property(value, fc.nat(), (values, at) => {
        const codec = codecOf(values);
        const wire = encoded(codec, values);
        expect(decoded(codec, wire, 'it')).toEqual(values);
        if (wire.length === 0) return;
        const cut = wire.subarray(0, at % wire.length);
        expect(() => decoded(codec, cut, 'it')).toThrow(MalformedFrame);
      }),
    );
  }

  it('read what they wrote, and reject what is cut', () => {
    const some = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 6 });
    survives(some(fc.record({ group: u32, offset: u32, length: u32 })), (v) =>
      sumReadRequest(v.length),
    );
    survives<SumBytes>(some(answer), (v) => sumReadAnswer(v.map((part) => part.bytes.length)));
    survives<WriteRequest>(some(writeRequest), (v) => sumWriteRequest(v.length));
    survives<ReadWriteRequest>(
      some(fc.record({ group: u32, offset: u32, readLength: u32, bytes: blob })),
      (v) => sumReadWriteRequest(v.length),
    );
    survives<SumBytes>(some(answer), (v) => sumReadWriteAnswer(v.length));
    survives(some(fc.record(add)), (v) => sumAddRequest(v.length));
    survives(some(fc.record({ result: u32, handle: u32 })), (v) => sumAddAnswer(v.length));
    survives(some(u32), (v) => sumWords(v.length));
  });

  it('make nothing of a number of parts that the bytes do not hold', () => {
    expect(() => decoded(sumReadRequest(0xffff_ffff), bytes('00'), 'it')).toThrow(MalformedFrame);
  });
});
