import { describe, expect, it } from 'vitest';
import { ProcessImage } from '../../../src/model/index.ts';
import { SecurityGroup, SecurityRules } from '../../../src/pv/access/group.ts';
import { Right } from '../../../src/pv/access/right.ts';
import { Directory } from '../../../src/pv/index.ts';
import { RecordTable } from '../../../src/records/index.ts';
import { circuitWorld, message, plain, TestCircuit, text } from '../../support/ca-circuit.ts';
import { FakeDirectory } from '../../support/fake-directory.ts';

const write = { level: 1, right: Right.write, trap: false };
const everybody = new SecurityRules([new SecurityGroup('DEFAULT', [], [write])]);
const readers = new SecurityRules([
  new SecurityGroup('DEFAULT', [], [{ ...write, right: Right.read }]),
]);
const nobody = new SecurityRules([new SecurityGroup('DEFAULT', [], [])]);
const ada = new SecurityRules([
  new SecurityGroup(...(['DEFAULT', [], [{ ...write, users: [new Set(['ada'])] }]] as const)),
]);
const atDesk = new SecurityRules([
  new SecurityGroup('DEFAULT', [], [{ ...write, hosts: [new Set(['10.0.0.7'])] }]),
]);

function server(rules: SecurityRules) {
  const directory = new FakeDirectory({
    TEMP: { type: 'DOUBLE', value: 1 },
    SENSOR: { type: 'DOUBLE', value: 2, writable: false },
  });
  directory.security.install(rules);
  const circuit = new TestCircuit(circuitWorld(directory)).greeted();
  return { directory, circuit };
}

const one = '3ff0000000000000';
const open = (name: string) => message(18, text(name), { p1: 1, p2: 13 });
const monitor = (sid: number) =>
  message(1, `${'00'.repeat(12)} 0001 0000`, { type: 6, count: 1, p1: sid, p2: 7 });

describe('ACCESS_RIGHTS at the opening of a channel', () => {
  it.each([
    ['everything', everybody, 'TEMP', '00000003'],
    ['reading', readers, 'TEMP', '00000001'],
    ['nothing', nobody, 'TEMP', '00000000'],
    ['reading of what nobody can write', everybody, 'SENSOR', '00000001'],
  ])('give %s', (_, rules, name, rights) => {
    const { circuit } = server(rules);
    const reply = circuit.send(open(name)).received();
    expect(reply.slice(0, 32)).toBe(plain(`0016 0000 0000 0000 00000001 ${rights}`));
    expect(reply.slice(32, 36)).toBe('0012');
  });

  it('follow the user that the client claims', () => {
    const { circuit } = server(ada);
    circuit.send(message(20, text('ada')));
    expect(circuit.send(open('TEMP')).received().slice(24, 32)).toBe('00000003');
  });

  it('follow the address that the client has, not the host that it claims', () => {
    const { circuit } = server(atDesk);
    circuit.send(message(21, text('elsewhere')));
    expect(circuit.send(open('TEMP')).received().slice(24, 32)).toBe('00000003');
  });
});

describe('a client without read access', () => {
  it('gets NORDACCESS and zeros of the requested size from READ_NOTIFY', () => {
    const { circuit } = server(nobody);
    const sid = circuit.open('TEMP');
    circuit.send(message(15, '', { type: 20, count: 1, p1: sid, p2: 9 }));
    expect(circuit.received()).toBe(
      plain(`000f 0018 0014 0001 00000170 00000009 ${'00'.repeat(24)}`),
    );
  });

  it('gets an ERROR from READ', () => {
    const { circuit } = server(nobody);
    const sid = circuit.open('TEMP');
    const reply = circuit.send(message(3, '', { type: 6, count: 1, p1: sid, p2: 9 })).received();
    expect(reply.slice(0, 4)).toBe('000b');
    expect(reply.slice(16, 32)).toBe(plain('00000001 00000170'));
  });

  it('gets one NORDACCESS from EVENT_ADD and no updates', () => {
    const { directory, circuit } = server(nobody);
    const sid = circuit.open('TEMP');
    circuit.send(monitor(sid));
    expect(circuit.received()).toBe(
      plain('0001 0008 0006 0001 00000170 00000007 0000000000000000'),
    );
    directory.update('TEMP', 5);
    expect(circuit.received()).toBe('');
  });

  it('can still cancel what it monitors', () => {
    const { circuit } = server(nobody);
    const sid = circuit.open('TEMP');
    circuit.send(monitor(sid)).received();
    circuit.send(message(2, '', { type: 6, count: 1, p1: sid, p2: 7 }));
    expect(circuit.received().slice(0, 8)).toBe('00010000');
    expect(circuit.circuit.monitors.count).toBe(0);
  });
});

describe('a client without write access', () => {
  it('gets NOWTACCESS from WRITE and from WRITE_NOTIFY, and nothing is written', () => {
    const { directory, circuit } = server(readers);
    const sid = circuit.open('TEMP');
    const error = circuit.send(message(4, one, { type: 6, count: 1, p1: sid, p2: 1 })).received();
    expect(error.slice(0, 4)).toBe('000b');
    expect(error.slice(24, 32)).toBe('00000178');
    circuit.send(message(19, one, { type: 6, count: 1, p1: sid, p2: 5 }));
    expect(circuit.received()).toBe(plain('0013 0000 0006 0001 00000178 00000005'));
    expect(directory.find('TEMP')?.read()).toBe(1);
  });

  it('cannot acknowledge', () => {
    const { directory, circuit } = server(readers);
    const sid = circuit.open('TEMP');
    circuit.send(message(19, '0001', { type: 36, count: 1, p1: sid, p2: 5 }));
    expect(circuit.received().slice(16, 24)).toBe('00000178');
    expect(directory.acknowledged).toEqual([]);
  });
});

describe('a change of rights', () => {
  it('is told to every channel that it concerns, once', () => {
    const { directory, circuit } = server(readers);
    circuit.open('TEMP');
    circuit.open('SENSOR', 2);
    directory.security.install(everybody);
    expect(circuit.received()).toBe(plain('0016 0000 0000 0000 00000001 00000003'));
    directory.security.install(everybody);
    expect(circuit.received()).toBe('');
  });

  it('ends the updates of a monitor with one NORDACCESS, and begins them again', () => {
    const { directory, circuit } = server(everybody);
    const sid = circuit.open('TEMP');
    circuit.send(monitor(sid)).received();
    directory.security.install(nobody);
    const lost = `0016 0000 0000 0000 00000001 00000000
      0001 0008 0006 0001 00000170 00000007 0000000000000000`;
    expect(circuit.received()).toBe(plain(lost));
    directory.update('TEMP', 5);
    expect(circuit.received()).toBe('');
    directory.security.install(readers);
    const regained = `0016 0000 0000 0000 00000001 00000001
      0001 0008 0006 0001 00000001 00000007 4014000000000000`;
    expect(circuit.received()).toBe(plain(regained));
    directory.update('TEMP', 6);
    expect(circuit.received()).toBe(
      plain('0001 0008 0006 0001 00000001 00000007 4018000000000000'),
    );
  });

  it('comes with a new ASG, to the channels of that record alone', async () => {
    const records = new RecordTable(new ProcessImage());
    for (const name of ['X', 'Y']) records.add({ name, type: 'ao', role: 'soft' });
    const directory = new Directory(records);
    const closed = new SecurityGroup('CLOSED', [], []);
    directory.security.install(
      new SecurityRules([new SecurityGroup('DEFAULT', [], [write]), closed]),
    );
    const circuit = new TestCircuit(circuitWorld(directory)).greeted();
    circuit.open('X', 1);
    circuit.open('Y', 2);
    const never = new AbortController().signal;
    await directory.find('Y.ASG')?.put('CLOSED', { user: '', host: '' }, never);
    expect(circuit.received()).toBe(plain('0016 0000 0000 0000 00000002 00000000'));
    await directory.find('Y.ASG')?.put('', { user: '', host: '' }, never);
    expect(circuit.received()).toBe(plain('0016 0000 0000 0000 00000002 00000003'));
  });

  it('waits until the client takes it, and then tells what is true by then', () => {
    const { directory, circuit } = server(readers);
    const sid = circuit.open('TEMP');
    circuit.send(monitor(sid)).received();
    circuit.circuit.congested = true;
    for (let i = 0; i < 1000; i++) {
      directory.security.install(nobody);
      directory.security.install(everybody);
    }
    directory.update('TEMP', 5);
    expect(circuit.circuit.output.length).toBe(0);
    circuit.circuit.congested = false;
    circuit.circuit.resume();
    circuit.send('');
    expect(circuit.received()).toBe(
      plain(`0016 0000 0000 0000 00000001 00000003
        0001 0008 0006 0001 00000001 00000007 4014000000000000`),
    );
  });

  it('is none for a circuit that is gone', () => {
    const { directory, circuit } = server(readers);
    circuit.open('TEMP');
    circuit.circuit.dispose();
    directory.security.install(everybody);
    expect(circuit.received()).toBe('');
  });
});
