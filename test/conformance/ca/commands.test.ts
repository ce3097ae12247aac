import { describe, expect, it } from 'vitest';
import type { PutOutcome, PvValue } from '../../../src/pv/index.ts';
import { circuitWorld, message, plain, TestCircuit, text } from '../../support/ca-circuit.ts';
import { FakeDirectory } from '../../support/fake-directory.ts';

function server(limits = {}) {
  const puts: PvValue[] = [];
  const plant: ((outcome: PutOutcome) => void)[] = [];
  const directory = new FakeDirectory({
    TEMP: { type: 'DOUBLE', value: 1, fields: { EGU: 'mm' } },
    SENSOR: { type: 'DOUBLE', value: 2, writable: false },
    WAVE: { type: 'DOUBLE', value: Float64Array.of(1), maxCount: 3 },
    NAME: { type: 'STRING', value: 'abc' },
    HUGE: { type: 'UCHAR', value: new Uint8Array(0x10000), maxCount: 0x10000 },
    VALVE: {
      type: 'DOUBLE',
      value: 0,
      put: (value) => {
        puts.push(value);
        return new Promise((answer) => plant.push(answer));
      },
    },
    BAD: {
      type: 'DOUBLE',
      value: 0,
      put: () => ({ kind: 'refused', reason: 'bad-value', text: 'no' }),
    },
    LOCKED: {
      type: 'DOUBLE',
      value: 0,
      put: () => ({ kind: 'refused', reason: 'read-only', text: 'no' }),
    },
  });
  const world = circuitWorld(directory, limits);
  const circuit = new TestCircuit(world);
  return { directory, world, circuit, puts, plant };
}

const one = '3ff0000000000000';

describe('a new circuit', () => {
  it('says VERSION 13 before anything came', () => {
    const { circuit } = server();
    expect(circuit.send('').received()).toBe(plain('0000 0000 0000 000d 00000000 00000000'));
  });

  it('answers DEFUNCT to everything before the client said VERSION, and goes on', () => {
    const { circuit } = server();
    circuit.send('').received();
    const request = '0017 0000 0000 0000 00000000 00000000';
    const reply = circuit.send(request).received();
    expect(reply.slice(0, 32)).toBe(plain('000b 0030 0000 0000 ffffffff 00000116'));
    expect(reply.slice(32, 64)).toBe(plain(request));
    expect(circuit.circuit.ended).toBeUndefined();
  });

  it.each([
    ['minor version 3', message(0, '', { count: 3 })],
    ['priority 100', message(0, '', { type: 100, count: 13 })],
  ])('ends for %s', (_, hello) => {
    const { circuit } = server();
    expect(circuit.send(hello).circuit.ended).toBe('protocol');
  });
});

describe('names of client and host', () => {
  it('go with every put', () => {
    const { circuit } = server();
    circuit
      .greeted()
      .send(message(20, text('ada')))
      .send(message(21, text('desk')));
    const { identity } = circuit.circuit.access.session;
    expect(identity).toMatchObject({ user: 'ada', claimedHost: 'desk', address: '10.0.0.7' });
    expect(circuit.received()).toBe('');
  });

  it('are refused after the first channel, and the circuit goes on', () => {
    const { circuit } = server();
    circuit.greeted().open('TEMP');
    const reply = circuit.send(message(20, text('eve'))).received();
    expect(reply.slice(24, 32)).toBe('0000008e');
    expect(circuit.circuit.access.session.identity.user).toBe('');
    expect(circuit.circuit.ended).toBeUndefined();
  });

  it.each([
    ['without NUL', '41'.repeat(8)],
    ['longer than 511', text('x'.repeat(512))],
  ])('end the circuit %s', (_, payload) => {
    const { circuit } = server();
    const reply = circuit.greeted().send(message(21, payload)).received();
    expect(reply.slice(24, 32)).toBe('0000008e');
    expect(circuit.circuit.ended).toBe('protocol');
  });
});

describe('CREATE_CHAN', () => {
  it('answers access rights, then native type, count and server id', () => {
    const { circuit } = server();
    const reply = circuit
      .greeted()
      .send(message(18, text('WAVE'), { p1: 5, p2: 13 }))
      .received();
    expect(reply).toBe(
      plain(`0016 0000 0000 0000 00000005 00000003
             0012 0000 0006 0003 00000005 00000001`),
    );
  });

  it('announces a field that nobody may write as read only', () => {
    const { circuit } = server();
    const reply = circuit
      .greeted()
      .send(message(18, text('SENSOR'), { p1: 5, p2: 13 }))
      .received();
    expect(reply.slice(0, 32)).toBe(plain('0016 0000 0000 0000 00000005 00000001'));
  });

  it.each(['NO', 'TEMP.NO', 'TEMP{"dbnd":{"d":1}}', 'WAVE.[0:1]x', 'TEMP.VAL{no:{}}'])(
    'answers CREATE_CH_FAIL to %s',
    (name) => {
      const { circuit } = server();
      const reply = circuit
        .greeted()
        .send(message(18, text(name), { p1: 5, p2: 13 }))
        .received();
      expect(reply).toBe(plain('001a 0000 0000 0000 00000005 00000000'));
    },
  );

  it('takes a trailing dot for VAL', () => {
    const { circuit } = server();
    expect(circuit.greeted().open('TEMP.')).toBe(1);
  });

  it('passes over an empty name', () => {
    const { circuit } = server();
    expect(circuit.greeted().send(message(18)).received()).toBe('');
  });

  it('needs an extended header for 0x10000 elements, and an old client gets 0xFFFE', () => {
    const { circuit } = server();
    circuit.greeted();
    const name = text('HUGE');
    expect(
      circuit
        .send(message(18, name, { p1: 1, p2: 13 }))
        .received()
        .slice(32),
    ).toBe(plain('0012 ffff 0004 0000 00000001 00000001 00000000 00010000'));
    expect(
      circuit
        .send(message(18, name, { p1: 2, p2: 8 }))
        .received()
        .slice(32),
    ).toBe(plain('0012 0000 0004 fffe 00000002 00000002'));
  });

  it('is refused over the cap, and counted', () => {
    const { circuit, world } = server({ channelsPerCircuit: 1 });
    circuit.greeted().open('TEMP');
    const reply = circuit.send(message(18, text('WAVE'), { p1: 5, p2: 13 })).received();
    expect(reply.slice(0, 4)).toBe('001a');
    expect(world.tally).toMatchObject({ channels: 1, refusedChannels: 1 });
  });
});

describe('reading', () => {
  it('READ answers with the client id of the channel', () => {
    const { circuit } = server();
    const sid = circuit.greeted().open('TEMP', 0x33);
    const reply = circuit.send(message(3, '', { type: 6, count: 1, p1: sid, p2: 7 })).received();
    expect(reply).toBe(plain(`0003 0008 0006 0001 00000033 00000007 ${one}`));
  });

  it('READ of one text is as long as the text', () => {
    const { circuit } = server();
    const sid = circuit.greeted().open('NAME', 0x33);
    const reply = circuit.send(message(3, '', { type: 0, count: 1, p1: sid, p2: 7 })).received();
    expect(reply).toBe(plain('0003 0008 0000 0001 00000033 00000007 6162630000000000'));
  });

  it('READ that fails is an ERROR with the request', () => {
    const { circuit } = server();
    const sid = circuit.greeted().open('NAME', 0x33);
    const request = message(3, '', { type: 6, count: 1, p1: sid, p2: 7 });
    const reply = circuit.send(request).received();
    expect(reply.slice(16, 32)).toBe(plain('00000033 00000098'));
    expect(reply.slice(32, 64)).toBe(request);
  });

  it('tells an old client that the array is too large for its header', () => {
    const { circuit } = server();
    const sid = circuit.greeted().open('HUGE', 4);
    circuit.send(message(0, '', { count: 8 })).received();
    const request = message(15, '', { type: 4, p1: sid, p2: 7 });
    const reply = circuit.send(request).received();
    expect(reply.slice(16, 32)).toBe(plain('00000004 000001d0'));
    expect(circuit.circuit.ended).toBeUndefined();
  });

  it('refuses a wish for gigabytes before it claims any', () => {
    const { circuit } = server();
    const sid = circuit.greeted().open('TEMP', 4);
    const wish = plain(`000f ffff 0006 0000 ${sid.toString(16).padStart(8, '0')} 00000007
                        00000000 7fffffff`);
    const reply = circuit.send(wish).received();
    expect(reply.slice(16, 32)).toBe(plain('00000004 00000048'));
    // The request's header is copied in its extended form.
    expect(reply.slice(32, 80)).toBe(wish);
    expect(circuit.circuit.output.bytes.length).toBeLessThan(100_000);
  });
});

describe('WRITE', () => {
  it('is silent when all is well', () => {
    const { circuit, directory } = server();
    const sid = circuit.greeted().open('TEMP');
    const request = message(4, '4008000000000000', { type: 6, count: 1, p1: sid, p2: 1 });
    expect(circuit.send(request).received()).toBe('');
    expect(directory.columns.number[0]).toBe(3);
  });

  it.each([
    ['BAD', 'a value that the record refuses', '000000a0'],
    ['LOCKED', 'a field that may not be written', '00000178'],
  ])('answers ERROR for %s: %s', (name, _, status) => {
    const { circuit } = server();
    const sid = circuit.greeted().open(name, 0x21);
    const request = message(4, one, { type: 6, count: 1, p1: sid, p2: 1 });
    const reply = circuit.send(request).received();
    expect(reply.slice(16, 32)).toBe(`00000021${status}`);
    expect(reply.slice(32, 64)).toBe(request.slice(0, 32));
    expect(Buffer.from(reply.slice(64), 'hex').toString()).toMatch(`${name}.VAL: no\0`);
  });

  it('answers ERROR later when the plant says no later', async () => {
    const { circuit, plant } = server();
    const sid = circuit.greeted().open('VALVE', 0x21);
    const request = message(4, one, { type: 6, count: 1, p1: sid, p2: 1 });
    expect(circuit.send(request).received()).toBe('');
    plant[0]?.({ kind: 'failed', text: '0x705' });
    await Promise.resolve();
    await Promise.resolve();
    const reply = circuit.received();
    expect(reply.slice(16, 32)).toBe('00000021000000a0');
    expect(reply.slice(32, 64)).toBe(request.slice(0, 32));
  });

  it('takes the value part of CTRL_DOUBLE, but not of TIME_STRING', () => {
    const { circuit, directory } = server();
    const sid = circuit.greeted().open('TEMP');
    const control = `${'00'.repeat(80)}4010000000000000`;
    circuit.send(message(4, control, { type: 34, count: 1, p1: sid, p2: 1 }));
    expect(directory.columns.number[0]).toBe(4);
    const reply = circuit
      .send(message(4, '00'.repeat(52), { type: 14, count: 1, p1: sid, p2: 1 }))
      .received();
    expect(reply.slice(24, 32)).toBe('000000a0');
  });

  it('is refused when the payload holds fewer elements than it says', () => {
    const { circuit, directory } = server();
    const sid = circuit.greeted().open('WAVE');
    const reply = circuit.send(message(4, one, { type: 6, count: 3, p1: sid, p2: 1 })).received();
    expect(reply.slice(24, 32)).toBe('000000a0');
    expect(directory.find('WAVE')?.read()).toEqual(Float64Array.of(1));
  });
});

describe('WRITE_NOTIFY', () => {
  const put = (sid: number, ioid: number, payload = one, type = 6, count = 1) =>
    message(19, payload, { type, count, p1: sid, p2: ioid });

  it('answers once, with the status of the put', () => {
    const { circuit } = server();
    const sid = circuit.greeted().open('TEMP');
    const reply = circuit.send(put(sid, 0x55)).received();
    expect(reply).toBe(plain('0013 0000 0006 0001 00000001 00000055'));
  });

  it('answers when the plant has, and lets other requests pass', async () => {
    const { circuit, plant } = server();
    const sid = circuit.greeted().open('VALVE');
    expect(circuit.send(put(sid, 0x55)).received()).toBe('');
    expect(circuit.send(message(23)).received()).toBe(message(23));
    plant[0]?.({ kind: 'done' });
    await Promise.resolve();
    await Promise.resolve();
    expect(circuit.received()).toBe(plain('0013 0000 0006 0001 00000001 00000055'));
  });

  it('waits with the next put on the channel, and with all behind it', async () => {
    const { circuit, plant, puts } = server();
    const sid = circuit.greeted().open('VALVE');
    circuit.send(put(sid, 1) + put(sid, 2, '4000000000000000') + message(23));
    expect([puts, circuit.received()]).toEqual([[1], '']);
    expect(circuit.circuit.stalled).toBe(true);
    plant[0]?.({ kind: 'done' });
    await Promise.resolve();
    await Promise.resolve();
    const first = plain('0013 0000 0006 0001 00000001 00000001');
    expect([puts, circuit.received()]).toEqual([[1, 2], first + message(23)]);
  });

  it.each([
    [1, 'fffe', -2],
    [2, 'bfc00000', -1.5],
    [3, 'fffe', 65534],
    [4, 'fe', 254],
    [5, 'fffffffe', -2],
    [0, text('12 mm'), '12 mm'],
  ])('puts one element of type %i', (type, payload, value) => {
    const { circuit, puts } = server();
    const sid = circuit.greeted().open('VALVE');
    circuit.send(put(sid, 1, payload, type));
    expect(puts).toEqual([value]);
  });

  it('cuts off what the field cannot hold, and may leave it empty', () => {
    const { circuit, directory } = server();
    const sid = circuit.greeted().open('WAVE');
    circuit.send(put(sid, 1, one.repeat(5), 6, 5));
    expect(directory.find('WAVE')?.read()).toEqual(Float64Array.of(1, 1, 1));
    circuit.send(put(sid, 1, '', 6, 0));
    expect(directory.find('WAVE')?.read()).toEqual(new Float64Array(0));
  });

  it.each([7, 20, 34, 37, 38])('refuses type %i, which is not for writing', (type) => {
    const { circuit } = server();
    const sid = circuit.greeted().open('TEMP');
    const reply = circuit.send(put(sid, 5, '00'.repeat(88), type)).received();
    expect(reply.slice(16, 32)).toBe('000000a000000005');
    expect(circuit.circuit.ended).toBeUndefined();
  });

  it('ends the circuit for a type that does not exist', () => {
    const { circuit } = server();
    const sid = circuit.greeted().open('TEMP');
    const reply = circuit.send(put(sid, 5, one, 39)).received();
    expect(reply.slice(16, 32)).toBe('0000007200000005');
    expect(circuit.circuit.ended).toBe('protocol');
  });

  it('acknowledges alarms with PUT_ACKT and PUT_ACKS', () => {
    const { circuit, directory } = server();
    const sid = circuit.greeted().open('TEMP');
    circuit.send(put(sid, 1, '0000', 35) + put(sid, 2, '0002', 36));
    expect(directory.acknowledged).toEqual(['ackt=0', 'acks=2']);
    expect(circuit.received()).toMatch(
      /^0013000000230001000000010000000100130000002400010000000100000002$/,
    );
  });

  it('is cancelled in silence when its channel closes', async () => {
    const { circuit, plant } = server();
    const sid = circuit.greeted().open('VALVE', 3);
    circuit.send(put(sid, 1));
    circuit.send(message(12, '', { p1: sid, p2: 3 })).received();
    plant[0]?.({ kind: 'done' });
    await Promise.resolve();
    await Promise.resolve();
    expect(circuit.received()).toBe('');
  });
});
