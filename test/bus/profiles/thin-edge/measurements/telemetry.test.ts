import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entitiesOf } from '../../../../../src/bus/index.ts';
import { groupsOf } from '../../../../../src/bus/profiles/thin-edge/measurements/plan.ts';
import {
  type MeasurementPolicy,
  type MeasurementRules,
  Policies,
} from '../../../../../src/bus/profiles/thin-edge/measurements/policy.ts';
import { Telemetry } from '../../../../../src/bus/profiles/thin-edge/measurements/telemetry.ts';
import { EventMask } from '../../../../../src/pv/index.ts';
import { ManualClock } from '../../../../ads/manual-clock.ts';
import { FakeBusLink } from '../../../../support/fake-bus-link.ts';
import { FakeDirectory, type FakeRecord } from '../../../../support/fake-directory.ts';
import {
  HandMadeNodes,
  plantOf,
  smallPlant,
} from '../../../../support/thin-edge/hand-made-nodes.ts';
import { parsedMeasurement } from '../../../../support/thin-edge/measurement.ts';
import { usualMeasurements } from '../../../../support/thin-edge/usual.ts';

const TERMINAL = 'BL07:ETH1:RIO1:MOD1';
const VALUE = `${TERMINAL}:AiStandardChannel1Value`;
const OTHER = `${TERMINAL}:AiStandardChannel2Value`;
const STATUS = `${TERMINAL}:AiStandardChannel1`;
const IO = 'te/device/BL07_ETH1_RIO1_MOD1///m/io';
const DIAG = 'te/device/BL07_ETH1_RIO1_MOD1///m/diag';

type Given = Partial<MeasurementPolicy> & {
  readonly rules?: Partial<MeasurementRules>;
  readonly records?: Readonly<Record<string, FakeRecord>>;
};

/** Telemetry of the small plant; what is told goes for process values. */
function rig({ rules = {}, records = {}, ...policy }: Given = {}) {
  const nodes = smallPlant();
  const usual = nodes.flatMap(({ attributes }) =>
    attributes.flatMap(({ value, attribute: { datatype } }) => {
      if (value === undefined) return [];
      const record: FakeRecord =
        datatype.kind === 'string' ? { type: 'STRING', value: 'x' } : { type: 'DOUBLE', value: 0 };
      return [[value, record] as const];
    }),
  );
  const directory = new FakeDirectory({ ...Object.fromEntries(usual), ...records });
  const link = new FakeBusLink();
  const clock = new ManualClock(Date.UTC(2026, 10, 27));
  const { defaults } = usualMeasurements;
  const all = {
    ...usualMeasurements,
    ...rules,
    defaults: { ...defaults, io: { ...defaults.io, ...policy }, ...rules.defaults },
  };
  const telemetry = new Telemetry({ directory, link, clock, rate: all.rate, burst: all.burst });
  const entities = entitiesOf(new HandMadeNodes(plantOf('BL07', nodes)), {
    ...{ root: 'te', role: 'child', topology: 'nested', ioc: 'BL07' },
  });
  const groups = groupsOf(entities.all, new Map(), directory, new Policies(all));
  telemetry.serve(groups);
  directory.posted$.subscribe((batch) => telemetry.hear(batch));
  link.connect();
  return {
    ...{ directory, link, telemetry, clock, groups },
    /** What is published while so many seconds pass. */
    during(seconds: number, topic = IO): readonly string[] {
      const before = link.on(topic).length;
      for (let i = 0; i < Math.round(seconds * 10); i++) {
        clock.advance(100);
        telemetry.tick();
      }
      for (const { topic: at, payload } of link.published) {
        if (at.includes('/m/')) parsedMeasurement(String(payload));
      }
      return link.on(topic).slice(before);
    },
  };
}

/** One second after the EPICS epoch and so many nanoseconds. */
const at = (nanoseconds = 0) => ({ seconds: 1, nanoseconds });

describe('measurements', () => {
  it('are the whole of a terminal in one message at first, grouped by channel', () => {
    const { during } = rig();
    expect(during(1)).toEqual([
      '{"time":"1990-01-01T00:00:00.000Z","ch1":{"status":0,"value":0},"ch2":{"status":0,"value":0}}',
    ]);
  });

  it('are the changed members then, with the time of the plant', () => {
    const { directory, during } = rig();
    during(1);
    directory.update(VALUE, 2.5, at(123_000_000));
    expect(during(1)).toEqual(['{"time":"1990-01-01T00:00:01.123Z","ch1":{"value":2.5}}']);
  });

  it('have nine digits of a second where the plant told them', () => {
    const { directory, during } = rig();
    during(1);
    directory.update(VALUE, 1, at(123_456_700));
    expect(during(1)).toEqual(['{"time":"1990-01-01T00:00:01.123456700Z","ch1":{"value":1}}']);
  });

  it('have the newest value and the newest time of a period', () => {
    const { directory, during } = rig();
    during(1);
    for (let i = 1; i <= 5; i++) directory.update(VALUE, i, at(i));
    directory.update(OTHER, 7, at(2));
    expect(during(1)).toEqual([
      '{"time":"1990-01-01T00:00:01.000000005Z","ch1":{"value":5},"ch2":{"value":7}}',
    ]);
  });

  it('are silent while nothing changes, and whole again after the heartbeat', () => {
    const { during } = rig({ heartbeat: 5 });
    during(1);
    expect(during(3.5)).toEqual([]);
    expect(during(1)).toHaveLength(1);
  });

  it('come once in a period however often values change', () => {
    const { directory, during } = rig({ period: 2 });
    during(1);
    for (let i = 1; i <= 100; i++) {
      directory.update(VALUE, i, at(i));
      during(0.1);
    }
    const published = during(10);
    expect(published.length).toBeLessThanOrEqual(1);
  });

  it('have all members when one changed, where told', () => {
    const { directory, during } = rig({ mode: 'all' });
    during(1);
    directory.update(VALUE, 1, at());
    expect(during(1)).toEqual([
      '{"time":"1990-01-01T00:00:01.000Z","ch1":{"status":0,"value":1},"ch2":{"status":0,"value":0}}',
    ]);
  });

  it('come in each period whether anything changed or not, where told', () => {
    expect(rig({ mode: 'cyclic' }).during(2.5)).toHaveLength(3);
  });

  it('wait for more than the dead-band from what was published last', () => {
    const { directory, during } = rig({ deadband: { kind: 'absolute', value: 1 } });
    during(1);
    directory.update(VALUE, 0.6, at());
    expect(during(2)).toEqual([]);
    directory.update(VALUE, 1.2, at());
    expect(during(2)).toHaveLength(1);
    directory.update(VALUE, 0.7, at());
    expect(during(2)).toEqual([]);
  });

  it('know a dead-band in percent of the display range', () => {
    const display = { low: -10, high: 10 };
    const { directory, during } = rig({
      deadband: { kind: 'percent', value: 10 },
      records: { [VALUE]: { type: 'DOUBLE', value: 0, metadata: { display } } },
    });
    during(1);
    directory.update(VALUE, 1.9, at());
    expect(during(2)).toEqual([]);
    directory.update(VALUE, 2.1, at());
    expect(during(2)).toHaveLength(1);
  });

  it('leave out what is INVALID or no number, and tell it when it is back', () => {
    const { directory, during, telemetry } = rig();
    during(1);
    directory.update(VALUE, 3, { ...at(), severity: 3, status: 9 });
    directory.update(OTHER, Number.NaN, at());
    expect(during(1)).toEqual([]);
    expect(telemetry.counters.leftOut).toBe(2);
    directory.update(VALUE, 0, at());
    expect(during(1)).toEqual(['{"time":"1990-01-01T00:00:01.000Z","ch1":{"value":0}}']);
  });

  it('have 0 for numbers so small that a mapper would refuse the message', () => {
    const { directory, during } = rig();
    during(1);
    directory.update(VALUE, 1, at());
    during(1);
    directory.update(VALUE, 5e-324, at());
    expect(during(1)).toEqual(['{"time":"1990-01-01T00:00:01.000Z","ch1":{"value":0}}']);
  });

  it('fall apart between channels where they would be too long, with one time', () => {
    const parts = rig({ maxBytes: 80 }).during(1);
    expect(parts).toEqual([
      '{"time":"1990-01-01T00:00:00.000Z","ch1":{"status":0,"value":0}}',
      '{"time":"1990-01-01T00:00:00.000Z","ch2":{"status":0,"value":0}}',
    ]);
  });

  it('are not in each other’s way in the outbox when they fell apart', () => {
    const { link, during } = rig({ maxBytes: 80 });
    during(1);
    const parts = link.published.filter(({ topic }) => topic === IO);
    expect(parts.map(({ delivery, qos }) => [delivery, qos])).toEqual([
      ['event', 0],
      ['event', 0],
    ]);
  });

  it('come again as a whole when they are served anew', () => {
    const { telemetry, during, groups } = rig();
    during(2);
    telemetry.serve(groups);
    expect(during(1)).toHaveLength(1);
  });

  it('wait for the broker, and are the newest then', () => {
    const { link, directory, during } = rig();
    during(1);
    link.disconnect();
    directory.update(VALUE, 1, at());
    expect(during(3)).toEqual([]);
    directory.update(VALUE, 2, at());
    link.isConnected = true;
    expect(during(1)).toEqual(['{"time":"1990-01-01T00:00:01.000Z","ch1":{"value":2}}']);
  });

  it('keep an interval between the messages of one entity', () => {
    const { directory, during } = rig({ period: 0.1, minInterval: 0.5 });
    during(1);
    let published = 0;
    for (let i = 1; i <= 20; i++) {
      directory.update(VALUE, i, at());
      published += during(0.1).length;
    }
    expect(published).toBe(4);
  });

  it('of all types of one entity leave together', () => {
    const { link, telemetry } = rig({ minInterval: 60 });
    telemetry.tick();
    expect([link.on(IO).length, link.on(DIAG).length]).toEqual([1, 1]);
  });

  it('of diagnosis give way when there is too much', () => {
    const { link, telemetry } = rig({ rules: { rate: 0.001, burst: 3 } });
    for (let i = 0; i < 10; i++) telemetry.tick();
    expect(link.on(IO)).toHaveLength(1);
    expect(link.published.filter(({ topic }) => topic.endsWith('/m/diag'))).toHaveLength(1);
  });

  it('count what the rate limit made wait for longer than a period', () => {
    const { directory, during, telemetry } = rig({ rules: { rate: 0.001, burst: 1 } });
    during(1);
    directory.update(VALUE, 1, at());
    expect(during(5)).toEqual([]);
    expect(telemetry.counters.dropped).toBeGreaterThan(2);
  });

  it('follow the first rule that matches a terminal, and leave out values that are not wanted', () => {
    const { during, directory } = rig({
      rules: {
        groups: [{ match: '*:MOD1', type: 'io', period: 3 }],
        attributes: [{ match: STATUS, publish: false }],
      },
    });
    expect(during(1)[0]).toContain('"ch1":{"value":0}');
    directory.update(VALUE, 1, at());
    expect(during(1.5)).toEqual([]);
    expect(during(1.5)).toHaveLength(1);
  });

  it('follow the dead-band of a record when it changes, and know when its description does', () => {
    const { directory, during, telemetry } = rig();
    const find = directory.find.bind(directory);
    let mdel = 10;
    directory.find = (name) => {
      const field = find(name.replace('.MDEL', ''));
      return name.endsWith('.MDEL') && field ? { ...field, read: () => mdel } : field;
    };
    for (let i = 0; i < 10; i++) telemetry.readDeadbands(10);
    during(1);
    directory.update(VALUE, 5, at());
    expect(during(2)).toEqual([]);
    mdel = 1;
    for (let i = 0; i < 10; i++) telemetry.readDeadbands(10);
    directory.update(VALUE, 6, at());
    expect(during(2)).toHaveLength(1);
    expect(telemetry.takeRedescribed()).toEqual([]);
    directory.update(VALUE, 6, at(), EventMask.property);
    expect(telemetry.takeRedescribed().map(({ topic }) => topic)).toEqual([IO]);
  });

  it('have the time of the IOC where told', () => {
    const { directory, during } = rig({ timeSource: 'ioc' });
    during(1);
    directory.update(VALUE, 1, at());
    expect(during(1)[0]).toMatch(/^\{"time":"2026-11-27T00:00:0\d\.\d{3}Z"/);
  });

  it('are valid, whole and within bounds whatever the values and bounds', () => {
    const value = fc.oneof(fc.double(), fc.constant(5e-324), fc.integer());
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 100, max: 300 }),
        (values, maxBytes) => {
          const { directory, during } = rig({ maxBytes });
          const names = [VALUE, OTHER, STATUS, `${TERMINAL}:AiStandardChannel2`];
          for (const [i, name] of names.entries()) directory.update(name, values[i] ?? 0, at());
          const texts = during(1);
          let members = 0;
          for (const text of texts) {
            expect(text.length).toBeLessThanOrEqual(maxBytes);
            const { time: _, ...groups } = parsedMeasurement(text);
            for (const group of Object.values(groups))
              members += Object.keys(group as object).length;
          }
          expect(members).toBe(values.filter(Number.isFinite).length);
        },
      ),
    );
  });
});
