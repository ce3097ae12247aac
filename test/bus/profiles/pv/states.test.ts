import { describe, expect, it } from 'vitest';
import { SecurityGroup, SecurityRules } from '../../../../src/pv/access/group.ts';
import { Right } from '../../../../src/pv/access/right.ts';
import { Station } from './station.ts';

const voltage = `
  record(ao, "BL07:PS1:Voltage") {
    field(VAL, "1.5") field(EGU, "V") field(PREC, "3") field(DESC, "Supply")
    field(HIHI, "10") field(HHSV, "MAJOR") field(DRVL, "0") field(DRVH, "12")
    field(LOPR, "-5") field(HOPR, "15")
  }`;
const valve = `record(bo, "BL07:Valve") { field(ZNAM, "Shut") field(ONAM, "Open") }`;

describe('the state of a PV', () => {
  it('is told as value, time, severity, status and unit', () => {
    const station = new Station(voltage).connect();
    station.put('BL07:PS1:Voltage', 2.5);
    station.advance(1);
    expect(station.link.on('epics/bl07/BL07/PS1/Voltage/state').at(-1)).toBe(
      '{"v":2.5,"t":"2020-01-01T12:00:00.100Z","sev":0,"stat":"NO_ALARM","u":"V"}',
    );
  });

  it('has the name of a state beside its number', () => {
    const station = new Station(valve).connect();
    station.put('BL07:Valve', 'Open');
    station.advance(1);
    expect(station.states('BL07/Valve').at(-1)).toMatchObject({ v: 1, s: 'Open' });
  });

  it('tells an alarm at once, whatever the period', () => {
    const station = new Station(voltage, { period: 30 }).connect();
    station.put('BL07:PS1:Voltage', 11);
    station.advance(0.1);
    expect(station.states('BL07/PS1/Voltage').at(-1)).toMatchObject({
      ...{ v: 11, sev: 2, stat: 'HIHI' },
    });
  });

  it('has no time before the record processed', () => {
    const station = new Station('record(longout, "N") { }').connect();
    expect(station.states('N')).toEqual([{ v: 0, t: null, sev: 3, stat: 'UDF' }]);
  });

  it.each([
    ['a text', 'record(stringout, "P") { field(VAL, "a \\"b\\" µ") }', 'a "b" µ'],
    ['a long text', 'record(lsi, "P") { field(SIZV, "80") field(INP, {const:"long"}) }', 'long'],
    ['64 bits', 'record(int64out, "P") { field(VAL, "9223372036854775807") }', 2 ** 63],
    ['no number', 'record(ao, "P") { field(VAL, "nan") }', null],
  ])('carries %s', (_what, database, value) => {
    expect(new Station(database).connect().states('P').at(-1)).toMatchObject({ v: value });
  });

  it('keeps all digits of 64 bits', () => {
    const database = 'record(int64out, "P") { field(VAL, "9223372036854775807") }';
    const [text] = new Station(database).connect().link.on('epics/bl07/P/state');
    expect(text).toContain('{"v":9223372036854775807,');
  });

  describe('of a row', () => {
    const row = (type: string) =>
      `record(waveform, "W") { field(FTVL, "${type}") field(NELM, "4") }`;

    it.each([
      ['DOUBLE', [1.5, -2, 0.1]],
      ['FLOAT', [1.5, -2, 0.1]],
      ['SHORT', [1, -2, 3]],
    ])('of %s is a list', (type, values) => {
      const station = new Station(row(type)).connect();
      station.put('W', Float64Array.from(values));
      station.advance(1);
      expect(station.states('W').at(-1)).toMatchObject({ v: values });
    });

    it('has null for what is no number', () => {
      const station = new Station(row('DOUBLE')).connect();
      station.put('W', Float64Array.of(Number.NaN, 1, -Infinity));
      station.advance(1);
      expect(station.states('W').at(-1)).toMatchObject({ v: [null, 1, null] });
    });

    it('can be a block of bytes', () => {
      const station = new Station(row('SHORT'), { arrays: 'base64' }).connect();
      station.put('W', Float64Array.of(1, -2));
      station.advance(1);
      // 01 00 fe ff
      expect(station.states('W').at(-1)).toMatchObject({
        v: { type: 'int16', n: 2, b64: 'AQD+/w==' },
      });
    });

    it('of characters is text where a rule says so', () => {
      const rules = [{ pv: /^W$/, asText: true }];
      const station = new Station(row('CHAR').replace('4', '20'), { rules }).connect();
      station.put('W', Uint8Array.from(Buffer.from('hello\0!')));
      station.advance(1);
      expect(station.states('W').at(-1)).toMatchObject({ v: 'hello' });
    });

    it('that is too long is told by its length alone', () => {
      const station = new Station(row('DOUBLE'), { maxBytes: 60 }).connect();
      station.put('W', Float64Array.of(1, 2, 3));
      station.advance(1);
      expect(station.states('W').at(-1)).toMatchObject({
        ...{ v: null, n: 3, error: 'longer than 60 bytes' },
      });
    });
  });

  describe('as raw text', () => {
    it.each([
      ['a number', voltage, 'BL07/PS1/Voltage', '1.5'],
      ['a state by its name', valve, 'BL07/Valve', 'Shut'],
      ['a text', 'record(stringout, "P") { field(VAL, "on") }', 'P', 'on'],
    ])('is %s', (_what, database, path, text) => {
      const { link } = new Station(database, { payload: 'raw' }).connect();
      expect(link.on(`epics/bl07/${path}/state`)).toEqual([text]);
    });
  });
});

describe('meta', () => {
  it('tells what a consumer must know', () => {
    const station = new Station(voltage).connect();
    expect(station.json('BL07/PS1/Voltage/meta')).toEqual([
      {
        ...{ pv: 'BL07:PS1:Voltage', record: 'ao', type: 'double', desc: 'Supply' },
        ...{ units: 'V', precision: 3, display: { low: -5, high: 15 } },
        ...{ control: { low: 0, high: 12 }, alarm: { hihi: 10 } },
        ...{ writable: false, heartbeat: 60 },
      },
    ]);
  });

  it('names the states', () => {
    const station = new Station(valve).connect();
    expect(station.json('BL07/Valve/meta')).toMatchObject([
      { type: 'enum', enum: ['Shut', 'Open'] },
    ]);
  });

  it('follows the record', () => {
    const station = new Station(voltage).connect();
    station.put('BL07:PS1:Voltage.EGU', 'kV');
    station.advance(0.1);
    expect(station.json('BL07/PS1/Voltage/meta').at(-1)).toMatchObject({ units: 'kV' });
    expect(station.states('BL07/PS1/Voltage').at(-1)).toMatchObject({ u: 'kV' });
  });

  it('is retained, as states are', () => {
    const { link } = new Station(valve).connect();
    expect([...link.retained.keys()]).toEqual([
      'epics/bl07/$status',
      'epics/bl07/BL07/Valve/meta',
      'epics/bl07/BL07/Valve/state',
    ]);
  });
});

describe('which PVs there are', () => {
  const three = `record(ao, "A:one") { } record(ao, "A:two") { } record(ao, "B:one") { }`;

  it('patterns say', () => {
    const { link } = new Station(three, { include: [/^A:/], exclude: [/two$/] }).connect();
    expect([...link.retained.keys()].filter((topic) => topic.endsWith('state'))).toEqual([
      'epics/bl07/A/one/state',
    ]);
  });

  it('grows with the records', () => {
    const station = new Station(three).connect();
    station.rig.records.add({ name: 'C:new:one', type: 'ai', role: 'soft' });
    station.advance(0.1);
    expect(station.states('C/new/one')).toHaveLength(1);
    expect(station.states('A/one')).toHaveLength(1);
    expect(station.link.filters).toContain('epics/bl07/+/+/+/get');
  });
});

describe('when states leave', () => {
  const noisy = 'record(ao, "N") { field(VAL, "0") field(LOPR, "0") field(HOPR, "100") }';

  it('many changes of one tick are one message with the newest', () => {
    const station = new Station(noisy).connect();
    station.advance(1);
    for (const value of [1, 2, 3]) station.put('N', value);
    station.advance(0.1);
    expect(station.states('N').map(({ v }) => v)).toEqual([0, 3]);
  });

  it('a period passes between two messages, and the newest is not lost', () => {
    const station = new Station(noisy).connect();
    station.advance(1);
    station.put('N', 1);
    station.advance(0.1);
    station.put('N', 2);
    station.advance(0.5);
    expect(station.states('N').map(({ v }) => v)).toEqual([0, 1]);
    station.put('N', 3);
    station.advance(0.6);
    expect(station.states('N').map(({ v }) => v)).toEqual([0, 1, 3]);
  });

  it.each([
    ['a dead-band', { deadband: 5 }],
    ['one in percent of the range', { percent: 5 }],
  ])('%s keeps small changes, compared with what was published', (_what, rule) => {
    const rules = [{ pv: /^N$/, period: 0, ...rule }];
    const station = new Station(noisy, { rules }).connect();
    // The first one ends UDF, which is an alarm.
    for (const value of [0, 3, 5, 5.5, 8]) {
      station.put('N', value);
      station.advance(0.1);
    }
    expect(station.states('N').map(({ v }) => v)).toEqual([0, 0, 5.5]);
  });

  it('what is quiet is told again within a heartbeat', () => {
    const station = new Station(noisy, { heartbeat: 10 }).connect();
    station.advance(10);
    const after = station.states('N').length;
    station.advance(10);
    expect(after).toBe(2);
    expect(station.states('N').length).toBe(3);
  });

  it('a large image takes several ticks', () => {
    const records = Array.from({ length: 5 }, (_, i) => `record(ao, "P${i}") { }`);
    const station = new Station(records.join(' '), { burst: 2 });
    station.link.connect();
    const states = () => station.link.published.filter(({ topic }) => topic.endsWith('/state'));
    const counts = [0.1, 0.1, 0.1].map((seconds) => {
      station.advance(seconds);
      return states().length;
    });
    expect(counts).toEqual([2, 4, 5]);
  });

  it('nothing leaves while the broker is away, and everything afterwards, once', () => {
    const station = new Station(noisy).connect();
    station.link.disconnect();
    for (const value of [1, 2, 3]) {
      station.put('N', value);
      station.advance(2);
    }
    expect(station.states('N')).toHaveLength(1);
    station.connect();
    expect(station.states('N').map(({ v }) => v)).toEqual([0, 3]);
    expect(station.json('N/meta')).toHaveLength(2);
  });

  it('a get tells a state again', () => {
    const station = new Station(noisy).connect();
    station.link.bring('epics/bl07/N/get', '');
    station.advance(0.1);
    expect(station.states('N')).toHaveLength(2);
  });

  it('a get with a response topic is answered there', () => {
    const station = new Station(noisy, {}, '5').connect();
    const correlation = Uint8Array.of(1, 2);
    station.link.bring('epics/bl07/N/get', '', { responseTopic: 'me/answers', correlation });
    expect(station.link.published.at(-1)).toMatchObject({ topic: 'me/answers', correlation });
    expect(JSON.parse(station.link.on('me/answers')[0] ?? '')).toMatchObject({ v: 0 });
  });

  it.each(['epics/bl07/N/state', 'te/device/main///cmd/restart/1', '$SYS/x', 'a/+/b', ''])(
    'nobody is answered at %j',
    (topic) => {
      const station = new Station(noisy, {}, '5').connect();
      const before = station.link.published.length;
      station.link.bring('epics/bl07/N/get', '', { responseTopic: topic });
      expect(station.link.published).toHaveLength(before);
    },
  );
});

describe('$status', () => {
  it('is online from each connection on, and offline at the end', () => {
    const station = new Station('record(ao, "N") { }').connect();
    station.profile[Symbol.dispose]();
    expect(station.link.on('epics/bl07/$status')).toEqual(['online', 'offline']);
    expect(station.rig.clock.timers).toBe(0);
    expect(station.link.filters).toEqual([]);
  });

  it('is mended when the will of an older connection comes late', () => {
    const station = new Station('record(ao, "N") { }').connect();
    station.link.bring('epics/bl07/$status', 'offline');
    expect(station.link.on('epics/bl07/$status')).toEqual(['online', 'online']);
  });
});

describe('access security', () => {
  const rules = (...groups: readonly SecurityGroup[]) => new SecurityRules(groups);
  const everything = { level: 1, right: Right.write, trap: false };
  const database = 'record(ao, "A") { field(VAL, "1") } record(ao, "B") { field(ASG, "HIDDEN") }';

  it('hides what the bus may not read, clears what the broker kept, and shows it again', () => {
    const station = new Station(database).connect();
    const { security } = station.directory;
    expect(station.link.retained.has('epics/bl07/B/state')).toBe(true);
    security.install(
      rules(new SecurityGroup('DEFAULT', [], [everything]), new SecurityGroup('HIDDEN', [], [])),
    );
    station.advance(0.1);
    expect([...station.link.retained.keys()].filter((topic) => topic.includes('/B/'))).toEqual([]);
    expect(station.link.retained.has('epics/bl07/A/state')).toBe(true);
    station.link.bring('epics/bl07/B/get', '', { responseTopic: 'me' });
    expect(station.link.on('me')).toEqual([]);
    security.install(
      rules(...['DEFAULT', 'HIDDEN'].map((name) => new SecurityGroup(name, [], [everything]))),
    );
    station.advance(0.1);
    expect(station.link.retained.has('epics/bl07/B/state')).toBe(true);
  });

  it('follows a record into another group', () => {
    const station = new Station(database);
    station.directory.security.install(
      rules(new SecurityGroup('DEFAULT', [], [everything]), new SecurityGroup('HIDDEN', [], [])),
    );
    station.connect();
    expect(station.link.retained.has('epics/bl07/B/state')).toBe(false);
    station.put('B.ASG', 'DEFAULT');
    station.advance(0.1);
    expect(station.link.retained.has('epics/bl07/B/state')).toBe(true);
  });
});
