import { describe, expect, it } from 'vitest';
import { ProcessImage } from '../../../src/model/index.ts';
import { Directory } from '../../../src/pv/index.ts';
import { type RecordSpec, RecordTable } from '../../../src/records/index.ts';
import { circuitWorld, hex, message, TestCircuit } from '../../support/ca-circuit.ts';

// Conversions on the way in and out: facts/ca.md sections 5.1 and 6.1. Every row is what softIoc of
// EPICS base 7.0.8 answered to the same requests on the same records.

const states = { ZRST: 'Zero', ONST: 'One', THST: 'Three' };
const specs: readonly RecordSpec[] = [
  { name: 'AO', type: 'ao', role: 'soft', fields: { PREC: 3, EGU: 'mm' }, initial: 1 },
  { name: 'AO2', type: 'ao', role: 'soft', initial: 1 },
  { name: 'AO9', type: 'ao', role: 'soft', fields: { PREC: 9 }, initial: 1 },
  { name: 'LONG', type: 'longout', role: 'soft', initial: 1 },
  { name: 'INT64', type: 'int64out', role: 'soft', initial: 1 },
  { name: 'BO', type: 'bo', role: 'soft', fields: { ZNAM: 'Closed', ONAM: 'Open' }, initial: 1 },
  { name: 'MBBI', type: 'mbbi', role: 'soft', fields: states, initial: 1 },
  { name: 'MBBO', type: 'mbbo', role: 'soft', fields: states, initial: 1 },
  { name: 'TEXT', type: 'stringout', role: 'soft', initial: 'hello world' },
  { name: 'ROW', type: 'waveform', role: 'soft', fields: { FTVL: 'DOUBLE', NELM: 5, PREC: 2 } },
  { name: 'SHORTS', type: 'waveform', role: 'soft', fields: { FTVL: 'USHORT', NELM: 5 } },
  { name: 'TEXTS', type: 'waveform', role: 'soft', fields: { FTVL: 'STRING', NELM: 3 } },
  { name: 'ENUMS', type: 'waveform', role: 'soft', fields: { FTVL: 'ENUM', NELM: 3 } },
];

function server(): TestCircuit {
  const table = new RecordTable(new ProcessImage());
  for (const spec of specs) table.add(spec);
  return new TestCircuit(circuitWorld(new Directory(table))).greeted();
}

const Dbr = { string: 0, short: 1, float: 2, enum: 3, char: 4, long: 5, double: 6 } as const;

const payloads = {
  [Dbr.string]: (value) => Buffer.from(String(value)).toString('hex').padEnd(80, '0'),
  [Dbr.short]: (value) => bytes(2, (b) => b.writeInt16BE(Number(value))),
  [Dbr.float]: (value) => bytes(4, (b) => b.writeFloatBE(Number(value))),
  [Dbr.enum]: (value) => bytes(2, (b) => b.writeUInt16BE(Number(value))),
  [Dbr.char]: (value) => bytes(1, (b) => b.writeUInt8(Number(value))),
  [Dbr.long]: (value) => bytes(4, (b) => b.writeInt32BE(Number(value))),
  [Dbr.double]: (value) => bytes(8, (b) => b.writeDoubleBE(Number(value))),
} satisfies Record<number, (value: string | number) => string>;

function bytes(size: number, write: (buffer: Buffer) => void): string {
  const buffer = Buffer.alloc(size);
  write(buffer);
  return buffer.toString('hex');
}

/** The status of a WRITE_NOTIFY. */
function put(
  circuit: TestCircuit,
  sid: number,
  type: keyof typeof payloads,
  values: readonly (string | number)[],
): number {
  const payload = values.map(payloads[type]).join('');
  circuit.send(message(19, payload, { type, count: values.length, p1: sid, p2: 1 }));
  return Number.parseInt(circuit.received().slice(16, 24), 16);
}

/** Texts of a READ_NOTIFY as DBR_STRING; its status when it failed. */
function texts(circuit: TestCircuit, sid: number): string[] | number {
  const reply = circuit.send(message(15, '', { type: 0, p1: sid, p2: 1 })).received();
  const status = Number.parseInt(reply.slice(16, 24), 16);
  if (status !== 1) return status;
  const count = Number.parseInt(reply.slice(12, 16), 16);
  return Array.from({ length: count }, (_, i) => {
    const text = Buffer.from(reply.slice(32 + 80 * i, 32 + 80 * (i + 1)), 'hex').toString();
    return text.slice(0, text.indexOf('\0'));
  });
}

const NORMAL = 1;
const PUTFAIL = 160;

describe('a text put', () => {
  it.each([
    ['AO', '12abc', NORMAL, '12.000'],
    ['AO', '  7', NORMAL, '7.000'],
    ['AO', '0x10', NORMAL, '16.000'],
    ['AO', '1e3', NORMAL, '1000.000'],
    ['AO', 'inf', NORMAL, '       inf'],
    ['AO', 'nan', NORMAL, 'nan'],
    ['AO', '', NORMAL, '0.000'],
    ['AO', 'abc', PUTFAIL, '1.000'],
    ['AO', '1e400', PUTFAIL, '1.000'],
    ['LONG', '2.5', NORMAL, '2'],
    ['LONG', '0x10', NORMAL, '0'],
    ['LONG', '1e3', NORMAL, '1'],
    ['LONG', '4294967296', PUTFAIL, '1'],
    ['INT64', '-9007199254740993', NORMAL, '-9007199254740993'],
    ['BO', 'Closed', NORMAL, 'Closed'],
    ['BO', '0', NORMAL, 'Closed'],
    ['BO', '2', PUTFAIL, 'Open'],
    ['BO', '0 mm', PUTFAIL, 'Open'],
    ['MBBI', 'Three', NORMAL, 'Three'],
    ['MBBI', '2', NORMAL, ''],
    ['MBBI', '2.5', PUTFAIL, 'One'],
    ['MBBO', '2.5', NORMAL, ''],
    ['MBBO', '3.7mm', NORMAL, 'Three'],
    ['MBBO', '4', PUTFAIL, 'One'],
    ['TEXT', '12.5 mm', NORMAL, '12.5 mm'],
  ])('to %s: "%s" → status %i, "%s"', (name, text, status, after) => {
    const circuit = server();
    const sid = circuit.open(name);
    expect(put(circuit, sid, Dbr.string, [text])).toBe(status);
    expect(texts(circuit, sid)).toEqual([after]);
  });

  it('of several to a row of numbers fails as a whole, and changes nothing', () => {
    const circuit = server();
    const sid = circuit.open('ROW');
    put(circuit, sid, Dbr.double, [1.5, 2]);
    expect(put(circuit, sid, Dbr.string, ['1', 'bad', '3'])).toBe(PUTFAIL);
    expect(texts(circuit, sid)).toEqual(['1.50', '2.00']);
    expect(put(circuit, sid, Dbr.string, ['1.5', '2x'])).toBe(NORMAL);
    expect(texts(circuit, sid)).toEqual(['1.50', '2.00']);
  });

  it('to a row of states fails', () => {
    const circuit = server();
    expect(put(circuit, circuit.open('ENUMS'), Dbr.string, ['1'])).toBe(PUTFAIL);
  });
});

describe('a number put', () => {
  it.each([
    ['AO', Dbr.double, -7.25, '-7.250'],
    ['AO2', Dbr.double, 2.6, '3'],
    ['AO9', Dbr.double, 2.123456789, ' 2.123456789e+00'],
    ['AO', Dbr.double, 1e10, '10000000000.000'],
    ['AO', Dbr.double, 1e300, '1.000e+300'],
    ['LONG', Dbr.double, -2.5, '-2'],
    ['LONG', Dbr.double, 4294967295, '-2147483648'],
    ['LONG', Dbr.double, Number.NaN, '-2147483648'],
    ['INT64', Dbr.double, 1e300, '-9223372036854775808'],
    ['BO', Dbr.double, 65536, 'Closed'],
    ['BO', Dbr.double, 4294967295, 'Closed'],
    ['BO', Dbr.enum, 17, 'Illegal_Value'],
    ['MBBO', Dbr.double, 16, 'Illegal Value'],
    ['MBBO', Dbr.double, -1, 'Illegal Value'],
    ['AO', Dbr.char, 200, '200.000'],
    ['TEXT', Dbr.double, 1, '1.000000'],
    ['TEXT', Dbr.double, -2.5, '-2.500000'],
    ['TEXT', Dbr.float, 0.5, '0.500000'],
    ['TEXT', Dbr.long, -5, '-5'],
    ['TEXT', Dbr.enum, 65535, '65535'],
    ['AO.EGU', Dbr.double, 1, '1.000'],
    ['AO.EGU', Dbr.long, 70000, '70000'],
    ['AO.PREC', Dbr.double, 4294967295, '0'],
  ] as const)('to %s as DBR type %i: %d → "%s"', (name, type, value, after) => {
    const circuit = server();
    const sid = circuit.open(name);
    expect(put(circuit, sid, type, [value])).toBe(NORMAL);
    expect(texts(circuit, sid)).toEqual([after]);
  });

  it.each([
    ['ROW', Dbr.long, [-1, 70000], ['-1.00', '70000.00']],
    ['ROW', Dbr.double, [1, 2, 3, 4, 5, 6], ['1.00', '2.00', '3.00', '4.00', '5.00']],
    ['ROW', Dbr.double, [], []],
    ['SHORTS', Dbr.double, [1.9, -1, 4294967295, 1e10], ['1', '65535', '0', '0']],
    ['SHORTS', Dbr.long, [70000], ['4464']],
    ['TEXTS', Dbr.double, [1.5, 300], ['2', '300']],
    ['TEXTS', Dbr.long, [-1], ['-1']],
  ] as const)('of several to %s as DBR type %i: %j → %j', (name, type, values, after) => {
    const circuit = server();
    const sid = circuit.open(name);
    expect(put(circuit, sid, type, values)).toBe(NORMAL);
    expect(texts(circuit, sid)).toEqual(after);
  });
});

describe('what cannot be read so', () => {
  const get = (sid: number, type: number, count = 0) =>
    message(15, '', { type, count, p1: sid, p2: 1 });

  it.each([
    ['AO.FLNK', Dbr.long, 'a link is no number'],
    ['AO.FLNK', Dbr.float, 'a link is no number'],
    ['AO.FLNK', Dbr.enum, 'a link is no state'],
    ['TEXT', Dbr.double, 'a text that is no number'],
    ['TEXT', Dbr.enum, 'a text is no state'],
  ])('%s as DBR type %i: %s', (name: string, type: number, _why: string) => {
    const circuit = server();
    const reply = circuit.send(get(circuit.open(name), type)).received();
    expect(reply.slice(16, 24)).toBe('00000098');
    expect(reply.slice(12, 16)).toBe('0000');
  });

  it('is NaN where a link is read as a double', () => {
    const circuit = server();
    const reply = circuit.send(get(circuit.open('AO.FLNK'), Dbr.double)).received();
    expect(reply.slice(16)).toBe(`${hex(1, 8)}${hex(1, 8)}7ff8000000000000`);
  });

  it('is nothing of an empty row of states as texts, and fails of one that is not', () => {
    const circuit = server();
    const sid = circuit.open('ENUMS');
    expect(texts(circuit, sid)).toEqual([]);
    put(circuit, sid, Dbr.enum, [1]);
    expect(texts(circuit, sid)).toBe(152);
  });
});

describe('limits', () => {
  const limits = (circuit: TestCircuit, name: string) => {
    const reply = circuit
      .send(message(15, '', { type: 34, count: 1, p1: circuit.open(name), p2: 1 }))
      .received();
    const payload = Buffer.from(reply.slice(32), 'hex');
    return Array.from({ length: 8 }, (_, i) => payload.readDoubleBE(16 + 8 * i));
  };
  const none = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];

  it.each([
    ['INT64', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['BO', [0, 0, ...none, 65535, 0]],
    ['BO.HIGH', [0, 0, ...none, 100_000, 0]],
    ['AO.IVOV', [0, 0, ...none, 1e300, -1e300]],
    ['LONG.PVAL', [2147483647, -2147483648, ...none, 2147483647, -2147483648]],
  ])('of %s: display, alarm, control, the upper first: %j', (name, expected) => {
    expect(limits(server(), name)).toEqual(expected);
  });
});
