import { describe, expect, it } from 'vitest';
import { entitiesOf } from '../../../../../src/bus/index.ts';
import type { AlarmRules } from '../../../../../src/bus/profiles/thin-edge/alarms/condition.ts';
import { PlantAlarms } from '../../../../../src/bus/profiles/thin-edge/alarms/plant-alarms.ts';
import { EventMask } from '../../../../../src/pv/index.ts';
import { ManualClock } from '../../../../ads/manual-clock.ts';
import { FakeBusLink } from '../../../../support/fake-bus-link.ts';
import { FakeDirectory, type FakeRecord } from '../../../../support/fake-directory.ts';
import { parsedAlarm, parsedEvent } from '../../../../support/thin-edge/alarm.ts';
import {
  HandMadeNodes,
  plantOf,
  smallPlant,
} from '../../../../support/thin-edge/hand-made-nodes.ts';
import { usualAlarms } from '../../../../support/thin-edge/usual.ts';

const MASTER = 'BL07:ETH1';
const COUPLER = 'BL07:ETH1:RIO1';
const TERMINAL = 'BL07:ETH1:RIO1:MOD1';
const VALUE = `${TERMINAL}:AiStandardChannel1Value`;
const topic = (path: string, channel: string) =>
  `te/device/${path.replaceAll(':', '_')}///${channel}`;

const ALL = EventMask.value | EventMask.log | EventMask.alarm;
const INVALID = { severity: 3, status: 9 };
const AWAY = { isUp: false, text: 'network: closed' };

/** Alarms of the small plant, well and known for long unless told otherwise. */
function rig(rules: Partial<AlarmRules> = {}, { isSettled = true, isUp = true } = {}) {
  const nodes = smallPlant();
  const link = new FakeBusLink();
  const clock = new ManualClock(Date.UTC(2026, 10, 27));
  const records = nodes.flatMap(({ attributes }) =>
    attributes.flatMap(({ value, attribute: { name, datatype } }) => {
      const initial = name === 'state_machine' || name === 'master_state' ? 8 : 0;
      const record: FakeRecord =
        datatype.kind === 'string'
          ? { type: 'STRING', value: '' }
          : { type: 'DOUBLE', value: initial };
      return value === undefined ? [] : [[value, record] as const];
    }),
  );
  const lastChange: FakeRecord = { type: 'STRING', value: '' };
  const directory = new FakeDirectory({
    ...Object.fromEntries(records),
    'BL07:IOC:LastChange': lastChange,
  });
  const plant = { ...plantOf('BL07', nodes), link: isUp ? { isUp: true, text: '' } : AWAY };
  const entities = entitiesOf(new HandMadeNodes(plant), {
    ...{ root: 'te', role: 'child', topology: 'nested', ioc: 'BL07' },
  });
  const alarms = new PlantAlarms({
    ...{ directory, link, clock, rules: { ...usualAlarms, ...rules } },
    lastChangePv: (prefix) => `${prefix}:IOC:LastChange`,
  });
  directory.posted$.subscribe((batch) => alarms.hear(batch));
  alarms.serve(entities, [plant]);
  const pass = (seconds: number) => {
    for (let i = 0; i < Math.round(seconds * 10); i++) {
      clock.advance(100);
      if (i % 10 === 9) alarms.rest();
      alarms.book.tick();
    }
    for (const { topic: at, payload } of link.published) {
      if (at.includes('/a/') && payload !== '') parsedAlarm(String(payload));
      if (at.includes('/e/')) parsedEvent(String(payload));
    }
  };
  if (isSettled) pass(4);
  return {
    ...{ alarms, link, directory, entities, clock, pass },
    set: (pv: string, value: number, at: { severity?: number; status?: number } = {}) =>
      directory.update(pv, value, { seconds: 1, ...at }, ALL),
    /** Alarms that stand on the broker: severity by topic. */
    get standing(): Readonly<Record<string, unknown>> {
      const all = [...link.retained].filter(([at]) => at.includes('/a/'));
      return Object.fromEntries(all.map(([at, payload]) => [at, parsedAlarm(payload)['severity']]));
    },
    hear: (at: string, payload: string, retain: boolean) =>
      alarms.hearMessage(entities, {
        ...{ topic: at, payload: new TextEncoder().encode(payload), retain },
        ...{ qos: 1, isDuplicate: false, sinceConnected: 1000 },
      }),
    link_(isBack: boolean) {
      plant.link = isBack ? { isUp: true, text: '' } : AWAY;
      alarms.lookAtLinks();
    },
  };
}

describe('alarms of slaves', () => {
  it.each([
    [4, 'minor', 'SAFEOP'],
    [2, 'major', 'PREOP'],
    [1, 'major', 'INIT'],
    [0x14, 'critical', 'SAFEOP, error'],
    [7, 'critical', 'unknown state 7'],
  ])('say that one in state %i is not operational: %s', (state, severity, words) => {
    const { set, pass, standing: _, link } = rig();
    set(`${TERMINAL}:StateMachine`, state);
    pass(1);
    const [alarm = ''] = link.on(topic(TERMINAL, 'a/not_operational'));
    expect(parsedAlarm(alarm)).toEqual({
      severity,
      text: `Term 2 (EL3102) is in ${words}`,
      time: '1990-01-01T00:00:01.000Z',
    });
  });

  it('are retained, acknowledged, and outlive the process', () => {
    const { set, pass, link } = rig();
    set(`${TERMINAL}:StateMachine`, 2);
    pass(1);
    const [alarm] = link.published.filter((each) => each.topic.includes('/a/'));
    expect(alarm).toMatchObject({ delivery: 'event', retain: true, isDurable: true });
  });

  it('are cleared with an empty retained message when it is operational again', () => {
    const made = rig();
    made.set(`${TERMINAL}:StateMachine`, 2);
    made.pass(1);
    made.set(`${TERMINAL}:StateMachine`, 8);
    made.pass(0.5);
    expect(Object.keys(made.standing)).toHaveLength(1);
    made.pass(1);
    expect(made.standing).toEqual({});
    expect(made.link.published.at(-1)).toMatchObject({ payload: '', retain: true });
  });

  it('are not told when they last for less than the delay', () => {
    const { set, pass, link } = rig({ onDelay: 1 });
    set(`${TERMINAL}:StateMachine`, 2);
    pass(0.5);
    set(`${TERMINAL}:StateMachine`, 8);
    pass(5);
    expect(link.on(topic(TERMINAL, 'a/not_operational'))).toEqual([]);
  });

  it('say which link is lost, and that alone of one that is unplugged', () => {
    const made = rig();
    made.set(`${TERMINAL}:LinkStatus`, 1);
    made.set(`${TERMINAL}:StateMachine`, 1);
    made.set(`${TERMINAL}:Wcstate`, 1);
    made.set(VALUE, 0, INVALID);
    made.pass(5);
    expect(made.standing).toEqual({ [topic(TERMINAL, 'a/link_lost')]: 'major' });
  });

  it('are critical of a coupler that is cut off, and silent of all behind it', () => {
    const made = rig();
    made.set(`${TERMINAL}:LinkStatus`, 1);
    made.set(`${TERMINAL}:StateMachine`, 1);
    made.set(`${COUPLER}:LinkStatus`, 0x21);
    made.pass(5);
    expect(made.standing).toEqual({ [topic(COUPLER, 'a/link_lost')]: 'critical' });
  });

  it.each([
    ['is in SAFEOP', 'StateMachine', 4, 'not_operational', 'minor'],
    ['misses a link behind it', 'LinkStatus', 0x24, 'link_lost', 'major'],
  ])('are told of what is behind a coupler that %s', (_, pv, value, type, severity) => {
    const made = rig();
    made.set(`${COUPLER}:${pv}`, value);
    made.set(`${TERMINAL}:StateMachine`, 2);
    made.pass(5);
    expect(made.standing).toEqual({
      [topic(COUPLER, `a/${type}`)]: severity,
      [topic(TERMINAL, 'a/not_operational')]: 'major',
    });
  });

  it('say that another product sits there, and that there is more than configured', () => {
    const made = rig();
    made.set(`${TERMINAL}:StateMachine`, 0x28);
    made.set(`${TERMINAL}:LinkStatus`, 0x08);
    made.pass(1);
    expect(made.standing).toMatchObject({
      [topic(TERMINAL, 'a/identity_mismatch')]: 'major',
      [topic(TERMINAL, 'a/topology_mismatch')]: 'major',
    });
  });

  it('say that process data is old when the working counter is wrong', () => {
    const made = rig();
    made.set(`${TERMINAL}:Wcstate`, 1);
    made.set(VALUE, 0, INVALID);
    made.pass(1);
    expect(made.standing).toEqual({ [topic(TERMINAL, 'a/data_invalid')]: 'major' });
  });

  it('are warnings of new CRC errors, more by rate, and cleared after silence', () => {
    const made = rig({ quiet: 10 });
    const crc = `${TERMINAL}:CrcErrorSum`;
    made.set(crc, 1);
    made.pass(2);
    expect(made.standing).toEqual({ [topic(TERMINAL, 'a/crc_errors')]: 'warning' });
    made.set(crc, 60);
    made.pass(1);
    expect(made.standing).toEqual({ [topic(TERMINAL, 'a/crc_errors')]: 'major' });
    made.pass(20);
    expect(made.standing).toEqual({});
  });

  it('are no news of errors that were counted before we came', () => {
    const made = rig({}, { isSettled: false });
    made.set(`${TERMINAL}:CrcErrorSum`, 0);
    made.pass(5);
    expect(made.standing).toEqual({});
  });
});

describe('events', () => {
  it('tell of each change of an EtherCAT state', () => {
    const { set, link } = rig();
    set(`${TERMINAL}:StateMachine`, 4);
    set(`${TERMINAL}:StateMachine`, 8);
    const events = link.on(topic(TERMINAL, 'e/al_state')).map(parsedEvent);
    expect(events.map(({ from, to }) => `${from} ${to}`)).toEqual(['OP SAFEOP', 'SAFEOP OP']);
  });

  it('tell of CRC errors at most once a minute, with all since', () => {
    const { set, link, pass } = rig();
    for (let total = 1; total <= 5; total++) {
      set(`${TERMINAL}:CrcErrorSum`, total);
      pass(10);
    }
    pass(30);
    const events = link.on(topic(TERMINAL, 'e/crc_growth')).map(parsedEvent);
    expect(events.map(({ grown, total }) => [grown, total])).toEqual([
      [1, 1],
      [4, 5],
    ]);
  });

  it('are not retained, and leave in order', () => {
    const { set, link } = rig();
    set(`${TERMINAL}:StateMachine`, 4);
    const [event] = link.published.filter((each) => each.topic.includes('/e/'));
    expect(event).toMatchObject({ delivery: 'event' });
    expect(event?.retain).toBeUndefined();
  });

  it('tell what of the plant changed', () => {
    const { directory, link } = rig();
    directory.update('BL07:IOC:LastChange', '2026 Term 9 is new', { seconds: 1 }, ALL);
    const [event = ''] = link.on('te/device/BL07///e/topology_changed');
    expect(parsedEvent(event)['text']).toBe('2026 Term 9 is new');
  });
});

describe('alarms of masters', () => {
  it('say that it is not operational, and silence its slaves', () => {
    const made = rig();
    for (const path of [TERMINAL, COUPLER]) made.set(`${path}:StateMachine`, 2);
    made.set(`${MASTER}:MasterState`, 2);
    made.pass(2);
    expect(made.standing).toEqual({ [topic(MASTER, 'a/not_operational')]: 'major' });
  });

  it('count lost frames', () => {
    const made = rig();
    made.set(`${MASTER}:LostCyclicFrames`, 3);
    made.pass(1);
    expect(made.standing).toEqual({ [topic(MASTER, 'a/frame_loss')]: 'minor' });
    expect(made.link.on(topic(MASTER, 'e/frame_loss'))).toHaveLength(1);
  });
});

describe('alarms of ADS links', () => {
  it('say it all when one is lost: nothing of what is behind it is told', () => {
    const made = rig();
    made.link_(false);
    made.set(VALUE, 0, INVALID);
    made.pass(3);
    expect(made.standing).toEqual({ 'te/device/BL07///a/ads_link_lost': 'critical' });
    expect(made.link.on('te/device/BL07///e/ads_link')).toHaveLength(1);
  });

  it('are cleared when it is back, and what was INVALID for it is no alarm', () => {
    const made = rig();
    made.link_(false);
    made.set(VALUE, 0, INVALID);
    made.pass(3);
    made.link_(true);
    made.pass(1);
    made.set(VALUE, 0);
    made.pass(10);
    expect(made.standing).toEqual({});
    expect(made.link.on(topic(TERMINAL, 'a/pv_ch1_value'))).toEqual([]);
  });

  it('wait a while for a plant that has not come yet', () => {
    const made = rig({}, { isUp: false, isSettled: false });
    made.pass(5);
    expect(made.standing).toEqual({});
    made.pass(10);
    expect(made.standing).toEqual({ 'te/device/BL07///a/ads_link_lost': 'critical' });
  });
});

describe('alarms of records', () => {
  it('have the severity of the table, and say what EPICS says', () => {
    const { set, pass, link } = rig();
    set(VALUE, 9.5, { severity: 2, status: 3 });
    pass(1);
    const [alarm = ''] = link.on(topic(TERMINAL, 'a/pv_ch1_value'));
    expect(parsedAlarm(alarm)).toEqual({
      severity: 'major',
      text: `${VALUE}: HIHI MAJOR`,
      time: '1990-01-01T00:00:01.000Z',
      epics: { pv: VALUE, severity: 'MAJOR', status: 'HIHI', value: 9.5 },
    });
  });

  it('are one alarm whose severity changes', () => {
    const { set, pass, link } = rig();
    set(VALUE, 8, { severity: 1, status: 4 });
    pass(1);
    set(VALUE, 9, { severity: 2, status: 3 });
    pass(1);
    const told = link.on(topic(TERMINAL, 'a/pv_ch1_value'));
    expect(told.map((payload) => parsedAlarm(payload)['severity'])).toEqual(['minor', 'major']);
  });

  it('are critical when INVALID with no failure to blame', () => {
    const made = rig();
    made.set(VALUE, 0, INVALID);
    made.pass(1);
    expect(made.standing).toEqual({ [topic(TERMINAL, 'a/pv_ch1_value')]: 'critical' });
  });

  it('are none of values that were never read', () => {
    const made = rig();
    made.set(VALUE, 0, { severity: 3, status: 17 });
    made.pass(5);
    expect(made.standing).toEqual({});
  });
});

describe('what others do to alarms', () => {
  const HIGH = { severity: 1, status: 4 };
  const AT = topic(TERMINAL, 'a/pv_ch1_value');

  it('is respected: one that somebody cleared is not raised again until it is another', () => {
    const made = rig();
    made.set(VALUE, 8, HIGH);
    made.pass(1);
    made.hear(AT, '', false);
    made.set(VALUE, 8.1, HIGH);
    made.pass(10);
    expect(made.link.on(AT)).toHaveLength(1);
    made.set(VALUE, 9, { severity: 2, status: 3 });
    made.pass(1);
    expect(made.link.on(AT)).toHaveLength(2);
  });

  it('is told from our own clearing that comes back late', () => {
    const made = rig();
    made.set(VALUE, 8, HIGH);
    made.pass(1);
    made.set(VALUE, 0);
    made.pass(2);
    made.set(VALUE, 8, HIGH);
    made.pass(1);
    made.hear(AT, '', false);
    made.set(VALUE, 0);
    made.pass(2);
    expect(made.link.on(AT).map((payload) => payload === '')).toEqual([false, true, false, true]);
  });

  it('leaves alone what is kept by others on our entities', () => {
    const made = rig();
    made.hear(topic(TERMINAL, 'a/maintenance_due'), '{"severity":"minor"}', true);
    made.pass(20);
    expect(made.link.published).toEqual([]);
  });
});

describe('alarms of the process before', () => {
  const AT = topic(TERMINAL, 'a/not_operational');
  const OLD =
    '{"severity":"major","text":"Term 2 (EL3102) is in PREOP","time":"2020-01-01T00:00:00Z"}';

  it('are cleared when the plant is known to be well, not before', () => {
    const made = rig({}, { isUp: false, isSettled: false });
    made.hear(AT, OLD, true);
    made.pass(8);
    expect(made.link.on(AT)).toEqual([]);
    made.link_(true);
    made.pass(8);
    expect(made.link.on(AT)).toEqual(['']);
  });

  it('stay as they are while the condition is the same', () => {
    const made = rig({}, { isSettled: false });
    made.set(`${TERMINAL}:StateMachine`, 2);
    made.hear(AT, OLD, true);
    made.pass(20);
    expect(made.link.on(AT)).toEqual([]);
  });

  it('are replaced when it is another', () => {
    const made = rig({}, { isSettled: false });
    made.set(`${TERMINAL}:StateMachine`, 4);
    made.hear(AT, OLD, true);
    made.pass(8);
    expect(made.link.on(AT).map((payload) => parsedAlarm(payload)['severity'])).toEqual(['minor']);
  });

  it('are told again when the broker has forgotten them', () => {
    const made = rig();
    made.set(`${TERMINAL}:StateMachine`, 2);
    made.pass(1);
    made.alarms.book.beginAsking();
    made.alarms.book.endAsking();
    expect(made.link.on(AT)).toHaveLength(2);
  });

  it('are not told again when the broker still has them', () => {
    const made = rig();
    made.set(`${TERMINAL}:StateMachine`, 2);
    made.pass(1);
    const [told = ''] = made.link.on(AT);
    made.alarms.book.beginAsking();
    made.hear(AT, told, true);
    made.alarms.book.endAsking();
    expect(made.link.on(AT)).toHaveLength(1);
  });
});
