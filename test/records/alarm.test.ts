import { describe, expect, it } from 'vitest';
import { AlarmStatus, bool, f64, i16, i32, Quality, Severity, u8 } from '../../src/model/index.ts';
import { EventMask } from '../../src/records/index.ts';
import { NOON, Rig } from './rig.ts';

const { value: VALUE, log: LOG, alarm: ALARM } = EventMask;
const limits = {
  HIHI: 30,
  HIGH: 20,
  LOW: -20,
  LOLO: -30,
  HHSV: 'MAJOR',
  HSV: 'MINOR',
  LSV: 'MINOR',
  LLSV: 'MAJOR',
};

describe('a record that never processed', () => {
  it('is undefined, invalid and has no time', () => {
    const rig = new Rig();
    rig.input('A', 'ai', f64);
    expect(rig.alarm('A')).toBe('UDF INVALID');
    expect(rig.get('A.UDF')).toBe(1);
    expect(rig.get('A.TIME')).toBe('1990-01-01T00:00:00.000000000Z');
  });
});

describe('the first value', () => {
  it('clears the alarm and posts it with the value', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64);
    expect(rig.feed(a, 5)).toBe(VALUE | LOG | ALARM);
    expect(rig.alarm('A')).toBe('NO_ALARM NO_ALARM');
    expect(rig.get('A.UDF')).toBe(0);
  });

  it('carries the time of the plant', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'ai', f64), 5);
    expect(rig.get('A.TIME')).toBe('1990-01-01T00:16:40.000000500Z');
    expect(rig.get('A.TSE')).toBe(-2);
  });
});

describe('limit alarms', () => {
  it.each([
    [30, 'HIHI MAJOR'],
    [29, 'HIGH MINOR'],
    [20, 'HIGH MINOR'],
    [19, 'NO_ALARM NO_ALARM'],
    [-20, 'LOW MINOR'],
    [-30, 'LOLO MAJOR'],
  ])('makes of %d %s', (value, alarm) => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'ai', f64, limits), value);
    expect(rig.alarm('A')).toBe(alarm);
  });

  it('needs a severity', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'longin', i32, { ...limits, HHSV: 0 }), 35);
    expect(rig.alarm('A')).toBe('HIGH MINOR');
  });

  it('holds on for the hysteresis, then lets go', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { ...limits, HYST: 2 });
    rig.feed(a, 21);
    rig.feed(a, 18.5);
    expect(rig.alarm('A')).toBe('HIGH MINOR');
    rig.feed(a, 17.9);
    expect(rig.alarm('A')).toBe('NO_ALARM NO_ALARM');
    rig.feed(a, 18.5);
    expect(rig.alarm('A')).toBe('NO_ALARM NO_ALARM');
  });

  it('is evaluated again when a limit changes', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'ai', f64, limits), 10);
    rig.put('A.HIGH', 9);
    expect(rig.alarm('A')).toBe('HIGH MINOR');
  });

  it('posts only ALARM when the value stays within its dead-band', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { ...limits, MDEL: 5, ADEL: 5 });
    rig.feed(a, 19);
    expect(rig.feed(a, 21)).toBe(ALARM);
  });
});

describe('the quality of the plant', () => {
  it('away is COMM and keeps the value', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64);
    rig.feed(a, 5);
    rig.image.degrade(a, Quality.away, 2000, 0);
    rig.records.processDirty();
    expect(rig.alarm('A')).toBe('COMM INVALID');
    expect(rig.get('A')).toBe(5);
    expect(rig.masks().get(a)).toBe(ALARM);
  });

  it('bad is READ', () => {
    const rig = new Rig();
    const a = rig.input('A', 'bi', bool);
    rig.feed(a, 1);
    rig.image.degrade(a, Quality.bad, 2000, 0);
    rig.records.processDirty();
    expect(rig.alarm('A')).toBe('READ INVALID');
  });

  it('comes back with the next sample', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64);
    rig.feed(a, 5);
    rig.image.degrade(a, Quality.away, 2000, 0);
    rig.records.processDirty();
    rig.feed(a, 5);
    expect(rig.alarm('A')).toBe('NO_ALARM NO_ALARM');
  });
});

describe('NaN', () => {
  it('is undefined', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, limits);
    rig.feed(a, 5);
    rig.feed(a, Number.NaN);
    expect(rig.alarm('A')).toBe('UDF INVALID');
    expect(rig.get('A.UDF')).toBe(1);
  });

  it('has the severity of UDFS', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'ai', f64, { UDFS: 'MINOR' }), Number.NaN);
    expect(rig.alarm('A')).toBe('UDF MINOR');
  });
});

describe('state alarms', () => {
  it('are those of ZSV and OSV', () => {
    const rig = new Rig();
    const a = rig.input('A', 'bi', bool, { ZSV: 'MINOR', OSV: 'MAJOR' });
    rig.feed(a, 1);
    expect(rig.alarm('A')).toBe('STATE MAJOR');
    rig.feed(a, 0);
    expect(rig.alarm('A')).toBe('STATE MINOR');
  });

  it('are those of the state of an mbbi, and UNSV for a value that is none', () => {
    const rig = new Rig();
    const fields = { ZRVL: 1, ZRST: 'one', ONVL: 4, ONST: 'four', ONSV: 'MINOR', UNSV: 'MAJOR' };
    const a = rig.input('A', 'mbbi', u8, fields);
    rig.feed(a, 4);
    expect(rig.alarm('A')).toBe('STATE MINOR');
    rig.feed(a, 7);
    expect(rig.alarm('A')).toBe('STATE MAJOR');
    expect(rig.get('A')).toBe(65535);
  });

  it('tell a change of state with COSV, once', () => {
    const rig = new Rig();
    const a = rig.input('A', 'bi', bool, { COSV: 'MINOR' });
    rig.feed(a, 1);
    expect(rig.alarm('A')).toBe('COS MINOR');
    rig.put('A.PROC', 1);
    expect(rig.alarm('A')).toBe('NO_ALARM NO_ALARM');
  });
});

describe('acknowledgement', () => {
  it('keeps the gravest severity until it is acknowledged', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, limits);
    rig.feed(a, 35);
    rig.feed(a, 0);
    expect(rig.choice('A.ACKS')).toBe('MAJOR');
  });

  it('follows the severity when ACKT is NO', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { ...limits, ACKT: 'NO' });
    rig.feed(a, 35);
    rig.feed(a, 0);
    expect(rig.choice('A.ACKS')).toBe('NO_ALARM');
  });
});

describe('a record that is disabled', () => {
  it('says so once with DISS and does not follow the plant', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { DISS: 'MAJOR' });
    rig.feed(a, 1);
    rig.put('A.DISA', 1);
    rig.masks();
    expect(rig.feed(a, 2)).toBe(VALUE | ALARM);
    expect(rig.feed(a, 3)).toBe(0);
    expect(rig.alarm('A')).toBe('DISABLE MAJOR');
    expect(rig.get('A')).toBe(1);
  });
});

describe('time', () => {
  it('of a soft record is that of the clock', () => {
    const rig = new Rig();
    const s = rig.records.add({ name: 'S', type: 'ai', role: 'soft' });
    rig.put('S', 1);
    expect(rig.image.seconds[s]).toBe(NOON);
    expect(rig.get('S.TSE')).toBe(0);
  });
});

describe('the alarm that others give a slot', () => {
  const linkInvalid = (Severity.invalid << 8) | AlarmStatus.link;
  const linkMajor = (Severity.major << 8) | AlarmStatus.link;

  it('goes before limits of the same severity, and after graver ones', () => {
    const rig = new Rig();
    const slot = rig.input('A', 'ai', i16, { HIHI: 10, HHSV: 'MAJOR', HIGH: 5, HSV: 'INVALID' });
    rig.image.setAlarm(slot, linkMajor, 'wcstate', 0, 0);
    rig.feed(slot, 20);
    expect(rig.alarm('A')).toBe('LINK MAJOR');
    rig.feed(slot, 6);
    expect(rig.alarm('A')).toBe('HIGH INVALID');
  });

  it('names its reason in AMSG, and posts ALARM when it comes and goes with the value as it was', () => {
    const rig = new Rig();
    const slot = rig.input('A', 'ai', i16);
    rig.feed(slot, 3);
    rig.image.setAlarm(slot, linkInvalid, 'wcstate is Invalid', 2000, 0);
    rig.records.processDirty();
    expect(rig.masks().get(slot)).toBe(EventMask.alarm);
    expect([rig.alarm('A'), rig.get('A.AMSG'), rig.get('A')]).toEqual([
      'LINK INVALID',
      'wcstate is Invalid',
      3,
    ]);
    rig.image.setAlarm(slot, 0, '', 2001, 0);
    rig.records.processDirty();
    expect(rig.masks().get(slot)).toBe(EventMask.alarm);
    expect([rig.alarm('A'), rig.get('A.AMSG')]).toEqual(['NO_ALARM NO_ALARM', '']);
  });

  it('is TIMEOUT, INVALID for a value that is too old', () => {
    const rig = new Rig();
    const slot = rig.input('A', 'bi', bool);
    rig.feed(slot, 1);
    rig.image.degrade(slot, Quality.late, 3000, 0);
    rig.records.processDirty();
    expect(rig.alarm('A')).toBe('TIMEOUT INVALID');
  });
});
