import { describe, expect, it } from 'vitest';
import { type RecordTypeName, recordTypes } from '../../src/records/index.ts';

/** A field as facts/ca.md section 11.1 writes it. */
function shown(record: RecordTypeName, name: string): string {
  const field = recordTypes[record].fields.get(name);
  if (!field) return 'none';
  const { type, readOnly, pp, prop, menu, size, initial, choices } = field;
  const first = choices[Number(initial)] ?? String(initial);
  const isPlain = type === 'STRING' ? first === '' : Number(initial) === 0;
  const marks = [
    readOnly && 'ro',
    pp && 'pp',
    prop && 'prop',
    menu,
    size > 0 && `len${size - 1}`,
    !isPlain && `=${first}`,
  ];
  return `${type}(${marks.filter(Boolean).join(',')})`;
}

describe('the field tables', () => {
  it('are those of every record type of EPICS base but sub and aSub', () => {
    expect(Object.keys(recordTypes).toSorted().join(' ')).toBe(
      'aai aao ai ao bi bo calc calcout compress dfanout event fanout histogram int64in int64out ' +
        'longin longout lsi lso mbbi mbbiDirect mbbo mbboDirect permissive printf sel seq state ' +
        'stringin stringout subArray waveform',
    );
  });

  it.each<[RecordTypeName, string, string]>([
    ['ai', 'NAME', 'STRING(ro,len60)'],
    ['ai', 'SCAN', 'MENU(menuScan)'],
    ['ai', 'STAT', 'MENU(ro,menuAlarmStat,=UDF)'],
    ['ai', 'ACKT', 'MENU(ro,menuYesNo,=YES)'],
    ['ai', 'UDF', 'UCHAR(pp,=1)'],
    ['ai', 'UDFS', 'MENU(menuAlarmSevr,=INVALID)'],
    ['ai', 'HHSV', 'MENU(pp,prop,menuAlarmSevr)'],
    ['longin', 'HHSV', 'MENU(pp,menuAlarmSevr)'],
    ['ai', 'SSCN', 'MENU(menuScan,=65535)'],
    ['ai', 'SDLY', 'DOUBLE(=-1)'],
    ['ai', 'ASLO', 'DOUBLE(pp,=1)'],
    ['bi', 'ZNAM', 'STRING(pp,prop,len25)'],
    ['mbbi', 'ZRST', 'STRING(pp,len25)'],
    ['int64in', 'HIHI', 'INT64(pp,prop)'],
    ['waveform', 'FTVL', 'MENU(ro,menuFtype)'],
    ['waveform', 'NELM', 'ULONG(ro,=1)'],
    ['waveform', 'MPST', 'MENU(waveformPOST)'],
    ['longout', 'OOPT', 'MENU(longoutOOPT)'],
    ['calc', 'CALC', 'STRING(pp,len79,=0)'],
    ['calc', 'INPU', 'none'],
    ['calc', 'INPL', 'INLINK()'],
    ['calc', 'FLNK', 'FWDLINK()'],
    ['ai', 'ASP', 'none'],
    ['ai', 'TIME', 'STRING(ro,len39)'],
    ['lsi', 'VAL', 'STRING(pp)'],
  ])('%s.%s is %s', (record, field, expected) => {
    expect(shown(record, field)).toBe(expected);
  });

  it('know what access security and print-outs want of a field', () => {
    const { fields } = recordTypes.ai;
    expect(fields.get('VAL')).toMatchObject({ asl: 0, interest: 0, configurable: true });
    expect(fields.get('HIHI')).toMatchObject({ asl: 1, interest: 1, configurable: true });
    expect(fields.get('LALM')).toMatchObject({ asl: 1, interest: 3, configurable: false });
  });

  it('have our device supports after those of EPICS', () => {
    const choices = recordTypes.ai.fields.get('DTYP')?.choices;
    expect(choices).toEqual([
      'Soft Channel',
      'Raw Soft Channel',
      'Async Soft Channel',
      'Soft Timestamp',
      'General Time',
      'ADS',
      'MQTT',
      'IOC stats',
    ]);
    expect(recordTypes.calc.fields.get('DTYP')?.choices).toEqual([]);
  });
});
