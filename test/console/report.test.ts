import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stored } from '../../src/console/report/number-text.ts';
import { tabbed } from '../../src/console/report/tabbed.ts';
import { strftime } from '../../src/console/strftime.ts';

describe('texts in columns', () => {
  it('stand at tab stops, each followed by one blank at least', () => {
    expect([...tabbed(['DBF_DOUBLE: ', '1.5'], 10)]).toEqual(['DBF_DOUBLE:         1.5       ']);
    expect([...tabbed(['DBF_LONG: ', '42 = 0x2a'], 10)]).toEqual([
      'DBF_LONG:           42 = 0x2a ',
    ]);
    expect([...tabbed(['x'.repeat(20)], 10)]).toEqual([`${'x'.repeat(20)}          `]);
  });

  it('go to the next line when they do not fit', () => {
    const texts = ['EVNT: ', 'FLNK: DB_LINK T:calc', 'x'.repeat(40), 'HHSV: MAJOR'];
    expect([...tabbed(texts, 20)]).toEqual([
      'EVNT:               FLNK: DB_LINK T:calc                    ',
      `${'x'.repeat(40).padEnd(60)}HHSV: MAJOR         `,
    ]);
  });

  it('are all printed, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,100}$/)), (texts) => {
        const printed = [...tabbed(texts, 20)].join(' ');
        expect(printed.split(/ +/).filter((text) => text !== '')).toEqual(texts);
      }),
    );
  });
});

describe('numbers', () => {
  it('are printed as databases hold them', () => {
    expect([0.1, 3.25, 5, -7, 1e10, 1.5e-9, 12345.678].map((value) => stored(value, 15))).toEqual([
      '0.1',
      '3.25',
      '5',
      '-7',
      '1.0e+10',
      '1.5e-09',
      '12345.678',
    ]);
    expect(stored(Math.fround(0.1), 7)).toBe('0.1');
  });
});

describe('times', () => {
  const noon = {
    seconds: new Date(2026, 10, 27, 12, 4, 5).getTime() / 1000,
    nanoseconds: 123456789,
  };

  it('are printed as strftime prints them', () => {
    expect(strftime('%Y/%m/%d %H:%M:%S.%06f', noon)).toBe('2026/11/27 12:04:05.123456');
    expect(strftime('%a %b %e %I %p %j %% %Q', noon)).toBe('Fri Nov 27 12 PM 331 % %Q');
    expect(strftime('%F %T.%09f', noon)).toBe('2026-11-27 12:04:05.123456789');
  });
});
