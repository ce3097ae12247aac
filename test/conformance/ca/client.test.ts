import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaClient } from '../../../src/ca/client/client.ts';
import { ClientChannel } from '../../../src/ca/client/client-channel.ts';
import { type CircuitHost, ClientCircuit } from '../../../src/ca/client/client-circuit.ts';
import { readingOf } from '../../../src/ca/client/reading.ts';
import type { WriteOutcome } from '../../../src/ca/client/request.ts';
import { Base, Family, type Reading } from '../../../src/ca/index.ts';
import { systemClock } from '../../../src/kernel/index.ts';
import { EventMask, type PvValue } from '../../../src/pv/index.ts';
import { bytesOf, message, plain, text } from '../../support/ca-circuit.ts';

/** Id of a circuit's first request. */
const FIRST = 0x8000_0000;

/** A circuit to 10.0.0.1 with one channel, X, whose id is 7 and the server's is 9. */
function rig({ type = 6, count = 1 } = {}) {
  let id = 99;
  const told: string[] = [];
  const host: CircuitHost = {
    ...{ user: 'ada', host: 'desk', maxArrayBytes: 1000, clock: systemClock },
    refused: ({ name }) => told.push(`refused ${name}`),
    found: (cid, { address, port }) => told.push(`found ${cid} ${address}:${port}`),
    exception: (line) => told.push(line),
  };
  const client = { nextId: () => ++id, forget: () => {} } as unknown as CaClient;
  const circuit = new ClientCircuit(host, { address: '10.0.0.1', port: 5064 }, 3, () => {});
  const channel = new ClientChannel(client, { name: 'X', cid: 7, priority: 3 }, {});
  const sent = () => {
    const hex = Buffer.from(circuit.output.pending()).toString('hex');
    circuit.output.reset(true);
    return hex;
  };
  const receive = (...messages: string[]) => {
    for (const each of messages) circuit.receive(bytesOf(each));
  };
  const opened = () => {
    circuit.open(channel);
    receive(message(22, '', { p1: 7, p2: 3 }), message(18, '', { type, count, p1: 7, p2: 9 }));
    sent();
    return { circuit, channel, sent, receive, told };
  };
  return { circuit, channel, sent, receive, told, opened };
}

describe('a new circuit', () => {
  it('says version, priority, user and host, then creates its channels', () => {
    const { circuit, channel, sent } = rig();
    circuit.open(channel);
    expect(sent()).toBe(
      [
        message(0, '', { type: 3, count: 13 }),
        message(20, text('ada')),
        message(21, text('desk')),
        message(18, text('X'), { p1: 7, p2: 13 }),
      ].join(''),
    );
  });
});

describe('CREATE_CHAN', () => {
  it('tells native type, count and rights', () => {
    const { channel } = rig({ type: 3, count: 1 }).opened();
    expect(channel.info).toEqual({ server: '10.0.0.1:5064', type: Base.enum, count: 1 });
    expect([channel.connected, channel.readable, channel.writable]).toEqual([true, true, true]);
  });

  it('for a channel that was closed meanwhile is undone', () => {
    const { circuit, channel, sent, receive } = rig();
    circuit.open(channel);
    circuit.close(channel);
    sent();
    receive(message(18, '', { type: 6, count: 1, p1: 7, p2: 9 }));
    expect(sent()).toBe(message(12, '', { p1: 9, p2: 7 }));
  });

  it('of a larger array comes with the extended header', () => {
    const { circuit, channel, receive } = rig();
    circuit.open(channel);
    receive('0012 ffff 0006 0000 00000007 00000009 00000000 000f4240');
    expect(channel.info?.count).toBe(1_000_000);
  });

  it('that failed lets the channel be searched again, and so does SERVER_DISCONN', () => {
    const failed = rig();
    failed.circuit.open(failed.channel);
    failed.receive(message(26, '', { p1: 7 }));
    expect(failed.told).toEqual(['refused X']);
    const dropped = rig().opened();
    dropped.receive(message(27, '', { p1: 7 }));
    expect(dropped.told).toEqual(['refused X']);
    expect(dropped.channel.connected).toBe(false);
  });
});

describe('a request', () => {
  it('READ_NOTIFY asks for a type and as many elements as there are', async () => {
    const { channel, sent, receive } = rig().opened();
    const outcome = channel.read({ family: Family.time }, 5);
    expect(sent()).toBe(message(15, '', { type: 20, count: 0, p1: 9, p2: FIRST }));
    const payload = '0003 0002 0000004d 00000005 00000000 4004000000000000';
    receive(message(15, payload, { type: 20, count: 1, p1: 1, p2: FIRST }));
    expect(await outcome).toMatchObject({
      reading: { value: 2.5, status: 3, severity: 2, seconds: 77, nanoseconds: 5 },
    });
  });

  it.each<[string, PvValue, number, number, string]>([
    ['a double', 2.5, 6, 6, '4004000000000000'],
    ['a number for a text', 2.5, 0, 6, '4004000000000000'],
    ['a long', -2, 5, 5, 'fffffffe00000000'],
    ['an enum', 3, 3, 3, '0003000000000000'],
    ['a text as long as it is', 'abc', 6, 0, '6162630000000000'],
    ['an integer that no double holds', 2n ** 60n, 6, 0, text('1152921504606846976')],
  ])('WRITE_NOTIFY carries %s', async (_, value, native, type, payload) => {
    const { channel, sent, receive } = rig({ type: native }).opened();
    const outcome = channel.writeNotify(value, 5);
    expect(sent()).toBe(message(19, payload, { type, count: 1, p1: 9, p2: FIRST }));
    receive(message(19, '', { type, count: 1, p1: 1, p2: FIRST }));
    expect(await outcome).toEqual({ kind: 'done' });
  });

  it('WRITE carries a row', () => {
    const { channel, sent } = rig({ type: 1, count: 5 }).opened();
    expect(channel.write(Int16Array.of(1, 2))).toEqual({ kind: 'done' });
    expect(sent()).toBe(message(4, '00010002', { type: 1, count: 2, p1: 9, p2: 7 }));
  });

  it('WRITE carries texts in 40 bytes each', () => {
    const { channel, sent } = rig({ type: 0, count: 5 }).opened();
    channel.write(['a', 'b']);
    const payload = `61${'00'.repeat(39)}62${'00'.repeat(39)}`;
    expect(sent()).toBe(message(4, payload, { type: 0, count: 2, p1: 9, p2: 7 }));
  });

  it('EVENT_ADD carries the mask, EVENT_CANCEL ends it', () => {
    const { channel, sent, receive } = rig().opened();
    const seen: Reading[] = [];
    const subscription = channel.subscribe(
      { family: Family.plain, mask: EventMask.value | EventMask.alarm },
      { update: (reading) => seen.push(reading) },
    );
    const wish = { type: 6, count: 0, p1: 9, p2: 100 };
    expect(sent()).toBe(message(1, `${'00'.repeat(12)}0005 0000`, wish));
    receive(message(1, '3ff0000000000000', { type: 6, count: 1, p1: 1, p2: 100 }));
    expect(seen.map(({ value }) => value)).toEqual([1]);
    subscription[Symbol.dispose]();
    expect(sent()).toBe(message(2, '', wish));
    receive(message(1, '', { type: 6, count: 0, p1: 9, p2: 100 }));
    expect(seen).toHaveLength(1);
  });

  it('asks an old server for all elements by their number', () => {
    const { channel, circuit, sent } = rig({ type: 6, count: 5 }).opened();
    circuit.minor = 12;
    void channel.read({ family: Family.plain }, 5);
    expect(sent()).toBe(message(15, '', { type: 6, count: 5, p1: 9, p2: FIRST }));
  });
});

describe('ERROR', () => {
  const error = (status: number, header: string, context: string, cid = 7) =>
    message(11, `${header}${text(context)}`, { p1: cid, p2: status });

  it('fails the request that it tells of', async () => {
    const { channel, sent, receive } = rig().opened();
    const outcome: Promise<WriteOutcome> = channel.writeNotify(1, 5);
    sent();
    receive(error(0x48, plain('0013 0008 0006 0001 00000009 80000000'), 'too much'));
    expect(await outcome).toEqual({
      ...{ kind: 'failed', status: 72, text: 'the array is too large for the server (too much)' },
    });
  });

  it('about a write that nobody waits for is an exception', () => {
    const { receive, told } = rig().opened();
    receive(error(0xa0, plain('0004 0008 0006 0001 00000009 00000007'), 'X'));
    expect(told).toEqual(['X: the server could not write it (X)']);
  });
});

describe('a search that a name server answers', () => {
  it.each([
    [0xffff_ffff, 'found 5 10.0.0.1:5065'],
    [0xc0a8_0102, 'found 5 192.168.1.2:5065'],
  ])('with address %i tells where the name is', (p1, line) => {
    const { circuit, sent, receive, told } = rig();
    sent();
    circuit.search(5, 'Y');
    expect(sent()).toBe(message(6, text('Y'), { type: 5, count: 13, p1: 5, p2: 5 }));
    receive(message(6, '', { type: 5065, p1, p2: 5 }));
    expect(told).toEqual([line]);
  });
});

// Layouts: facts/ca.md section 3.
describe('a value', () => {
  it.each<[string, number, string, object]>([
    ['DBR_SHORT', 1, 'fffe', { value: -2 }],
    ['DBR_FLOAT', 2, '3fc00000', { value: 1.5 }],
    ['DBR_CHAR', 4, 'ff', { value: 255 }],
    ['DBR_STS_CHAR', 11, '0001 0002 00 07', { status: 1, severity: 2, value: 7 }],
    ['DBR_TIME_SHORT', 15, '0000 0000 00000001 00000002 0000 0003', { seconds: 1, value: 3 }],
    ['DBR_TIME_STRING', 14, `00000000 00000001 00000002 ${text('hey')}`, { value: 'hey' }],
    [
      'DBR_CTRL_CHAR',
      32,
      `0000 0000 ${'6d6d'.padEnd(16, '0')} 0102030405060708 00 09`,
      {
        value: 9,
        metadata: {
          ...{ units: 'mm', precision: 0, display: { high: 1, low: 2 } },
          ...{ alarm: { hihi: 3, high: 4, low: 5, lolo: 6 }, control: { high: 7, low: 8 } },
          labels: [],
        },
      },
    ],
    [
      'DBR_GR_ENUM',
      24,
      `0000 0000 0002 ${'4f6666'.padEnd(52, '0')}${'4f6e'.padEnd(52, '0')}${'00'.repeat(26 * 14)} 0001`,
      { value: 1, metadata: expect.objectContaining({ labels: ['Off', 'On'] }) },
    ],
  ])('%s is read', (_, type, payload, expected) => {
    const bytes = Buffer.from(bytesOf(payload));
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const reading = readingOf({ bytes, view, payloadAt: 0, size: bytes.length }, type, 1, true);
    expect(reading).toMatchObject(expected);
  });

  it('that is shorter than its type and count say is none', () => {
    fc.assert(
      fc.property(fc.nat(38), fc.integer({ min: 1, max: 40 }), fc.nat(500), (type, count, size) => {
        const bytes = Buffer.from(new ArrayBuffer(size));
        const place = { bytes, view: new DataView(bytes.buffer), payloadAt: 0, size };
        const reading = readingOf(place, type, count, false);
        if (reading) expect((reading.value as { length: number }).length).toBe(count);
      }),
    );
  });
});

describe('what a server sends', () => {
  const session = [
    message(0, '', { count: 13 }),
    message(22, '', { p1: 7, p2: 3 }),
    message(18, '', { type: 6, count: 1, p1: 7, p2: 9 }),
    message(1, '4000000000000000', { type: 6, count: 1, p1: 1, p2: 100 }),
    message(15, '4008000000000000', { type: 6, count: 1, p1: 1, p2: 101 }),
  ].join('');

  it('may be cut anywhere', () => {
    const bytes = bytesOf(session);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), (cuts) => {
        const { circuit, channel } = rig();
        circuit.open(channel);
        const seen: PvValue[] = [];
        channel.subscribe(
          { family: Family.plain, mask: 1 },
          { update: ({ value }) => seen.push(value) },
        );
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        for (let i = 1; i < ends.length; i++) {
          circuit.receive(bytes.slice(ends[i - 1], ends[i]));
        }
        expect([channel.connected, seen]).toEqual([true, [2]]);
      }),
    );
  });

  it('harms nobody else when a listener throws', () => {
    const { channel, receive, told } = rig().opened();
    const seen: PvValue[] = [];
    const wish = { family: Family.plain, mask: 1 } as const;
    channel.subscribe(wish, {
      update() {
        throw new Error('mine');
      },
    });
    channel.subscribe(wish, { update: ({ value }) => seen.push(value) });
    const update = (p2: number) => message(1, '4000000000000000', { type: 6, count: 1, p1: 1, p2 });
    receive(update(100) + update(101));
    expect([told, seen]).toEqual([['10.0.0.1:5064: mine'], [2]]);
  });

  it('may be anything: at worst the circuit is given up with an error that says so', () => {
    const original = bytesOf(session);
    const mutation = fc.record({ at: fc.nat(original.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), (mutations) => {
        const bytes = original.slice();
        for (const { at, to } of mutations) bytes[at] = to;
        const { circuit, channel } = rig();
        circuit.open(channel);
        try {
          circuit.receive(bytes);
        } catch (error) {
          expect(String(error)).toContain('sent what is no CA message');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
