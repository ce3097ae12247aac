import { describe, expect, it } from 'vitest';
import { circuitWorld, hex, message, plain, TestCircuit, text } from '../../support/ca-circuit.ts';
import { FakeDirectory } from '../../support/fake-directory.ts';

// The server's answers to bad input, one row each: facts/ca.md section 2.1.

const INTERNAL = '0000008e';
const NONE = 'ffffffff';

function server(limits = {}) {
  const directory = new FakeDirectory({ TEMP: { type: 'DOUBLE', value: 1 } });
  const world = circuitWorld(directory, limits);
  return { world, circuit: new TestCircuit(world).greeted() };
}

describe('ERROR(INTERNAL) and the end', () => {
  it.each([5, 7, 11, 13, 14, 16, 17, 22, 24, 25, 26, 27, 28, 999])('for command %i', (command) => {
    const { circuit } = server();
    const request = message(command);
    const reply = circuit.send(request).received();
    expect(reply.slice(0, 4)).toBe('000b');
    expect(reply.slice(16, 64)).toBe(NONE + INTERNAL + request);
    expect(circuit.circuit.ended).toBe('protocol');
  });

  it.each([3, 15, 4, 19, 1, 2, 12])('for an unknown server id in command %i', (command) => {
    const { circuit } = server();
    const request = message(command, '00'.repeat(16), { type: 6, count: 1, p1: 77, p2: 1 });
    const reply = circuit.send(request).received();
    expect(reply.slice(16, 32)).toBe(NONE + INTERNAL);
    expect(circuit.circuit.ended).toBe('protocol');
  });

  it('for the server id of another circuit', () => {
    const { circuit, world } = server();
    const sid = new TestCircuit(world).greeted().open('TEMP');
    const reply = circuit.send(message(15, '', { type: 6, count: 1, p1: sid, p2: 1 })).received();
    expect(reply.slice(16, 32)).toBe(NONE + INTERNAL);
  });

  it('for a payload that is no multiple of 8', () => {
    const { circuit } = server();
    const reply = circuit.send('0017 0004 0000 0000 00000000 00000000 00000000').received();
    expect(reply.slice(16, 32)).toBe(NONE + INTERNAL);
    expect(circuit.circuit.ended).toBe('protocol');
  });
});

describe('the end without a word', () => {
  it.each([15, 1])('for DBR type 39 in command %i', (command) => {
    const { circuit } = server();
    const sid = circuit.open('TEMP');
    const payload = `${'00'.repeat(12)}00010000`;
    const request = message(command, payload, { type: 39, count: 1, p1: sid, p2: 1 });
    expect(circuit.send(request).received()).toBe('');
    expect(circuit.circuit.ended).toBe('protocol');
  });
});

describe('ERROR(BADTYPE) and the end', () => {
  it.each([3, 4])('for DBR type 39 in command %i', (command) => {
    const { circuit } = server();
    const sid = circuit.open('TEMP', 6);
    const request = message(command, '', { type: 39, count: 1, p1: sid, p2: 1 });
    expect(circuit.send(request).received().slice(16, 32)).toBe('0000000600000072');
    expect(circuit.circuit.ended).toBe('protocol');
  });
});

describe('claims of size', () => {
  it('of 4 GiB are answered TOLARGE at once; the body is passed over as it comes', () => {
    const { circuit } = server({ maxArrayBytes: 1024 });
    circuit.send(plain('0017 ffff 0000 0000 00000000 00000000 fffffff0 00000000'));
    expect(circuit.received().slice(16, 32)).toBe(`${NONE}00000048`);
    expect(circuit.circuit.ended).toBeUndefined();
    for (let i = 0; i < 100; i++) circuit.send('00'.repeat(4096));
    expect([circuit.received(), circuit.circuit.waitingBytes]).toEqual(['', 0]);
  });

  it('are passed over to the byte', () => {
    const { circuit } = server({ maxArrayBytes: 1024 });
    circuit.send(plain('0017 ffff 0000 0000 00000000 00000000 00002000 00000000')).received();
    circuit.send('ab'.repeat(0x1000)).send('ab'.repeat(0x1000) + message(23));
    expect(circuit.received()).toBe(message(23));
  });

  it('keep no more than what came', () => {
    const { circuit } = server();
    circuit.send(plain('0017 ffff 0000 0000 00000000 00000000 03fffff8 00000000'));
    circuit.send('00'.repeat(1000));
    expect(circuit.circuit.waitingBytes).toBe(1024);
  });

  it('in an extended header may be small', () => {
    const { circuit } = server();
    const sid = circuit.open('TEMP');
    const extended = `000f ffff 0006 0000 ${hex(sid, 8)} 00000005 00000000 00000001`;
    expect(circuit.send(extended).received()).toBe(
      plain('000f 0008 0006 0001 00000001 00000005 3ff00000 00000000'),
    );
  });
});

describe('SEARCH over TCP', () => {
  const search = (name: string, type: number) =>
    message(6, text(name), { type, count: 13, p1: 8, p2: 8 });

  it('is answered without payload', () => {
    const { circuit } = server();
    expect(circuit.send(search('TEMP', 5)).received()).toBe(
      plain('0006 0000 13c8 0000 ffffffff 00000008'),
    );
  });

  it('says NOT_FOUND only to who asks for it', () => {
    const { circuit } = server();
    expect(circuit.send(search('NO', 5)).received()).toBe('');
    expect(circuit.send(search('NO', 10)).received()).toBe(
      plain('000e 0000 000a 000d 00000008 00000008'),
    );
  });
});

describe('the rest', () => {
  it('ECHO goes back as it came', () => {
    const { circuit } = server();
    const echo = message(23, '0102030405060708', { type: 1, count: 2, p1: 3, p2: 4 });
    expect(circuit.send(echo).received()).toBe(echo);
  });

  it('READ_SYNC goes back as it came', () => {
    const { circuit } = server();
    const sync = message(10, '', { type: 1, count: 2, p1: 3, p2: 4 });
    expect(circuit.send(sync).received()).toBe(sync);
  });

  it('an ended circuit answers nothing more', () => {
    const { circuit } = server();
    circuit.send(message(5)).received();
    expect(circuit.send(message(23)).received()).toBe('');
  });
});
