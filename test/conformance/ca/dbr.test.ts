import { describe, expect, it } from 'vitest';
import type { PvValue } from '../../../src/pv/index.ts';
import { circuitWorld, hex, message, plain, TestCircuit } from '../../support/ca-circuit.ts';
import { FakeDirectory, type FakeRecord } from '../../support/fake-directory.ts';

const metadata = {
  units: 'mm',
  precision: 2,
  display: { low: -10, high: 10 },
  control: { low: -9, high: 9 },
  alarm: { lolo: -8, low: -6, high: 6, hihi: 8 },
};

/** Alarm HIGH, MINOR; time 0x11223344 s and 0x00abcdef ns. */
const stamp = { status: 4, severity: 1, seconds: 0x11223344, nanoseconds: 0x00abcdef };
const STS = '0004 0001';
const TIME = '0004 0001 11223344 00abcdef';
const UNITS = '6d6d 0000 0000 0000';
const text = (value: string, bytes = 40) =>
  Buffer.from(value)
    .toString('hex')
    .padEnd(bytes * 2, '0');
const zeros = (bytes: number) => '00'.repeat(bytes);

/** The answer to READ_NOTIFY of a record with the value: status, count and payload as hex. */
function read(record: FakeRecord, type: number, count = 1) {
  const directory = new FakeDirectory({ R: record });
  directory.update('R', record.value, stamp);
  const circuit = new TestCircuit(circuitWorld(directory)).greeted();
  const sid = circuit.open('R');
  const reply = circuit.send(message(15, '', { type, count, p1: sid, p2: 0x77 })).received();
  expect(reply.slice(0, 4)).toBe('000f');
  expect(Number.parseInt(reply.slice(4, 8), 16) * 2).toBe(reply.length - 32);
  expect(reply.slice(8, 12)).toBe(hex(type, 4));
  expect(reply.slice(24, 32)).toBe(hex(0x77, 8));
  return {
    status: Number.parseInt(reply.slice(16, 24), 16),
    count: Number.parseInt(reply.slice(12, 16), 16),
    payload: reply.slice(32),
  };
}

// Payloads by DBR type number, pads to 8 included; value offsets as in CA's db_access.h.
const double1_5: readonly [type: number, name: string, payload: string][] = [
  [0, 'STRING', text('1.50')],
  [1, 'SHORT', '0001 0000 00000000'],
  [2, 'FLOAT', '3fc00000 00000000'],
  [3, 'ENUM', '0001 0000 00000000'],
  [4, 'CHAR', '01 000000 00000000'],
  [5, 'LONG', '00000001 00000000'],
  [6, 'DOUBLE', '3ff80000 00000000'],
  [7, 'STS_STRING', `${STS} ${text('1.50')} 00000000`],
  [8, 'STS_SHORT', `${STS} 0001 0000`],
  [9, 'STS_FLOAT', `${STS} 3fc00000`],
  [10, 'STS_ENUM', `${STS} 0001 0000`],
  [11, 'STS_CHAR', `${STS} 00 01 0000`],
  [12, 'STS_LONG', `${STS} 00000001`],
  [13, 'STS_DOUBLE', `${STS} 00000000 3ff80000 00000000`],
  [14, 'TIME_STRING', `${TIME} ${text('1.50')} 00000000`],
  [15, 'TIME_SHORT', `${TIME} 0000 0001`],
  [16, 'TIME_FLOAT', `${TIME} 3fc00000`],
  [17, 'TIME_ENUM', `${TIME} 0000 0001`],
  [18, 'TIME_CHAR', `${TIME} 0000 00 01`],
  [19, 'TIME_LONG', `${TIME} 00000001`],
  [20, 'TIME_DOUBLE', `${TIME} 00000000 3ff80000 00000000`],
  [21, 'GR_STRING', `${STS} ${text('1.50')} 00000000`],
  [22, 'GR_SHORT', `${STS} ${UNITS} 000a fff6 0008 0006 fffa fff8 0001 ${zeros(6)}`],
  [
    23,
    'GR_FLOAT',
    `${STS} 0002 0000 ${UNITS} 41200000 c1200000 41000000 40c00000 c0c00000 c1000000
     3fc00000 00000000`,
  ],
  [24, 'GR_ENUM', `${STS} 0000 ${zeros(416)} 0001`],
  [25, 'GR_CHAR', `${STS} ${UNITS} 0a f6 08 06 fa f8 00 01 ${zeros(4)}`],
  [26, 'GR_LONG', `${STS} ${UNITS} 0000000a fffffff6 00000008 00000006 fffffffa fffffff8 00000001`],
  [
    27,
    'GR_DOUBLE',
    `${STS} 0002 0000 ${UNITS} 40240000 00000000 c0240000 00000000 40200000 00000000
     40180000 00000000 c0180000 00000000 c0200000 00000000 3ff80000 00000000`,
  ],
  [28, 'CTRL_STRING', `${STS} ${text('1.50')} 00000000`],
  [29, 'CTRL_SHORT', `${STS} ${UNITS} 000a fff6 0008 0006 fffa fff8 0009 fff7 0001 0000`],
  [
    30,
    'CTRL_FLOAT',
    `${STS} 0002 0000 ${UNITS} 41200000 c1200000 41000000 40c00000 c0c00000 c1000000
     41100000 c1100000 3fc00000 00000000`,
  ],
  [31, 'CTRL_ENUM', `${STS} 0000 ${zeros(416)} 0001`],
  [32, 'CTRL_CHAR', `${STS} ${UNITS} 0a f6 08 06 fa f8 09 f7 00 01 0000`],
  [
    33,
    'CTRL_LONG',
    `${STS} ${UNITS} 0000000a fffffff6 00000008 00000006 fffffffa fffffff8
     00000009 fffffff7 00000001`,
  ],
  [
    34,
    'CTRL_DOUBLE',
    `${STS} 0002 0000 ${UNITS} 40240000 00000000 c0240000 00000000 40200000 00000000
     40180000 00000000 c0180000 00000000 c0200000 00000000 40220000 00000000
     c0220000 00000000 3ff80000 00000000`,
  ],
  [37, 'STSACK_STRING', `${STS} 0001 0002 ${text('1.50')}`],
  [38, 'CLASS_NAME', text('ai')],
];

describe('a double of 1.5 mm', () => {
  for (const [type, name, payload] of double1_5) {
    it(`reads as DBR_${name}`, () => {
      const answer = read({ type: 'DOUBLE', value: 1.5, metadata }, type);
      expect(answer).toEqual({ status: 1, count: 1, payload: plain(payload) });
    });
  }

  it.each([35, 36])('cannot be read as the write-only type %i', (type) => {
    const answer = read({ type: 'DOUBLE', value: 1.5 }, type);
    expect(answer).toEqual({ status: 152, count: 1, payload: zeros(8) });
  });
});

describe('a state', () => {
  const record: FakeRecord = {
    type: 'ENUM',
    value: 1,
    recordType: 'mbbi',
    metadata: { labels: ['Init', 'Op', 'a name of 26 bytes, cut ok!'] },
  };
  const states = `0003 ${text('Init', 26)} ${text('Op', 26)}
    ${text('a name of 26 bytes, cut ok', 26)} ${zeros(13 * 26)}`;

  it('reads as CTRL_ENUM with the names of all states', () => {
    expect(read(record, 31).payload).toBe(plain(`${STS} ${states} 0001`));
  });

  it('reads as STRING by its name', () => {
    expect(read(record, 0).payload).toBe(text('Op'));
  });

  it('has no limits as CTRL_DOUBLE: zeros, and NaN for the alarms', () => {
    const nan = '7ff80000 00000000';
    const payload = `${STS} ${zeros(12)} ${zeros(16)} ${nan.repeat(4)} ${zeros(16)}`;
    expect(read(record, 34).payload).toBe(plain(`${payload} 3ff00000 00000000`));
  });
});

describe('conversions on read', () => {
  const cases: readonly [string, FakeRecord, number, string][] = [
    ['a double truncates to LONG', { type: 'DOUBLE', value: -2.9 }, 5, 'fffffffe'],
    ['a double out of range is −2³¹ as LONG', { type: 'DOUBLE', value: 3e9 }, 5, '80000000'],
    ['NaN is −2³¹ as LONG', { type: 'DOUBLE', value: Number.NaN }, 5, '80000000'],
    ['a double out of range keeps low bits as SHORT', { type: 'DOUBLE', value: 65537 }, 1, '0001'],
    ['a double saturates as FLOAT', { type: 'DOUBLE', value: -1e300 }, 2, 'ff7fffff'],
    ['infinity stays as FLOAT', { type: 'DOUBLE', value: Infinity }, 2, '7f800000'],
    [
      'an unsigned long has its low bits as LONG',
      { type: 'ULONG', value: 4294967295 },
      5,
      'ffffffff',
    ],
    [
      'a 64-bit integer has its low bits as LONG',
      { type: 'INT64', value: 0x1_0000_0002n },
      5,
      '00000002',
    ],
    [
      'a 64-bit integer is a number as DOUBLE',
      { type: 'INT64', value: -1n },
      6,
      'bff0000000000000',
    ],
    [
      'a 64-bit integer is exact as STRING',
      { type: 'INT64', value: 2n ** 63n - 1n },
      0,
      text('9223372036854775807'),
    ],
    ['a signed byte is its bits as CHAR', { type: 'CHAR', value: -1 }, 4, 'ff'],
    [
      'a text is a number as DOUBLE, its unit passed over',
      { type: 'STRING', value: ' 12.5mm' },
      6,
      '4029000000000000',
    ],
    ['an empty text is 0', { type: 'STRING', value: '' }, 5, '00000000'],
    [
      'a text is cut to 39 bytes',
      { type: 'STRING', value: 'x'.repeat(60) },
      0,
      text('x'.repeat(39)),
    ],
    [
      'a text is not cut inside a character',
      { type: 'STRING', value: `${'x'.repeat(38)}°` },
      0,
      text('x'.repeat(38)),
    ],
  ];
  it.each(cases)('%s', (_, record, type, value) => {
    const { status, payload } = read(record, type);
    expect(status).toBe(1);
    expect(payload.slice(0, value.length)).toBe(value);
  });

  it.each([
    ['a text that is no number', { type: 'STRING', value: 'hello' }, 6],
    [
      'a text as a state, which would write the record in the C server',
      { type: 'STRING', value: '1' },
      3,
    ],
    ['a text that is no number as a state', { type: 'STRING', recordType: 'lsi', value: 'x' }, 3],
    ['a row of states as texts', { type: 'ENUM', value: Uint16Array.of(1), maxCount: 4 }, 0],
  ] as [string, FakeRecord, number][])('answers GETFAIL and zeros for %s', (_, record, type) => {
    const { status, payload } = read(record, type);
    expect(status).toBe(152);
    expect(payload).toMatch(/^0+$/);
  });
});

describe('texts', () => {
  const link: FakeRecord = { type: 'INLINK', value: 'B.VAL PP' };

  it('of links are their characters, with a NUL at the end of those that are asked for', () => {
    expect(read(link, 4, 5)).toMatchObject({ status: 1, count: 5, payload: '422e564100000000' });
    expect(read(link, 4, 12).payload).toBe(`${'422e56414c205050'}${zeros(8)}`);
    expect(read(link, 4, 0)).toMatchObject({ status: 1, count: 1, payload: zeros(8) });
  });

  it('of long text records are numbers as states, where they are numbers', () => {
    const long: FakeRecord = { type: 'STRING', recordType: 'printf', value: '40000' };
    expect(read(long, 3)).toMatchObject({ status: 1, payload: '9c40000000000000' });
  });
});

describe('counts', () => {
  const wave: FakeRecord = { type: 'SHORT', value: Int16Array.of(1, -2, 3), maxCount: 8 };

  it('0 asks for as many elements as there are', () => {
    expect(read(wave, 1, 0)).toEqual({ status: 1, count: 3, payload: '0001fffe00030000' });
  });

  it('more than there are gives zeros, with no error', () => {
    expect(read(wave, 1, 10)).toMatchObject({ count: 10, payload: `0001fffe0003${zeros(18)}` });
  });

  it('fewer gives the first', () => {
    expect(read(wave, 1, 2)).toMatchObject({ count: 2, payload: '0001fffe00000000' });
  });

  it('0 of an empty array gives only what precedes the value', () => {
    const empty: FakeRecord = { type: 'DOUBLE', value: new Float64Array(0), maxCount: 8 };
    const payload = plain(`${TIME} 00000000`);
    expect(read(empty, 20, 0)).toEqual({ status: 1, count: 0, payload });
  });

  it('2 of a scalar gives it and a zero', () => {
    const two = read({ type: 'DOUBLE', value: 1.5 }, 6, 2);
    expect(two).toMatchObject({ count: 2, payload: `3ff8000000000000${zeros(8)}` });
  });

  it.each([
    [1, Int16Array.of(-1, 2), 'ffff000200000000'],
    [2, Float32Array.of(1.5, -1.5), '3fc00000bfc00000'],
    [3, Uint16Array.of(1, 65535), '0001ffff00000000'],
    [4, Uint8Array.of(1, 255), '01ff000000000000'],
    [5, Int32Array.of(1, -1), '00000001ffffffff'],
    [6, Float64Array.of(1, -1), '3ff0000000000000bff0000000000000'],
    [0, ['a', 'bc'], text('a') + text('bc')],
  ] as [number, PvValue, string][])('an array travels as type %i', (type, value, payload) => {
    const record: FakeRecord = { type: type === 0 ? 'STRING' : 'DOUBLE', value, maxCount: 4 };
    expect(read(record, type, 2)).toMatchObject({ status: 1, payload });
  });

  it('0xFFFF elements and more come behind an extended header', () => {
    const value = new Uint8Array(0x10001).fill(7);
    const directory = new FakeDirectory({ R: { type: 'UCHAR', value, maxCount: 0x10001 } });
    const circuit = new TestCircuit(circuitWorld(directory)).greeted();
    const sid = circuit.open('R');
    const reply = circuit.send(message(15, '', { type: 4, p1: sid, p2: 9 })).received();
    expect(reply.slice(0, 48)).toBe(
      plain('000f ffff 0004 0000 00000001 00000009 00010008 00010001'),
    );
    expect(reply.length).toBe((24 + 0x10008) * 2);
    expect(reply.slice(-16)).toBe(`07${zeros(7)}`);
  });
});
