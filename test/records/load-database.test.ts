import { describe, expect, it } from 'vitest';
import { f64 } from '../../src/model/index.ts';
import { loadDatabase } from '../../src/records/index.ts';
import { Rig } from './rig.ts';
import { database, declared } from './support/database.ts';

function failure(rig: Rig, ...records: Parameters<typeof database>): string {
  try {
    loadDatabase(rig.records, database(...records));
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('a record of a database', () => {
  it('is a soft record with the fields of the file', () => {
    const rig = new Rig();
    const summary = loadDatabase(
      rig.records,
      database(
        ['ai', 'A', { DESC: 'level', PREC: 3, HHSV: 'MAJOR', HIHI: '1e2', VAL: '7.5' }],
        ['mbbo', 'M', { ZRST: 'off', ONVL: '0x10', ONST: 'on', TWVL: '010' }],
        ['stringin', 'S', { VAL: 'text' }],
      ),
    );
    expect(summary).toMatchObject({ made: 3, changed: 0, waiting: [] });
    expect(rig.get('A')).toBe(7.5);
    expect(rig.get('A.PREC')).toBe(3);
    expect(rig.choice('A.HHSV')).toBe('MAJOR');
    expect([rig.get('M.ONVL'), rig.get('M.TWVL')]).toEqual([16, 8]);
    expect(rig.get('S')).toBe('text');
  });

  it('is no longer undefined once VAL is set, and still shows UDF until it processes', () => {
    const rig = new Rig();
    loadDatabase(rig.records, database(['ai', 'A', { VAL: '1' }], ['ai', 'B']));
    expect([rig.get('A.UDF'), rig.get('B.UDF')]).toEqual([0, 1]);
    expect([rig.alarm('A'), rig.alarm('B')]).toEqual(['UDF NO_ALARM', 'UDF INVALID']);
  });

  it('may say that no scan is kept for simulation', () => {
    const rig = new Rig();
    loadDatabase(rig.records, database(['ai', 'A', { SSCN: '65535' }]));
    expect(rig.get('A.SSCN')).toBe(65535);
  });

  it('keeps its info tags, the later of one name', () => {
    const rig = new Rig();
    const first = declared(
      1,
      'ai',
      'A',
      {},
      { infos: { archive: 'monitor', autosaveFields: 'VAL' } },
    );
    const later = declared(2, '*', 'A', {}, { infos: { archive: 'scan' } });
    loadDatabase(rig.records, { records: [first, later] });
    expect(Object.fromEntries(rig.records.infos(0))).toEqual({
      archive: 'scan',
      autosaveFields: 'VAL',
    });
  });

  it('is found by its aliases', () => {
    const rig = new Rig();
    loadDatabase(rig.records, { records: [declared(1, 'ai', 'A', {}, { aliases: ['B', 'C'] })] });
    expect(rig.get('B.NAME')).toBe('A');
    expect([...rig.records.names()]).toEqual(['A']);
    expect([...rig.records.aliases()]).toEqual([
      ['B', 0],
      ['C', 0],
    ]);
  });
});

describe('fields for a record that is there', () => {
  it('are added, of the plant too', () => {
    const rig = new Rig();
    rig.input('P', 'ai', f64, { EGU: 'V' });
    loadDatabase(
      rig.records,
      database(['*', 'P', { HIHI: 5, HHSV: 'MAJOR' }], ['ai', 'P', { EGU: 'mV' }]),
    );
    expect([rig.get('P.HIHI'), rig.get('P.EGU')]).toEqual([5, 'mV']);
  });

  it('wait for one that comes later', () => {
    const rig = new Rig();
    const { waiting } = loadDatabase(rig.records, database(['*', 'P', { HIHI: 5 }]));
    expect(waiting).toEqual(['P']);
    expect([...rig.records.awaited()]).toEqual(['P']);
    rig.input('P', 'ai', f64);
    expect(rig.get('P.HIHI')).toBe(5);
    expect([...rig.records.awaited()]).toEqual([]);
  });

  it('are refused when the type is another', () => {
    const rig = new Rig();
    rig.input('P', 'ai', f64);
    expect(failure(rig, ['ao', 'P'])).toBe('test.db:1:1: record "P" is ai, not ao');
  });
});

describe('a mistake is told with its place, what is wrong, and what would be right', () => {
  it.each([
    ['ai', 'PRECS', '3', 'test.db:1:2: A.PRECS (ai): there is no such field; did you mean PREC?'],
    [
      'ai',
      'PREC',
      '3 digits',
      /^test.db:1:2: A.PREC \(ai\) cannot be "3 digits": a whole number from -32768/,
    ],
    ['ai', 'PREC', '40000', /it is not from -32768 to 32767$/],
    ['ai', 'HIHI', 'high', /cannot be "high": a number is expected$/],
    ['ai', 'HHSV', 'BAD', /choices are "NO_ALARM", "MINOR", "MAJOR", "INVALID"$/],
    ['ai', 'DTYP', 'Modbus', /device supports are "Soft Channel", .*"ADS", "MQTT", "IOC stats"$/],
    ['calc', 'DTYP', 'ADS', /this record type has no device support$/],
    ['ai', 'DESC', 'x'.repeat(41), /it has 41 bytes, and 40 are the most$/],
    ['ai', 'NAME', 'B', /nothing can set it$/],
    ['waveform', 'VAL', '1', /give it a first value through a constant link$/],
    ['lsi', 'VAL', '1', /give it a first value through a constant link$/],
    ['sub', 'VAL', '1', /^test.db:1:1: record "A": sub runs compiled C code/],
    ['aSub', 'VAL', '1', /^test.db:1:1: record "A": aSub runs compiled C code/],
    ['analogin', 'VAL', '1', /there is no record type analogin/],
    ['longIn', 'VAL', '1', /did you mean longin\?$/],
  ])('%s.%s = %s', (type, field, text, message) => {
    const said = failure(new Rig(), [type, 'A', { [field]: text }]);
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  it('beside all the others', () => {
    const rig = new Rig();
    const said = failure(rig, ['ai', 'A', { X: 1 }], ['ai', 'B', { PREC: 'y' }], ['ai', 'C.D']);
    expect(said.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'test.db:1:2:',
      'test.db:2:2:',
      'test.db:3:1:',
    ]);
  });

  it('of which no more are listed than can be read', () => {
    const rig = new Rig();
    const records = Array.from({ length: 50 }, (_, i) => ['ai', `A${i}`, { X: 1 }] as const);
    expect(failure(rig, ...records).split('\n')).toHaveLength(21);
  });
});
