import { describe, expect, it } from 'vitest';
import { ProcessImage } from '../../../src/model/index.ts';
import { Directory, type PvValue } from '../../../src/pv/index.ts';
import { RecordTable } from '../../../src/records/index.ts';
import { circuitWorld, hex, message, plain, TestCircuit, text } from '../../support/ca-circuit.ts';

// Channels with filters as clients see them: facts/ca.md section 8. The bytes are those of the C
// server for the same requests, pad bytes apart, which it does not clear.

function server(limits = {}) {
  const table = new RecordTable(new ProcessImage());
  table.add({ name: 'A', type: 'ao', role: 'soft', initial: 2 });
  table.add({ name: 'W', type: 'waveform', role: 'soft', fields: { FTVL: 'LONG', NELM: 10 } });
  const directory = new Directory(table);
  const put = async (name: string, value: PvValue) => {
    const origin = { user: 'test', host: 'test' };
    directory.find(name)?.put(value, origin, new AbortController().signal);
    // Events of puts are published at the end of the turn.
    await Promise.resolve();
  };
  void put('W', Int32Array.of(10, 11, 12, 13, 14, 15));
  // Of a record that is no longer undefined no put changes the alarm, which would pass a dead-band.
  void put('A', 2);
  return { put, circuit: new TestCircuit(circuitWorld(directory, limits)).greeted() };
}

const get = (sid: number, type: number, count = 0) =>
  message(15, '', { type, count, p1: sid, p2: 9 });
const add = (sid: number, { type = 6, mask = 1 } = {}) =>
  message(1, `${'00'.repeat(12)}${hex(mask, 4)}0000`, { type, count: 1, p1: sid, p2: 7 });
const update = (value: string) => plain(`0001 0008 0006 0001 00000001 00000007 ${value}`);
const create = (name: string) => message(18, text(name), { p1: 1, p2: 13 });

describe('CREATE_CHAN with modifiers', () => {
  it.each([
    ['W.[1:3]', '0005 0003'],
    ['W.[2]', '0005 0001'],
    ['W.[5:2]', '0005 0000'],
    ['W.VAL{"arr":{"i":2}}', '0005 0005'],
    ['A.[2:3]', '0006 0001'],
    ['A.{ts:{num:"sec"}}', '0006 0001'],
    ['A.{ts:{num:"ts"}}', '0006 0002'],
    ['A.{ts:{str:"iso"}}', '0000 0001'],
    ['A.DESC$[0:3]{dec:{n:2}}', '0004 0004'],
  ])('announces %s with the type and count behind its filters: %s', (name, announced) => {
    const { circuit } = server();
    const reply = circuit.send(create(name)).received();
    expect(reply.slice(32)).toBe(plain(`0012 0000 ${announced} 00000001 00000001`));
  });

  it.each(['W.[]', 'W.[1:3]x', 'A.{nofilter:{}}', 'A.{dec:{n:0}}', 'A.{sync:{while:"no"}}'])(
    'answers CREATE_CH_FAIL to %s',
    (name) => {
      const { circuit } = server();
      const reply = circuit.send(create(name)).received();
      expect(reply).toBe(plain('001a 0000 0000 0000 00000001 00000000'));
    },
  );
});

describe('READ_NOTIFY', () => {
  it('of a range has its elements, and zeros where more are asked for', () => {
    const { circuit } = server();
    const sid = circuit.open('W.[1:2:5]');
    expect(circuit.send(get(sid, 5)).received()).toBe(
      plain('000f 0010 0005 0003 00000001 00000009 0000000b 0000000d 0000000f 00000000'),
    );
    expect(circuit.send(get(sid, 5, 4)).received()).toBe(
      plain('000f 0010 0005 0004 00000001 00000009 0000000b 0000000d 0000000f 00000000'),
    );
  });

  it('of an empty range has no elements', () => {
    const { circuit } = server();
    const sid = circuit.open('W.[5:2]');
    expect(circuit.send(get(sid, 5)).received()).toBe(
      plain('000f 0000 0005 0000 00000001 00000009'),
    );
  });

  it('passes gates: they are for events', () => {
    const { circuit } = server();
    const sid = circuit.open('A.{dec:{n:2}}');
    const reply = plain('000f 0008 0006 0001 00000001 00000009 4000000000000000');
    expect(circuit.send(get(sid, 6) + get(sid, 6)).received()).toBe(reply + reply);
  });
});

describe('EVENT_ADD', () => {
  it('behind a dead-band hears what is further away than it', async () => {
    const { circuit, put } = server();
    const sid = circuit.open('A.{dbnd:{d:1.5}}');
    expect(circuit.send(add(sid)).received()).toBe(update('4000000000000000'));
    await put('A', 3);
    expect(circuit.received()).toBe('');
    await put('A', 4);
    expect(circuit.received()).toBe(update('4010000000000000'));
  });

  it('sends what passed last, not what is there, when the client takes updates again', async () => {
    const { circuit, put } = server();
    const sid = circuit.open('A.{dec:{n:2}}');
    circuit.send(add(sid) + message(8)).received();
    for (const value of [3, 4, 5, 6, 7]) await put('A', value);
    expect(circuit.send(message(9)).received()).toBe(update('4018000000000000'));
  });

  it('without a first update when the filter holds it back', () => {
    const { circuit } = server();
    const sid = circuit.open('A.{dec:{n:2}}');
    expect(circuit.send(add(sid)).received()).toBe(update('4000000000000000'));
    expect(circuit.send(message(2, '', { p1: sid, p2: 7 }) + add(sid)).received()).toBe(
      plain(`0001 0000 0006 0001 ${hex(sid, 8)} 00000007`),
    );
  });

  it('does not share its updates with channels without filters, or with others', async () => {
    const { circuit, put } = server();
    const [bare, one, other] = ['A', 'A.{dec:{n:2}}', 'A.{dec:{n:2}}'].map((name) =>
      circuit.open(name),
    );
    circuit.send(add(bare ?? 0) + add(one ?? 0) + add(other ?? 0)).received();
    await put('A', 3);
    expect(circuit.received()).toBe(update('4008000000000000'));
    await put('A', 4);
    expect(circuit.received()).toBe(update('4010000000000000').repeat(3));
  });
});
