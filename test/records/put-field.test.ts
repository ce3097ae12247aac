import { describe, expect, it } from 'vitest';
import { arrayOf, bool, f64, i16, u8 } from '../../src/model/index.ts';
import { EventMask, type RecordSpec, type RecordTypeName } from '../../src/records/index.ts';
import { Rig } from './rig.ts';

const { value: VALUE, log: LOG, alarm: ALARM, property: PROPERTY } = EventMask;

function soft(type: RecordTypeName, fields: RecordSpec['fields'] = {}): Rig {
  const rig = new Rig();
  rig.records.add({
    name: 'S',
    type,
    role: 'soft',
    fields,
    initial: type === 'waveform' ? [] : '0',
  });
  return rig;
}

const done = { kind: 'done' };
const bad = { kind: 'refused', reason: 'bad-value' };
const readOnly = { kind: 'refused', reason: 'read-only' };

describe('what clients cannot write', () => {
  it('is the value of what the plant feeds', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'ai', f64), 5);
    expect(rig.put('A', 6)).toMatchObject(readOnly);
    expect(rig.put('A.RVAL', 6)).toMatchObject(readOnly);
    expect(rig.get('A')).toBe(5);
  });

  it.each(['NAME', 'STAT', 'SEVR', 'ACKS', 'ACKT', 'PACT', 'MLST', 'TIME', 'UTAG'])(
    'is %s',
    (field) => {
      expect(soft('ai').put(`S.${field}`, 1)).toMatchObject(readOnly);
    },
  );

  it.each(['RTYP', 'VERS'])('is %s, though its rights say otherwise', (field) => {
    const refused = { kind: 'refused', reason: 'bad-value' };
    expect(soft('ai').put(`S.${field}`, 'bo')).toMatchObject(refused);
  });

  it('says so in words', () => {
    expect(soft('ai').put('S.STAT', 1)).toMatchObject({
      text: 'Put to S.STAT refused: clients cannot write it',
    });
  });
});

describe('a put to VAL of a soft record', () => {
  it('processes it and posts once', () => {
    const rig = soft('ai');
    expect(rig.put('S', '1.5 V')).toEqual(done);
    expect(rig.get('S')).toBe(1.5);
    expect(rig.get('S.UDF')).toBe(0);
    expect([...rig.masks().values()]).toEqual([VALUE | LOG | ALARM]);
  });

  it('leaves everything as it was when the value is none', () => {
    const rig = soft('ai');
    rig.put('S', 3);
    rig.masks();
    expect(rig.put('S', 'V')).toMatchObject(bad);
    expect(rig.get('S')).toBe(3);
    expect(rig.masks().size).toBe(0);
  });

  it('is clamped for outputs', () => {
    const rig = soft('longout', { DRVL: -5, DRVH: 5 });
    rig.put('S', 9);
    expect(rig.get('S')).toBe(5);
  });

  it('is clamped exactly for 64 bits', () => {
    const rig = soft('int64out', { DRVL: 0n, DRVH: 2n ** 63n - 1n });
    rig.put('S', '9223372036854775807');
    expect(rig.get('S')).toBe(2n ** 63n - 1n);
  });

  it('cuts text to its size', () => {
    const rig = soft('stringout');
    rig.put('S', 'z'.repeat(50));
    expect(rig.get('S')).toBe('z'.repeat(39));
  });

  it('writes a number into text as EPICS does', () => {
    const rig = soft('stringout');
    rig.put('S', 1.5);
    expect(rig.get('S')).toBe('1.500000');
  });
});

describe('a state by name', () => {
  const two = { ZNAM: 'off', ONAM: 'on' };
  const many = { ZRST: 'init', ONST: 'op', TWST: '' };

  it.each([
    ['bo', two, 'on', 1],
    ['bo', two, '1', 1],
    ['mbbo', many, 'op', 1],
    ['mbbo', many, '1.9', 1],
    ['mbbo', many, '', 2],
  ] as const)('of %s: "%s"', (type, fields, text, state) => {
    const rig = soft(type, fields);
    rig.put('S', text);
    expect(rig.get('S')).toBe(state);
  });

  it.each([
    ['bo', two, '2'],
    ['bo', two, '1.0'],
    ['bo', two, 'ON'],
    ['mbbo', many, '2'],
    ['mbbo', many, 'stop'],
  ] as const)('of %s is refused: %s "%s"', (type, fields, text) => {
    expect(soft(type, fields).put('S', text)).toMatchObject(bad);
  });

  it('as a number is stored without a check, its low 16 bits', () => {
    const rig = soft('bo', two);
    rig.put('S', 65538);
    expect(rig.get('S')).toBe(2);
  });
});

describe('a menu', () => {
  it('takes a choice by text or index', () => {
    const rig = soft('ai');
    rig.put('S.HHSV', 'MAJOR');
    expect(rig.get('S.HHSV')).toBe(2);
    rig.put('S.HHSV', '1');
    expect(rig.get('S.HHSV')).toBe(1);
    rig.put('S.HHSV', 0);
    expect(rig.get('S.HHSV')).toBe(0);
  });

  it.each(['GRAVE', '4', 4])('refuses %s', (value) => {
    expect(soft('ai').put('S.HHSV', value)).toMatchObject(bad);
  });
});

describe('DISP', () => {
  it('refuses every put but the one that takes it back', () => {
    const rig = soft('ai');
    rig.put('S.DISP', 1);
    expect(rig.put('S', 1)).toMatchObject({ kind: 'refused', reason: 'disabled' });
    expect(rig.put('S.DESC', 'x')).toMatchObject({ kind: 'refused', reason: 'disabled' });
    rig.put('S.DISP', 0);
    expect(rig.put('S', 1)).toEqual(done);
  });
});

describe('properties', () => {
  it('are posted on VAL and on every watched field, changed or not', () => {
    const rig = soft('ai');
    using _watch = rig.records.watchers.watch(0, 'HOPR');
    rig.put('S.EGU', '');
    const { masks, fields } = rig.posted();
    expect([...masks.values()]).toEqual([PROPERTY]);
    expect(fields).toEqual([`S.HOPR=${PROPERTY}`]);
  });

  it('are state names, with VALUE when the state is the current one', () => {
    const rig = soft('mbbo', { ZRST: 'init', ONST: 'op' });
    rig.put('S.ONST', 'run');
    expect([...rig.masks().values()][0]).toBe(PROPERTY | ALARM);
    rig.put('S.ZRST', 'boot');
    expect([...rig.masks().values()]).toEqual([PROPERTY | VALUE | LOG]);
  });
});

describe('a watched field', () => {
  it('posts what a put wrote, once', () => {
    const rig = soft('ai');
    using _watch = rig.records.watchers.watch(0, 'DESC');
    rig.put('S.DESC', 'pressure');
    expect(rig.posted().fields).toEqual([`S.DESC=${VALUE | LOG}`]);
  });

  it('posts what processing changed', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', i16, { HIHI: 5, HHSV: 'MAJOR' });
    rig.feed(a, 1);
    for (const field of ['SEVR', 'STAT', 'RVAL', 'DESC']) rig.records.watchers.watch(a, field);
    rig.sample(a, 9);
    rig.records.processDirty();
    expect(rig.posted().fields.toSorted()).toEqual([
      `A.RVAL=${VALUE | LOG}`,
      `A.SEVR=${VALUE}`,
      `A.STAT=${VALUE | ALARM}`,
    ]);
  });

  it('tells a new length of a waveform', () => {
    const rig = soft('waveform', { FTVL: 'DOUBLE', NELM: 4 });
    using _watch = rig.records.watchers.watch(0, 'NORD');
    rig.put('S', Float64Array.of(1, 2));
    expect(rig.posted().fields).toEqual([`S.NORD=${VALUE | LOG}`]);
  });

  it('says nothing once nobody watches', () => {
    const rig = soft('ai');
    rig.records.watchers.watch(0, 'DESC')[Symbol.dispose]();
    rig.put('S.DESC', 'pressure');
    expect(rig.posted().fields).toEqual([]);
  });
});

describe('a waveform', () => {
  const row = { FTVL: 'SHORT', NELM: 3 };

  it('takes a shorter row and tells its length', () => {
    const rig = soft('waveform', row);
    rig.put('S', Float64Array.of(1.9, -2.9));
    expect(rig.get('S')).toEqual(Int16Array.of(1, -2));
    expect(rig.get('S.NORD')).toBe(2);
  });

  it.each([
    ['LONG', Float64Array.of(1.9, 3e9), Int32Array.of(1, -2147483648)],
    ['FLOAT', Float64Array.of(1e300), Float32Array.of(3.4028234663852886e38)],
    ['USHORT', Float64Array.of(-1, 65537.5), Uint16Array.of(65535, 1)],
    ['INT64', Float64Array.of(-1.5), Float64Array.of(-1)],
    ['DOUBLE', Int16Array.of(-7), Float64Array.of(-7)],
    ['CHAR', Uint8Array.of(255), Int8Array.of(-1)],
  ])('of %s casts each element as C does', (type, sent, row) => {
    const rig = soft('waveform', { FTVL: type, NELM: 4 });
    rig.put('S', sent);
    expect(rig.get('S')).toEqual(row);
  });

  it('takes no more than NELM, and may be emptied', () => {
    const rig = soft('waveform', row);
    rig.put('S', Float64Array.of(1, 2, 3, 4));
    expect(rig.get('S.NORD')).toBe(3);
    rig.put('S', new Float64Array(0));
    expect(rig.get('S.NORD')).toBe(0);
  });

  it('refuses a row with a text that is no number, and keeps its own', () => {
    const rig = soft('waveform', row);
    rig.put('S', ['1', '2']);
    expect(rig.put('S', ['3', 'x'])).toMatchObject(bad);
    expect(rig.get('S')).toEqual(Int16Array.of(1, 2));
  });

  it('owns its elements', () => {
    const rig = soft('waveform', row);
    const sent = Int16Array.of(1, 2);
    rig.put('S', sent);
    sent[0] = 99;
    expect(rig.get('S')).toEqual(Int16Array.of(1, 2));
  });

  it('of texts cuts each to 39 bytes', () => {
    const rig = soft('waveform', { FTVL: 'STRING', NELM: 2 });
    rig.put('S', ['a', 'b'.repeat(50)]);
    expect(rig.get('S')).toEqual(['a', 'b'.repeat(39)]);
  });
});

describe('what a record cannot do', () => {
  it('is refused, not stored', () => {
    const rig = soft('ai');
    rig.records.start(rig.means);
    const text = expect.stringContaining('nothing interrupts this record');
    expect(rig.put('S.SCAN', 'I/O Intr')).toMatchObject({ ...bad, text });
    expect(rig.get('S.SCAN')).toBe(0);
  });

  it.each([
    ['A.INP', '5'],
    ['A.TSE', 0],
    ['A.DTYP', 'Soft Channel'],
  ])('of the plant is what the plant does: %s', (name, value) => {
    const rig = new Rig();
    rig.records.start(rig.means);
    rig.input('A', 'ai', f64);
    expect(rig.put(name, value)).toMatchObject(bad);
  });

  it('may be put as it is', () => {
    expect(soft('ai').put('S.SCAN', 'Passive')).toEqual(done);
  });
});

describe('fields as clients first see them', () => {
  it.each([
    ['A.SCAN', 'I/O Intr'],
    ['A.DTYP', 'ADS'],
    ['A.ACKT', 'YES'],
    ['A.UDFS', 'INVALID'],
    ['X.SCAN', 'Passive'],
    ['X.DTYP', 'ADS'],
    ['S.DTYP', 'Soft Channel'],
  ])('%s is %s', (name, choice) => {
    const rig = new Rig();
    rig.input('A', 'bi', bool);
    rig.setpoint('X', 'bo', bool);
    rig.records.add({ name: 'S', type: 'bo', role: 'soft' });
    expect(rig.choice(name)).toBe(choice);
  });

  it('have the initial values of EPICS', () => {
    const rig = soft('ai');
    expect(rig.get('S.ESLO')).toBe(1);
    expect(rig.get('S.SDLY')).toBe(-1);
    expect(rig.get('S.SSCN')).toBe(65535);
    expect(rig.get('S.DISV')).toBe(1);
    expect(rig.get('S.UTAG')).toBe(0n);
  });
});

describe('a record to be made', () => {
  it('needs a name of its own', () => {
    const rig = soft('ai');
    const again = () => rig.records.add({ name: 'S', type: 'ai', role: 'soft' });
    expect(again).toThrow('Add record "S": there is one of that name');
    const dotted = () => rig.records.add({ name: 'a.b', type: 'ai', role: 'soft' });
    expect(dotted).toThrow('no dot');
  });

  it('needs fields of its type', () => {
    const rig = new Rig();
    const add = () => rig.input('A', 'waveform', arrayOf(u8, 2), { ZNAM: 'x' });
    expect(add).toThrow('Set ZNAM of A (waveform): it has no such field');
  });
});
