import { describe, expect, it, vi } from 'vitest';
import { f64, i16, text } from '../../src/model/index.ts';
import { Directory, EventMask, type PutOrigin, type PvField } from '../../src/pv/index.ts';
import type { PutRequest } from '../../src/records/index.ts';
import { Rig } from '../records/rig.ts';

const { value: VALUE, log: LOG, alarm: ALARM, property: PROPERTY } = EventMask;
const origin: PutOrigin = { user: 'operator', host: 'console' };
const signal = new AbortController().signal;

/** A directory that writes down what it publishes: `NAME=value mask` by batch. */
class Station {
  readonly rig = new Rig();
  readonly directory = new Directory(this.rig.records);
  readonly batches: string[][] = [];
  readonly requests: PutRequest[] = [];

  constructor() {
    this.directory.posted$.subscribe(({ count, slots, masks, fields }) => {
      const { columns } = this.directory;
      const names = this.rig.records.columns.name;
      const values = Array.from(slots.subarray(0, count), (slot, i) => {
        return `${names[slot]}=${columns.number[slot]} ${masks[i]}`;
      });
      const others = fields.map(({ slot, field, mask }) => `${names[slot]}.${field} ${mask}`);
      this.batches.push([...values, ...others]);
    });
    this.directory.puts$.subscribe((request) => this.requests.push(request));
  }

  field(name: string): PvField {
    const field = this.directory.find(name);
    if (!field) throw new Error(`no ${name}`);
    return field;
  }

  put(name: string, value: number | string | Uint8Array) {
    return this.field(name).put(value, origin, signal);
  }
}

function station(): Station {
  const made = new Station();
  made.rig.records.add({ name: 'S', type: 'ai', role: 'soft', fields: { DESC: 'soft µ' } });
  made.rig.records.add({ name: 'T', type: 'lso', role: 'soft', fields: { SIZV: 100 } });
  return made;
}

describe('a name', () => {
  it.each([
    ['S', 'VAL', 'DOUBLE', 1],
    ['S.', 'VAL', 'DOUBLE', 1],
    ['S.VAL', 'VAL', 'DOUBLE', 1],
    ['S.EGU', 'EGU', 'STRING', 1],
    ['S.SEVR', 'SEVR', 'MENU', 1],
    ['S.RTYP', 'RTYP', 'STRING', 1],
    ['S.DESC$', 'DESC', 'CHAR', 41],
    ['S.NAME$', 'NAME', 'CHAR', 61],
    ['S.FLNK$', 'FLNK', 'CHAR', 1024],
    ['T', 'VAL', 'STRING', 1],
    ['T.$', 'VAL', 'CHAR', 100],
    ['T.VAL$', 'VAL', 'CHAR', 100],
  ])('%s is field %s of type %s with up to %d', (name, field, type, maxCount) => {
    const { directory } = station();
    expect(directory.has(name)).toBe(true);
    expect(directory.find(name)).toMatchObject({ field, type, maxCount });
  });

  it.each(['X', 's', 'S.XYZ', 'S.ASP', 'S.egu', '', '.', 'S$', 'S{ts:{}}', 'S[0]'])(
    '"%s" is none',
    (name) => {
      const { directory } = station();
      expect(directory.has(name)).toBe(false);
      expect(directory.find(name)).toBeUndefined();
    },
  );

  it.each(['S.VAL$', 'S.SEVR$', 'S.VAL.EGU', 'S.VAL {ts:{}}', 'S.VAL{no:{}}', 'S.[x]'])(
    '"%s" is found by a search, which looks at record and field only, but is no channel',
    (name) => {
      const { directory } = station();
      expect(directory.has(name)).toBe(true);
      expect(directory.find(name)).toBeUndefined();
    },
  );

  it('is listed once for each record', () => {
    const { directory } = station();
    expect([...directory.names()]).toEqual(['S', 'T']);
    expect(directory.size).toBe(2);
  });
});

describe('a batch', () => {
  it('holds what the plant changed since the last', () => {
    const { rig, directory, batches } = station();
    const a = rig.input('A', 'ai', f64);
    const b = rig.input('B', 'ai', f64);
    rig.sample(a, 1);
    rig.sample(b, 2);
    rig.sample(a, 3);
    directory.flush();
    directory.flush();
    expect(batches).toEqual([[`A=3 ${VALUE | LOG | ALARM}`, `B=2 ${VALUE | LOG | ALARM}`]]);
  });

  it('has the times of the plant in its columns', () => {
    const { rig, directory } = station();
    const a = rig.input('A', 'ai', f64);
    rig.sample(a, 1);
    directory.flush();
    expect(directory.columns.seconds[a]).toBe(1000);
    expect(directory.columns.nanoseconds[a]).toBe(500);
  });
});

describe('a put', () => {
  it('is published at the end of the turn', async () => {
    const made = station();
    expect(made.put('S', 7)).toEqual({ kind: 'done' });
    expect(made.batches).toEqual([]);
    await Promise.resolve();
    expect(made.batches).toEqual([[`S=7 ${VALUE | LOG | ALARM}`]]);
  });

  it('has an event of its own although another one follows at once', async () => {
    const made = station();
    for (const value of [1, 2, 3]) made.put('S', value);
    await Promise.resolve();
    expect(made.batches).toEqual([
      [`S=1 ${VALUE | LOG | ALARM}`],
      [`S=2 ${VALUE | LOG}`],
      [`S=3 ${VALUE | LOG}`],
    ]);
  });

  it('is published before a flush that would post the same record', () => {
    const made = station();
    const a = made.rig.input('A', 'ai', f64, { HIHI: 5, HHSV: 'MAJOR' });
    made.rig.sample(a, 6);
    made.directory.flush();
    made.put('A.HIHI', 9);
    made.rig.sample(a, 7);
    made.directory.flush();
    expect(made.batches.slice(1)).toEqual([[`A=6 ${PROPERTY | ALARM}`], [`A=7 ${VALUE | LOG}`]]);
  });

  it('goes to the plant and is over with its answer', async () => {
    const made = station();
    made.rig.setpoint('X', 'longout', i16);
    const outcome = made.put('X', 5);
    expect(made.requests).toMatchObject([{ value: 5 }]);
    made.requests[0]?.settle({ kind: 'failed', text: 'no' });
    expect(await outcome).toEqual({ kind: 'failed', text: 'no' });
    expect(made.batches.flat()).toContain(`X=5 ${VALUE | LOG | ALARM}`);
    expect(made.field('X.SEVR').read()).toBe(3);
  });

  it('is refused while nobody takes puts to the plant', () => {
    const rig = new Rig();
    const directory = new Directory(rig.records);
    rig.setpoint('X', 'longout', i16);
    expect(directory.find('X')?.put(1, origin, signal)).toMatchObject({ reason: 'away' });
  });

  it('by a subscriber is published after what it was told', async () => {
    const made = station();
    made.rig.records.add({ name: 'ECHO', type: 'ai', role: 'soft' });
    const slot = made.field('S').slot;
    made.directory.posted$.subscribe(({ slots, count }) => {
      if (slots.subarray(0, count).includes(slot)) made.put('ECHO', 1);
    });
    made.put('S', 7);
    await vi.waitFor(() => expect(made.batches).toHaveLength(2));
    expect(made.batches[1]).toEqual([`ECHO=1 ${VALUE | LOG | ALARM}`]);
  });
});

describe('a long string', () => {
  it('reads as bytes with their NUL', () => {
    const read = station().field('S.DESC$').read() as Uint8Array;
    expect(Buffer.from(read).toString('utf8')).toBe('soft µ\0');
  });

  it('is written as bytes, up to their NUL', () => {
    const made = station();
    const long = 'x'.repeat(80);
    made.put('T.$', Uint8Array.from(Buffer.from(`${long}\0rubbish`)));
    expect(made.field('T').read()).toBe(long);
  });
});

describe('a field', () => {
  it('knows its record', () => {
    const field = station().field('S.EGU');
    expect(field).toMatchObject({ record: 'S', recordType: 'ai', writable: true, isColumn: false });
  });

  it('is a column when it is a plain number', () => {
    const { rig, directory } = station();
    rig.input('I', 'int64in', f64);
    expect(directory.find('S')?.isColumn).toBe(true);
    expect(directory.find('T')?.isColumn).toBe(false);
    expect(directory.find('I')?.isColumn).toBe(false);
  });

  it('is read-only where the plant feeds it', () => {
    const made = station();
    made.rig.input('A', 'stringin', text(5));
    expect(made.field('A').writable).toBe(false);
    expect(made.field('A.DESC').writable).toBe(true);
  });

  it('that is watched is told when a put changes it', async () => {
    const made = station();
    using _watch = made.field('S.DESC').watch();
    made.put('S.DESC', 'harder');
    await Promise.resolve();
    expect(made.batches).toEqual([[`S.DESC ${VALUE | LOG}`]]);
  });
});

describe('acknowledgement', () => {
  const raised = () => {
    const made = station();
    const a = made.rig.input('A', 'ai', f64, { HIHI: 5, HHSV: 'MAJOR' });
    made.rig.feed(a, 9);
    made.rig.feed(a, 0);
    return made.field('A');
  };

  it('holds the gravest severity', () => {
    expect(raised().acknowledge()).toEqual({ ackt: 1, acks: 2 });
  });

  it('needs a severity as grave', () => {
    const field = raised();
    field.putAcknowledge('acks', 1);
    expect(field.acknowledge().acks).toBe(2);
    field.putAcknowledge('acks', 2);
    expect(field.acknowledge().acks).toBe(0);
  });

  it('falls to the present severity without ACKT', () => {
    const field = raised();
    field.putAcknowledge('ackt', 0);
    expect(field.acknowledge()).toEqual({ ackt: 0, acks: 0 });
  });
});
