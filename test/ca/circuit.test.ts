import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Circuit } from '../../src/ca/circuit.ts';
import { emptyRequest, readHeader } from '../../src/ca/header.ts';
import { Output } from '../../src/ca/output.ts';
import type { Clock } from '../../src/kernel/index.ts';
import type { PutOutcome } from '../../src/pv/index.ts';
import {
  bytesOf,
  circuitWorld,
  hex,
  message,
  plain,
  TestCircuit,
  text,
} from '../support/ca-circuit.ts';
import { FakeDirectory } from '../support/fake-directory.ts';

function plant(): FakeDirectory {
  return new FakeDirectory({
    TEMP: { type: 'DOUBLE', value: 1, fields: { EGU: 'mm' } },
    NAME: { type: 'STRING', value: 'abc' },
    WAVE: { type: 'SHORT', value: Int16Array.of(1, 2), maxCount: 5 },
  });
}

/** Everything a client might do, well-formed; server ids are 1 to 3. */
const session = [
  message(0, '', { count: 13 }),
  message(20, text('ada')),
  message(21, text('desk')),
  ...['TEMP', 'NAME', 'WAVE'].map((name, i) => message(18, text(name), { p1: i, p2: 13 })),
  message(15, '', { type: 20, count: 1, p1: 1, p2: 1 }),
  message(15, '', { type: 31, count: 1, p1: 1, p2: 2 }),
  message(3, '', { type: 0, count: 1, p1: 2, p2: 3 }),
  message(1, `${'00'.repeat(12)}00050000`, { type: 20, count: 0, p1: 1, p2: 4 }),
  message(1, `${'00'.repeat(12)}000f0000`, { type: 1, count: 0, p1: 3, p2: 5 }),
  message(4, '4000000000000000', { type: 6, count: 1, p1: 1, p2: 0 }),
  message(19, text('new name'), { type: 0, count: 1, p1: 2, p2: 6 }),
  message(6, text('TEMP'), { type: 10, count: 13, p1: 7, p2: 7 }),
  message(8),
  message(9),
  message(23, '0102030405060708'),
  message(2, '', { type: 1, count: 0, p1: 3, p2: 5 }),
  message(12, '', { p1: 1, p2: 0 }),
].join('');

describe('a circuit', () => {
  it('answers the same however its bytes are split', () => {
    const whole = new TestCircuit(circuitWorld(plant())).send(session).received();
    const bytes = bytesOf(session);
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (places) => {
        const circuit = new TestCircuit(circuitWorld(plant()));
        const sorted = [0, ...places.toSorted((a, b) => a - b), bytes.length];
        for (const [i, end] of sorted.entries()) {
          circuit.send(Buffer.from(bytes.subarray(sorted[i - 1] ?? 0, end)).toString('hex'));
        }
        expect(circuit.received()).toBe(whole);
      }),
      { numRuns: 200 },
    );
  });

  it('survives mutated sessions: nothing thrown, memory bounded, no other circuit harmed', () => {
    const original = bytesOf(session);
    const mutation = fc.record({
      at: fc.integer({ min: 0, max: original.length - 1 }),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    const world = circuitWorld(plant(), { maxArrayBytes: 1 << 20 });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 12 }), (mutations) => {
        const bytes = original.slice();
        for (const { at, byte } of mutations) bytes[at] = byte;
        const circuit = drained(new Circuit(world, '10.0.0.7', () => {}), bytes);
        expect(circuit.output.bytes.length).toBeLessThan(8 << 20);
        expect(circuit.waitingBytes).toBeLessThanOrEqual(bytes.length);
        circuit.dispose();
      }),
      { numRuns: 3000 },
    );
    expect(world.tally).toMatchObject({ channels: 0, subscriptions: 0 });
    expect(world.tally.ended.fault).toBe(0);
    const neighbour = new TestCircuit(world).greeted();
    expect(neighbour.send(message(23)).received()).toBe(message(23));
  });

  it('survives random bytes', () => {
    const world = circuitWorld(plant());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const circuit = new Circuit(world, '10.0.0.7', () => {});
        drained(circuit, bytesOf(message(0, '', { count: 13 })));
        drained(circuit, noise).dispose();
      }),
      { numRuns: 3000 },
    );
    expect(world.tally.ended.fault).toBe(0);
  });

  it('answers GETFAIL for a record that throws, and its other monitors go on', () => {
    const directory = plant();
    const broken = directory.find('NAME');
    const find = directory.find.bind(directory);
    const read = () => {
      throw new Error('broken record');
    };
    directory.find = (name) => (name === 'NAME' && broken ? { ...broken, read } : find(name));
    const circuit = new TestCircuit(circuitWorld(directory)).greeted();
    const [name, temperature] = [circuit.open('NAME'), circuit.open('TEMP')];
    const get = message(15, '', { type: 0, count: 1, p1: name, p2: 9 });
    expect(circuit.send(get).received().slice(16, 32)).toBe('0000009800000009');
    const mask = `${'00'.repeat(12)}00010000`;
    circuit.send(message(1, mask, { type: 0, count: 1, p1: name, p2: 1 }));
    circuit.send(message(1, mask, { type: 6, count: 1, p1: temperature, p2: 2 })).received();
    directory.update('NAME', 'x');
    directory.update('TEMP', 2);
    expect(circuit.received()).toBe(
      plain('0001 0008 0006 0001 00000001 00000002 4000000000000000'),
    );
  });

  it('ends when something unforeseen is thrown, as the only one', () => {
    const directory = plant();
    const find = directory.find.bind(directory);
    directory.find = (name) => {
      if (name === 'TEMP') throw new Error('broken record');
      return find(name);
    };
    const world = circuitWorld(directory);
    const circuit = new TestCircuit(world).greeted().send(message(18, text('TEMP'), { p2: 13 }));
    expect(circuit.circuit.ended).toBe('fault');
    expect(new TestCircuit(world).greeted().open('NAME')).toBeGreaterThan(0);
  });

  it('stops answering when the client takes nothing, and goes on when it does', () => {
    const directory = new FakeDirectory({
      BIG: { type: 'DOUBLE', value: new Float64Array(10_000), maxCount: 10_000 },
    });
    const world = circuitWorld(directory, { outputBytes: 100_000 });
    const hello = message(0, '', { count: 13 }) + message(18, text('BIG'), { p2: 13 });
    const circuit = drained(new Circuit(world, '10.0.0.7', () => {}), bytesOf(hello));
    const get = bytesOf(message(15, '', { type: 6, count: 0, p1: 1, p2: 1 }).repeat(500));
    circuit.receive(get);
    // At most one answer above the mark: 500 answers would be 40 MB.
    expect(circuit.output.length).toBeLessThan(100_000 + 80_024);
    let answered = 0;
    while (circuit.output.length > 0) {
      answered += circuit.output.length / 80_024;
      circuit.output.reset(true);
      circuit.resume();
    }
    expect(answered).toBe(500);
  });
});

describe('a put that never ends', () => {
  it('is given up after 60 s when the next one waits, with PUTCBINPROG', () => {
    let fire: () => void = () => {};
    let waited = 0;
    const clock: Clock = {
      now: () => 0,
      monotonic: () => 0,
      after(ms, call) {
        waited = ms;
        fire = call;
        return { [Symbol.dispose]: () => {} };
      },
      every: () => ({ [Symbol.dispose]: () => {} }),
    };
    const signals: AbortSignal[] = [];
    const never = new Promise<PutOutcome>(() => {});
    const directory = new FakeDirectory({
      VALVE: {
        type: 'DOUBLE',
        value: 0,
        put: (_value, _origin, signal) => {
          signals.push(signal);
          return never;
        },
      },
    });
    const circuit = new TestCircuit(circuitWorld(directory, {}, clock)).greeted();
    const sid = circuit.open('VALVE');
    const put = (ioid: number) =>
      message(19, '00'.repeat(8), { type: 6, count: 1, p1: sid, p2: ioid });
    circuit.send(put(1) + put(2));
    expect([waited, signals.length, circuit.received()]).toEqual([60_000, 1, '']);
    fire();
    circuit.send('');
    expect(circuit.received()).toBe(plain('0013 0000 0006 0001 0000016a 00000001'));
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
  });
});

describe('a header', () => {
  it('reads back as it was written', () => {
    const u16 = fc.integer({ min: 0, max: 0xfffe });
    const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
    const size = fc.integer({ min: 0, max: 4000 });
    fc.assert(
      fc.property(u16, size, u16, u16, u32, u32, (command, payload, type, count, p1, p2) => {
        const out = new Output();
        const at = out.message(command & 0x7fff, payload, type, count, p1, p2);
        const request = emptyRequest();
        readHeader(request, Buffer.from(out.bytes.buffer), out.view, 0);
        const expected = { command: command & 0x7fff, type, count, p1, p2, payloadAt: at };
        expect(request).toMatchObject({ ...expected, size: Math.ceil(payload / 8) * 8 });
        expect(out.length).toBe(16 + request.size);
      }),
    );
  });

  it('ends its payload with zeros where it is padded', () => {
    const out = new Output();
    out.bytes.fill(0xff);
    const at = out.message(1, 3, 0, 0, 0, 0);
    expect(hex(out.view.getUint32(at + 4), 8)).toBe('00000000');
  });
});

/** Takes all output away, as a quick client does, until the circuit has nothing more to say. */
function drained(circuit: Circuit, bytes: Uint8Array): Circuit {
  circuit.receive(bytes);
  for (let i = 0; i < 100 && circuit.output.length > 0; i++) {
    circuit.output.reset(true);
    circuit.resume();
  }
  return circuit;
}
