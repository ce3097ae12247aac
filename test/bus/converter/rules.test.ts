import { describe, expect, it } from 'vitest';
import {
  type ConvertRule,
  MqttDevices,
  type RuleRecord,
  serveRules,
  serveWriteRules,
  type WriteRule,
} from '../../../src/bus/index.ts';
import { Severity } from '../../../src/model/index.ts';
import { Directory } from '../../../src/pv/index.ts';
import { loadDatabase } from '../../../src/records/index.ts';
import { Rig } from '../../records/rig.ts';
import { FakeBusLink } from '../../support/fake-bus-link.ts';
import { overheard } from '../../support/overheard.ts';

const at = { file: 'rules', line: 1, column: 1 };
const valued = (all: Readonly<Record<string, string>>) =>
  Object.entries(all).map(([name, text]) => ({ name, text, at }));

const plain: ConvertRule = {
  ...{ topic: 'a/+/t', pv: 'S:{1}', type: 'number', qos: 1, retained: 'take' },
  ...{ isOptional: false, length: 256, fields: {}, most: 3 },
};
const written: WriteRule = {
  ...{ pv: 'P', topic: 'out', retain: false, qos: 1, period: 0 },
  ...{ onChange: false, onConnect: false, sendsInvalid: false },
};

/** Rules at work on a link whose broker is the test. */
class Station {
  readonly rig = new Rig();
  readonly directory = new Directory(this.rig.records);
  readonly link = new FakeBusLink();
  readonly said = overheard();
  readonly devices = new MqttDevices(this.said.log, this.rig.clock);
  readonly made: RuleRecord[] = [];
  announced = 0;

  constructor(
    rules: readonly Partial<ConvertRule>[],
    out: readonly Partial<WriteRule>[] = [],
    database = '',
  ) {
    this.rig.load(database, { devices: [this.devices], log: this.said.log });
    const { devices, said } = this;
    serveRules(
      rules.map((rule) => ({ ...plain, ...rule })),
      {
        ...{ devices, log: said.log, announce: () => this.announced++ },
        has: (name) => this.directory.has(name),
        make: (record) => this.#make(record),
      },
    );
    serveWriteRules(
      out.map((rule) => ({ ...written, ...rule })),
      {
        ...{ link: this.link, directory: this.directory, counters: devices.counters },
        ...{ log: said.log, clock: this.rig.clock },
      },
    );
    devices.serve(this.link, () => this.directory.flush());
    this.link.connect();
    this.settle();
  }

  bring(topic: string, payload: string | Uint8Array): this {
    this.link.bring(topic, payload);
    this.settle(0.02);
    return this;
  }

  settle(seconds = 0.3): void {
    this.rig.clock.advance(seconds * 1000);
  }

  value(name: string): unknown {
    return this.directory.find(name)?.read();
  }

  put(name: string, value: number | string): void {
    void this.directory.find(name)?.put(value, { user: '', host: '' }, never);
    this.directory.flush();
    this.settle(0.06);
  }

  #make(record: RuleRecord): void {
    this.made.push(record);
    const { name, type, fields } = record;
    loadDatabase(this.rig.records, {
      records: [{ name, type, fields: valued(fields), infos: [], aliases: [], at }],
    });
  }
}

const never = new AbortController().signal;

describe('a rule', () => {
  it('for one topic makes its PV at once', () => {
    const station = new Station([
      {
        ...{ topic: 'a/b', pv: 'S:T', json: '/t', unit: '°C', precision: 1, timeout: 60 },
        ...{ description: 'Temperature', fields: { HIGH: '30', HSV: 'MINOR' } },
      },
    ]);
    expect(station.made).toEqual([
      {
        ...{ name: 'S:T', type: 'ai' },
        fields: {
          ...{ DTYP: 'MQTT', SCAN: 'I/O Intr', INP: '@a/b JSON=/t TIMEOUT=60' },
          ...{ DESC: 'Temperature', EGU: '°C', PREC: '1', HIGH: '30', HSV: 'MINOR' },
        },
      },
    ]);
    station.bring('a/b', '{"t":31}');
    expect(station.value('S:T')).toBe(31);
    expect(station.value('S:T.SEVR')).toBe(Severity.minor);
  });

  it.each<[Partial<ConvertRule>, string, string, unknown]>([
    [{ type: 'integer' }, 'int64in', '5', 5],
    [{ type: 'boolean', states: ['Dry', 'Wet'] }, 'bi', 'Wet', 1],
    [{ type: 'boolean', words: { LOW: 0, HIGH: 1 } }, 'bi', 'HIGH', 1],
    [{ type: 'enum', states: ['Idle', 'Run'] }, 'mbbi', 'Run', 1],
    [{ type: 'text', length: 20 }, 'lsi', 'hello', 'hello'],
    [{ type: 'array', length: 3, scale: 2 }, 'waveform', '[1,2]', Float64Array.of(2, 4)],
  ])('of %j makes a record of type %s', (rule, type, payload, value) => {
    const station = new Station([{ ...rule, topic: 'a', pv: 'P' }]);
    expect(station.made.map((record) => record.type)).toEqual([type]);
    station.bring('a', payload);
    expect(station.value('P')).toEqual(value);
  });

  describe('with wildcards', () => {
    it('makes a PV of each topic that has a value, with the message that came', () => {
      const station = new Station([plain]);
      expect(station.made).toEqual([]);
      station.bring('a/one/t', '1').bring('a/two/t', '2').bring('a/one/t', '3');
      expect([station.value('S:one'), station.value('S:two')]).toEqual([3, 2]);
      expect(station.made).toHaveLength(2);
      expect(station.announced).toBe(2);
      expect(station.link.filters).toEqual(['a/+/t']);
      expect(station.made[0]?.fields['INP']).toBe('@a/one/t VIA=a/+/t');
    });

    it('takes several values of one topic', () => {
      const rules = [
        { topic: 'z/+', pv: 'Z:{1}:T', json: '/t' },
        { topic: 'z/+', pv: 'Z:{1}:H', json: '/h' },
      ];
      const station = new Station(rules).bring('z/x', '{"t":1,"h":2}');
      expect([station.value('Z:x:T'), station.value('Z:x:H')]).toEqual([1, 2]);
      expect(station.link.filters).toEqual(['z/+']);
    });

    it('passes over topics that have no such value', () => {
      const station = new Station([plain]).bring('a/x/t', 'hello').bring('a/y/t', '');
      expect(station.made).toEqual([]);
      expect(station.bring('a/x/t', '1').value('S:x')).toBe(1);
    });

    it('makes names that are names', () => {
      const station = new Station([{ topic: 'a/#', pv: 'S:{1}' }]);
      station.bring("a/b c/'d'.e", '1');
      expect(station.value('S:b_c:_d_e')).toBe(1);
    });

    it('makes no more than it may, and says so once', () => {
      const station = new Station([plain]);
      for (let i = 0; i < 6; i++) station.bring(`a/${i}/t`, '1');
      expect(station.made).toHaveLength(3);
      expect(station.devices.counters).toMatchObject({ made: 3, refused: 3 });
      expect(station.said.text().match(/a\/\+\/t has 3 already/g)).toHaveLength(1);
    });

    it('makes no second PV of one name', () => {
      const station = new Station([plain]).bring('a/x.y/t', '1').bring('a/x;y/t', '2');
      station.bring('a/x,y/t', '3').bring('a/x,y/t', '4');
      expect(station.value('S:x_y')).toBe(1);
      expect(station.value('S:x;y')).toBe(2);
      expect(station.said.text()).toMatch(/no PV S:x_y/);
      expect(station.devices.counters.refused).toBe(1);
    });

    it('survives whatever topic and payload come', () => {
      const station = new Station([{ topic: '#', pv: 'S:{1}', most: 1000 }]);
      const odd = [
        "it's",
        '$(MACRO)',
        `$\{X}`,
        'a b=c',
        'JSON=/x',
        '"q"',
        '\\',
        '\n',
        'ü/é',
        '@x',
        '//',
        ' ',
      ];
      for (const topic of odd) station.bring(topic, '7');
      for (const topic of odd) station.bring(topic, Uint8Array.of(0xff, 0, 0xfe));
      for (const { name } of station.made) expect(station.value(name), name).toBe(7);
      expect(station.made.length + station.devices.counters.refused).toBeGreaterThan(
        odd.length - 3,
      );
    });
  });
});

describe('a PV that is written to a foreign topic', () => {
  const database = `
    record(ao, "P") { field(EGU, "V") field(VAL, "0") field(PINI, "YES") }
    record(bo, "Q") { field(ZNAM, "Off") field(ONAM, "On") field(PINI, "YES") }
    record(ao, "U") { }`;
  const on = (station: Station) => station.link.on('out');

  it('is sent when it changes', () => {
    const station = new Station([], [{}], database);
    station.put('P', 1.5);
    expect(station.link.published).toEqual([
      { topic: 'out', payload: '1.5', delivery: 'event', qos: 1, retain: false, expiry: 10 },
    ]);
  });

  it.each([
    ['{"value":{v},"unit":"{u}","bad":{sev}}', 'P', 2, '{"value":2,"unit":"V","bad":0}'],
    ['{"state":"{s}"}', 'Q', 1, '{"state":"On"}'],
  ])('as %s', (payload, pv, value, text) => {
    const station = new Station([], [{ pv, payload }], database);
    station.put(pv, value);
    expect(on(station).at(-1)).toBe(text);
  });

  it('is retained where the rule says so', () => {
    const station = new Station([], [{ retain: true }], database);
    station.put('P', 1);
    expect(station.link.retained.get('out')).toBe('1');
  });

  it('is sent once where only changes count', () => {
    const station = new Station([], [{ payload: 'x {sev}', onChange: true }], database);
    for (const value of [1, 2, 3]) station.put('P', value);
    expect(on(station)).toEqual(['x 0']);
  });

  it('is sent no oftener than its period, the newest at last', () => {
    const station = new Station([], [{ period: 1 }], database);
    for (const value of [1, 2, 3]) station.put('P', value);
    station.settle(1);
    expect(on(station)).toEqual(['1', '3']);
  });

  it('is sent at each connection where the rule says so', () => {
    const station = new Station([], [{ onConnect: true }], database);
    station.link.connect();
    station.settle();
    expect(on(station)).toEqual(['0', '0']);
  });

  it('is not sent while it is INVALID, unless the rule says so', () => {
    const rules = [{ pv: 'U', onConnect: true }];
    expect(on(new Station([], rules, database))).toEqual([]);
    const told = rules.map((rule) => ({ ...rule, sendsInvalid: true }));
    expect(on(new Station([], told, database))).toEqual(['0']);
  });

  it('is not sent late', () => {
    const station = new Station([], [{}], database);
    station.link.disconnect();
    station.put('P', 1);
    station.link.connect();
    station.settle();
    expect(on(station)).toEqual([]);
  });

  it('may come later', () => {
    const station = new Station([], [{ pv: 'Late' }], database);
    station.rig.records.add({ name: 'Late', type: 'ao', role: 'soft' });
    station.settle(2);
    station.put('Late', 4);
    expect(on(station)).toEqual(['4']);
  });
});
