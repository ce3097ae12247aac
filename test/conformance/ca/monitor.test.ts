import { describe, expect, it } from 'vitest';
import { EventMask } from '../../../src/pv/index.ts';
import { circuitWorld, hex, message, plain, TestCircuit } from '../../support/ca-circuit.ts';
import { FakeDirectory } from '../../support/fake-directory.ts';

const VALUE_ALARM = EventMask.value | EventMask.alarm;

function server(limits = {}) {
  const directory = new FakeDirectory({
    TEMP: { type: 'DOUBLE', value: 1, fields: { EGU: 'mm' } },
    NAME: { type: 'STRING', value: 'abc' },
    WAVE: { type: 'SHORT', value: Int16Array.of(1), maxCount: 5 },
  });
  const world = circuitWorld(directory, limits);
  return { directory, world, circuit: new TestCircuit(world).greeted() };
}

/** EVENT_ADD: three unused floats, then the mask. */
function add(sid: number, id: number, { type = 6, count = 1, mask = VALUE_ALARM } = {}): string {
  return message(1, `${'00'.repeat(12)}${hex(mask, 4)}0000`, { type, count, p1: sid, p2: id });
}

const cancel = (sid: number, id: number) => message(2, '', { type: 6, count: 1, p1: sid, p2: id });
const update = (id: number, payload: string) =>
  plain(`0001 0008 0006 0001 00000001 ${hex(id, 8)} ${payload}`);
const one = '3ff0000000000000';
const two = '4000000000000000';
const three = '4008000000000000';

describe('EVENT_ADD', () => {
  it('brings one update at once, then one per matching event', () => {
    const { circuit, directory } = server();
    const sid = circuit.open('TEMP');
    expect(circuit.send(add(sid, 7)).received()).toBe(update(7, one));
    directory.update('TEMP', 2);
    expect(circuit.received()).toBe(update(7, two));
    directory.update('TEMP', 3, {}, EventMask.log);
    expect(circuit.received()).toBe('');
  });

  it('brings status, severity and time of the event', () => {
    const { circuit, directory } = server();
    const sid = circuit.open('TEMP');
    circuit.send(add(sid, 7, { type: 20 })).received();
    directory.update('TEMP', 2, { status: 3, severity: 2, seconds: 5, nanoseconds: 6 });
    expect(circuit.received()).toBe(
      plain(`0001 0018 0014 0001 00000001 00000007
             0003 0002 00000005 00000006 00000000 ${two}`),
    );
  });

  it('with count 0 follows the length of the array', () => {
    const { circuit, directory } = server();
    const sid = circuit.open('WAVE');
    circuit.send(add(sid, 7, { type: 1, count: 0 })).received();
    directory.update('WAVE', Int16Array.of(1, 2, 3, 4, 5));
    expect(circuit.received()).toBe(
      plain('0001 0010 0001 0005 00000001 00000007 0001 0002 0003 0004 0005 000000000000'),
    );
  });

  it('encodes once for many: every circuit gets the same bytes with its own id', () => {
    const { circuit, directory, world } = server();
    const other = new TestCircuit(world).greeted();
    const [here, there] = [circuit.open('TEMP'), other.open('TEMP')];
    circuit.send(add(here, 7) + add(here, 8, { type: 2 })).received();
    other.send(add(there, 0x99)).received();
    directory.update('TEMP', 2);
    const asFloat = plain('0001 0008 0002 0001 00000001 00000008 40000000 00000000');
    expect(circuit.received()).toBe(update(7, two) + asFloat);
    expect(other.received()).toBe(update(0x99, two));
  });

  it('copies large updates as well as small ones', () => {
    const { circuit, directory, world } = server();
    const other = new TestCircuit(world).greeted();
    for (const each of [circuit, other]) {
      each.send(add(each.open('NAME'), 7, { type: 31 })).received();
    }
    directory.update('NAME', '3');
    expect(circuit.received()).toBe(other.received());
  });

  it('watches a field that is not VAL as long as somebody monitors it', () => {
    const { circuit, directory } = server();
    const sid = circuit.open('TEMP.EGU');
    circuit.send(add(sid, 7, { type: 0 })).received();
    expect(directory.watched).toEqual(new Set(['TEMP']));
    directory.postField('TEMP', 'EGU', EventMask.value);
    expect(circuit.received()).toContain('6d6d');
    directory.postField('TEMP', 'DESC', EventMask.value);
    directory.update('TEMP', 2);
    expect(circuit.received()).toBe('');
    circuit.send(cancel(sid, 7));
    expect(directory.watched.size).toBe(0);
  });

  it('brings GETFAIL and zeros when the value cannot be had as this type', () => {
    const { circuit } = server();
    const sid = circuit.open('NAME');
    expect(circuit.send(add(sid, 7)).received()).toBe(
      plain('0001 0008 0006 0001 00000098 00000007 00000000 00000000'),
    );
  });

  it.each([
    ['mask 0', add(1, 7, { mask: 0 })],
    ['mask 256', add(1, 7, { mask: 256 })],
    ['no mask at all', message(1, '', { type: 6, count: 1, p1: 1, p2: 7 })],
  ])('with %s answers ALLOCMEM and ends', (_, request) => {
    const { circuit } = server();
    circuit.open('TEMP');
    expect(circuit.send(request).received().slice(24, 32)).toBe('00000030');
    expect(circuit.circuit.ended).toBe('protocol');
  });

  it('over the cap answers ALLOCMEM and goes on', () => {
    const { circuit, world } = server({ subscriptionsPerCircuit: 1 });
    const sid = circuit.open('TEMP');
    circuit.send(add(sid, 7)).received();
    expect(circuit.send(add(sid, 8)).received().slice(24, 32)).toBe('00000030');
    expect(circuit.circuit.ended).toBeUndefined();
    expect(world.tally).toMatchObject({ subscriptions: 1, refusedSubscriptions: 1 });
  });

  it('with an id that is taken replaces that subscription', () => {
    const { circuit, directory, world } = server();
    const sid = circuit.open('TEMP');
    circuit.send(add(sid, 7) + add(sid, 7)).received();
    directory.update('TEMP', 2);
    expect(circuit.received()).toBe(update(7, two));
    expect(world.tally.subscriptions).toBe(1);
  });
});

describe('EVENT_CANCEL', () => {
  it('is confirmed by an EVENT_ADD without payload, and nothing comes after', () => {
    const { circuit, directory, world } = server();
    const sid = circuit.open('TEMP');
    circuit.send(add(sid, 7)).received();
    expect(circuit.send(cancel(sid, 7)).received()).toBe(
      plain(`0001 0000 0006 0001 ${hex(sid, 8)} 00000007`),
    );
    directory.update('TEMP', 2);
    expect([circuit.received(), world.tally.subscriptions]).toEqual(['', 0]);
  });

  it('of an unknown id answers BADMONID and ends', () => {
    const { circuit } = server();
    const sid = circuit.open('TEMP', 9);
    expect(circuit.send(cancel(sid, 7)).received().slice(16, 32)).toBe('00000009000000f2');
    expect(circuit.circuit.ended).toBe('protocol');
  });

  it('comes with CLEAR_CHANNEL for all subscriptions of the channel', () => {
    const { circuit, directory, world } = server();
    const sid = circuit.open('TEMP', 3);
    circuit.send(add(sid, 7) + add(sid, 8)).received();
    const clear = message(12, '', { p1: sid, p2: 3 });
    expect(circuit.send(clear).received()).toBe(clear);
    directory.update('TEMP', 2);
    expect(circuit.received()).toBe('');
    expect(world.tally).toMatchObject({ channels: 0, subscriptions: 0 });
  });
});

describe('flow control', () => {
  it('EVENTS_OFF holds updates back; EVENTS_ON brings the newest', () => {
    const { circuit, directory, world } = server();
    const sid = circuit.open('TEMP');
    circuit.send(add(sid, 7) + message(8)).received();
    directory.update('TEMP', 2);
    directory.update('TEMP', 3);
    expect(circuit.received()).toBe('');
    expect(circuit.send(message(9)).received()).toBe(update(7, three));
    expect(world.tally.squashed).toBe(1);
  });

  it('a client that takes nothing gets the newest when it does', () => {
    const { circuit, directory } = server();
    const sid = circuit.open('TEMP');
    circuit.send(add(sid, 7)).received();
    circuit.circuit.congested = true;
    directory.update('TEMP', 2);
    directory.update('TEMP', 3);
    expect(circuit.received()).toBe('');
    circuit.circuit.congested = false;
    circuit.send('');
    expect(circuit.received()).toBe(update(7, three));
  });

  it('output over its mark squashes within a batch, too', () => {
    const { circuit, directory, world } = server({ outputBytes: 1000 });
    const sid = circuit.open('TEMP');
    circuit.send(add(sid, 7)).received();
    world.publisher.hold();
    for (let i = 0; i < 200; i++) directory.update('TEMP', i);
    expect(circuit.circuit.output.length).toBeLessThan(1100);
    directory.update('TEMP', 2);
    world.publisher.release();
    expect(circuit.received().slice(-48)).toBe(update(7, two));
    expect(world.tally.squashed).toBeGreaterThan(100);
  });

  it('a subscription that was cancelled while it was owed an update gets none', () => {
    const { circuit, directory } = server();
    const sid = circuit.open('TEMP');
    circuit.send(add(sid, 7) + message(8)).received();
    directory.update('TEMP', 2);
    circuit.send(cancel(sid, 7)).received();
    expect(circuit.send(message(9)).received()).toBe('');
  });
});
