import { describe, expect, it } from 'vitest';
import { MqttDevices } from '../../../src/bus/index.ts';
import { AlarmStatus, Severity } from '../../../src/model/index.ts';
import { Directory } from '../../../src/pv/index.ts';
import { Rig } from '../../records/rig.ts';
import { FakeBusLink } from '../../support/fake-bus-link.ts';
import { overheard } from '../../support/overheard.ts';

/** Records on topics, and a link whose broker is the test. */
class Station {
  readonly rig = new Rig();
  readonly directory = new Directory(this.rig.records);
  readonly link = new FakeBusLink();
  readonly said = overheard();
  readonly devices: MqttDevices;
  readonly served: Disposable;

  constructor(database: string) {
    this.devices = new MqttDevices(this.said.log, this.rig.clock);
    this.rig.load(database, { devices: [this.devices], log: this.said.log });
    this.served = this.devices.serve(this.link, () => this.directory.flush());
    this.settle();
  }

  connect(hasSession = false): this {
    this.link.connect(hasSession);
    this.settle();
    return this;
  }

  /** The broker brings something, and the records process. */
  bring(topic: string, payload: string, more = {}): this {
    this.link.bring(topic, payload, more);
    this.settle(0.02);
    return this;
  }

  settle(seconds = 0.3): void {
    this.rig.clock.advance(seconds * 1000);
  }

  value(name: string): unknown {
    return this.directory.find(name)?.read();
  }

  alarm(name: string): readonly [status: number, severity: number, text: string] {
    const slot = this.rig.records.slotOf(name) ?? -1;
    const { status, severity } = this.directory.columns;
    return [status[slot] ?? -1, severity[slot] ?? -1, String(this.value(`${name}.AMSG`))];
  }
}

const never = new AbortController().signal;
const good = [AlarmStatus.noAlarm, Severity.noAlarm, ''] as const;
const input = (type: string, address: string, more = '') =>
  `record(${type}, "P") { field(DTYP, "MQTT") field(INP, "@${address}") field(SCAN, "I/O Intr") ${more} }`;
const output = (type: string, address: string, more = '') =>
  `record(${type}, "P") { field(DTYP, "MQTT") field(OUT, "@${address}") ${more} }`;

describe('an input on a topic', () => {
  it('is INVALID until the broker is there and a message came', () => {
    const station = new Station(input('ai', 'a/b'));
    expect(station.alarm('P')).toEqual([AlarmStatus.udf, Severity.invalid, '']);
    station.connect().bring('a/b', '21.5');
    expect(station.value('P')).toBe(21.5);
    expect(station.alarm('P')).toEqual(good);
  });

  it.each<[string, string, string, string, unknown]>([
    ['longin', 'a', '', '7', 7],
    ['int64in', 'a', '', '9223372036854775807', 9223372036854775807n],
    ['bi', 'a', 'field(ZNAM, "Shut") field(ONAM, "Open")', 'Open', 1],
    ['bi', 'a MAP=UP:1,DOWN:0', '', 'UP', 1],
    ['mbbi', 'a', 'field(ZRST, "Idle") field(ONST, "Run")', 'Run', 1],
    ['mbbi', 'a', 'field(ZRST, "Idle") field(ONST, "Run") field(ONVL, "7")', 'Run', 1],
    ['stringin', 'a', '', 'hello', 'hello'],
    ['lsi', 'a JSON=/t', 'field(SIZV, "80")', '{"t":"long"}', 'long'],
    ['waveform', 'a', 'field(FTVL, "DOUBLE") field(NELM, "3")', '[1,2]', Float64Array.of(1, 2)],
    ['waveform', 'a', 'field(FTVL, "UCHAR") field(NELM, "9")', 'AB', Uint8Array.of(65, 66)],
    ['waveform', 'a', 'field(FTVL, "STRING") field(NELM, "3")', '["x","y"]', ['x', 'y']],
    ['ai', 'a', 'field(LINR, "SLOPE") field(ESLO, "2")', '3', 6],
  ])('of %s (%s) takes the value', (type, address, fields, payload, value) => {
    const station = new Station(input(type, address, fields)).connect().bring('a', payload);
    expect(station.value('P')).toEqual(value);
    expect(station.alarm('P')).toEqual(good);
  });

  it('has the time of the message where TSE is -2', () => {
    const station = new Station(input('ai', 'a JSON=/v TIME=/t', 'field(TSE, "-2")')).connect();
    station.bring('a', '{"v":1,"t":"2020-01-01T00:00:01.5Z"}');
    const slot = station.rig.records.slotOf('P') ?? -1;
    expect(station.directory.columns.seconds[slot]).toBe(946_684_801);
    expect(station.directory.columns.nanoseconds[slot]).toBe(500_000_000);
  });

  it('is INVALID after a bad message, says so once, and is good with the next', () => {
    const station = new Station(input('ai', 'a')).connect().bring('a', '1');
    station.bring('a', 'warm').bring('a', 'hot');
    expect(station.value('P')).toBe(1);
    expect(station.alarm('P')).toEqual([AlarmStatus.read, Severity.invalid, '"warm" is no number']);
    expect(station.said.text().match(/P: message on a: /g)).toHaveLength(1);
    expect(station.devices.counters).toMatchObject({ messages: 3, bad: 2 });
    station.bring('a', '2');
    expect(station.alarm('P')).toEqual(good);
  });

  it('is INVALID while its quality is bad, with the value that came', () => {
    const station = new Station(input('ai', 'a JSON=/v QUALITY=/q')).connect();
    station.bring('a', '{"v":3,"q":"bad"}');
    expect(station.value('P')).toBe(3);
    expect(station.alarm('P')).toEqual([AlarmStatus.read, Severity.invalid, 'quality is "bad"']);
    station.bring('a', '{"v":4,"q":"good"}');
    expect(station.alarm('P')).toEqual(good);
  });

  it('is INVALID when its time is over', () => {
    const station = new Station(input('ai', 'a TIMEOUT=60')).connect().bring('a', '1');
    station.settle(59);
    expect(station.alarm('P')).toEqual(good);
    station.settle(1.5);
    expect(station.alarm('P')).toEqual([
      ...[AlarmStatus.timeout, Severity.invalid, 'no message for 60 s'],
    ]);
    expect(station.devices.counters.timeouts).toBe(1);
    station.bring('a', '1');
    expect(station.alarm('P')).toEqual(good);
  });

  it('is INVALID while the broker is away, and good with the next message', () => {
    const station = new Station(input('ai', 'a')).connect().bring('a', '1');
    station.link.disconnect();
    station.settle();
    expect(station.alarm('P')).toEqual([AlarmStatus.comm, Severity.invalid, 'the broker is away']);
    expect(station.value('P')).toBe(1);
    station.connect();
    expect(station.alarm('P')[1]).toBe(Severity.invalid);
    station.bring('a', '2');
    expect(station.alarm('P')).toEqual(good);
  });

  it('subscribes anew in a session, so that what is kept is told again', () => {
    const station = new Station(input('ai', 'a')).connect();
    let subscribed = 0;
    const subscribe = station.link.subscribe.bind(station.link);
    station.link.subscribe = (filter, receive) => {
      subscribed++;
      return subscribe(filter, receive);
    };
    station.connect(true);
    expect(subscribed).toBe(1);
    expect(station.link.filters).toEqual(['a']);
  });

  describe('of a message that the broker kept', () => {
    const retain = { retain: true };

    it('takes it', () => {
      const station = new Station(input('ai', 'a')).connect().bring('a', '1', retain);
      expect(station.alarm('P')).toEqual(good);
    });

    it('ignores it', () => {
      const station = new Station(input('ai', 'a RETAINED=ignore')).connect();
      station.bring('a', '1', retain);
      expect(station.value('P')).toBe(0);
      expect(station.alarm('P')[1]).toBe(Severity.invalid);
    });

    it('takes it as stale', () => {
      const station = new Station(input('ai', 'a RETAINED=stale')).connect();
      station.bring('a', '1', retain);
      expect(station.value('P')).toBe(1);
      expect(station.alarm('P')).toEqual([
        ...[AlarmStatus.timeout, Severity.invalid, 'the broker kept it, of whatever age'],
      ]);
    });

    it('sees its age where it tells its time', () => {
      const station = new Station(input('ai', 'a JSON=/v TIME=/t TIMEOUT=60')).connect();
      station.bring('a', '{"v":1,"t":"2020-01-01T11:00:00Z"}', retain);
      expect(station.alarm('P').slice(0, 2)).toEqual([AlarmStatus.timeout, Severity.invalid]);
    });
  });

  it('reads with another SCAN what came last', () => {
    const database = input('ai', 'a').replace('I/O Intr', 'Passive');
    const station = new Station(database).connect().bring('a', '1').bring('a', '5');
    expect(station.value('P')).toBe(1);
    void station.directory.find('P.PROC')?.put(1, { user: '', host: '' }, never);
    expect(station.value('P')).toBe(5);
  });

  it('shares its subscription with others, and gives it back', () => {
    const station = new Station(`
      ${input('ai', 'a JSON=/x QOS=0')} ${input('ai', 'a JSON=/y').replace('"P"', '"Q"')}`).connect();
    station.bring('a', '{"x":1,"y":2}');
    expect([station.value('P'), station.value('Q')]).toEqual([1, 2]);
    expect(station.link.filters).toEqual(['a']);
    station.served[Symbol.dispose]();
    expect(station.link.filters).toEqual([]);
    expect(station.rig.clock.timers).toBe(0);
  });

  it('follows its link when that is put', () => {
    const station = new Station(input('ai', 'a')).connect();
    const link = station.directory.find('P.INP');
    void link?.put('@b', { user: '', host: '' }, never);
    expect(station.link.filters).toEqual(['b']);
    station.bring('b', '3');
    expect(station.value('P')).toBe(3);
  });

  it('with a mistake in its address is LINK/INVALID, and the log says why', () => {
    const station = new Station(input('ai', 'a QOS=7'));
    expect(station.alarm('P').slice(0, 2)).toEqual([AlarmStatus.link, Severity.invalid]);
    expect(station.said.text()).toMatch(/P has no device: .*@a QOS=7.*QOS=7: must be 0 or 1/);
  });
});

describe('an output on a topic', () => {
  function put(station: Station, value: number | string | Float64Array) {
    return station.directory.find('P')?.put(value, { user: '', host: '' }, never);
  }

  it.each<[string, string, string, number | string | Float64Array, string]>([
    ['ao', 'a', '', 2.5, '2.5'],
    ['ao', 'a SCALE=0.1', '', 2.5, '25'],
    ['longout', 'a', '', 7, '7'],
    ['bo', 'a', 'field(ZNAM, "Off") field(ONAM, "On")', 1, '1'],
    ['bo', 'a MAP=ON:1,OFF:0', '', 1, 'ON'],
    ['bo', 'a PAYLOAD=\'{\\"state\\":\\"{s}\\"}\' MAP=ON:1,OFF:0', '', 0, '{"state":"OFF"}'],
    ['mbbo', 'a PAYLOAD={s}', 'field(ZRST, "Idle") field(ONST, "Run")', 1, 'Run'],
    ['stringout', 'a', '', 'hello', 'hello'],
    [
      'ao',
      'a PAYLOAD=\'{\\"v\\":{v},\\"u\\":\\"{u}\\"}\'',
      'field(EGU, "V")',
      1,
      '{"v":1,"u":"V"}',
    ],
    ['aao', 'a', 'field(FTVL, "DOUBLE") field(NELM, "3")', Float64Array.of(1, 2), '[1,2]'],
  ])('of %s (%s) publishes what is put', async (type, address, fields, value, payload) => {
    const station = new Station(output(type, address, fields)).connect();
    expect(await put(station, value)).toEqual({ kind: 'done' });
    expect(station.link.published).toEqual([
      { topic: 'a', payload, delivery: 'event', qos: 1, retain: false, expiry: 10 },
    ]);
  });

  it('is retained, and told once, where its address says so', async () => {
    const station = new Station(output('ao', 'a RETAIN ON-CHANGE QOS=0')).connect();
    for (const value of [1, 1, 2]) await put(station, value);
    expect(station.link.published).toMatchObject([
      { payload: '1', delivery: 'state', qos: 0, retain: true },
      { payload: '2' },
    ]);
  });

  it('is refused while the broker is away', async () => {
    const station = new Station(output('ao', 'a'));
    expect(await put(station, 1)).toMatchObject({ kind: 'refused', reason: 'away' });
    expect(station.link.published).toEqual([]);
    expect(station.alarm('P').slice(0, 2)).toEqual([AlarmStatus.write, Severity.invalid]);
  });
});
