import { describe, expect, it } from 'vitest';
import type { PlantNode, PvProfileOptions, ServedNodes } from '../../../../src/bus/index.ts';
import type { Attribute } from '../../../../src/model/index.ts';
import { Station, settable } from './station.ts';

const database = `
  record(ai, "BL07:MOD3:Value") { field(EGU, "V") field(PREC, "2") }
  record(bi, "BL07:MOD3:Fault") { field(ZNAM, "No") field(ONAM, "Yes") }
  record(mbbi, "BL07:MOD3:Mode") { field(ZRST, "Init") field(ONST, "Op") }
  record(ao, "BL07:MOD3:Limit") { field(DRVL, "0") field(DRVH, "12") field(PREC, "1") }
  record(ai, "BL07:MOD3:Limit_RBV") { }
  record(bo, "BL07:MOD3:Output") { field(ZNAM, "Shut") field(ONAM, "Open") }
  record(mbbo, "BL07:MOD3:Filter") { field(ZRST, "None") field(ONST, "50 Hz") }
  record(stringout, "BL07:Note") { }`;

function attribute(name: string, value: string | undefined, setpoint?: string) {
  const of = (pv: string | undefined) => (pv === undefined ? undefined : `BL07:MOD3:${pv}`);
  return {
    attribute: { name } as Attribute,
    ...{ value: of(value), setpoint: of(setpoint) },
  };
}

const node: PlantNode = {
  ...{ path: 'BL07:MOD3', parent: 'BL07', kind: 'terminal', type: 'EL3104' },
  ...{ name: 'Term 5 (EL3104)', id: 1005, node: 2, position: 3, description: '4 analogue inputs' },
  identity: { vendor: 2, product: 0x0c203052, revision: 0x00160000, serial: 77 },
  attributes: [
    attribute('value', 'Value'),
    attribute('fault', 'Fault'),
    attribute('mode', 'Mode'),
    attribute('limit', 'Limit_RBV', 'Limit'),
    attribute('output', undefined, 'Output'),
    attribute('filter', undefined, 'Filter'),
    attribute('other', 'NotServed'),
  ],
};

function plant(isUp = true): ServedNodes & { link: { isUp: boolean; text: string } } {
  return { name: 'plant', prefix: 'BL07', nodes: [node], link: { isUp, text: '' } };
}

function station(options: Partial<PvProfileOptions> = {}, served = plant()): Station {
  const homeAssistant = { prefix: 'homeassistant', include: [] };
  return new Station(database, { set: settable, homeAssistant, ...options }, '3.1.1', [served]);
}

const topic = 'homeassistant/device/epics_bl07_BL07_MOD3/config';

function config(of: Station) {
  return JSON.parse(of.link.on(topic).at(-1) ?? '{}');
}

/** A component of the terminal, without what all have. */
function shown(of: Station, pv: string): Record<string, unknown> {
  const { unique_id, state_topic, ...rest } = config(of).cmps[`epics_bl07_BL07_MOD3_${pv}`];
  expect(unique_id).toBe(`epics_bl07_BL07_MOD3_${pv}`);
  expect(state_topic).toBe(`epics/bl07/BL07/MOD3/${pv}/state`);
  return rest;
}

describe('availability', () => {
  it('of a terminal follows the link to its plant', () => {
    const served = plant();
    const of = station({}, served).connect();
    const told = () => of.link.on('epics/bl07/BL07/MOD3/availability');
    expect(told()).toEqual(['online']);
    served.link.isUp = false;
    of.nodesChanged.next();
    of.nodesChanged.next();
    expect(told()).toEqual(['online', 'offline']);
  });
});

describe('a device of Home Assistant', () => {
  it('is a terminal, retained, available while both the IOC and the plant are there', () => {
    const of = station().connect();
    expect(of.link.retained.has(topic)).toBe(true);
    expect(config(of)).toMatchObject({
      dev: {
        ...{ ids: ['epics_bl07_BL07_MOD3'], name: 'BL07:MOD3 EL3104', mf: 'Beckhoff' },
        ...{ mdl: 'EL3104', hw: '22', sn: '77' },
      },
      o: { name: 'twincat-ioc', sw: '1.2.3' },
      availability: [
        { topic: 'epics/bl07/$status' },
        { topic: 'epics/bl07/BL07/MOD3/availability' },
      ],
      availability_mode: 'all',
    });
    expect(Object.keys(config(of).cmps)).toHaveLength(7);
  });

  it('has a sensor for a value', () => {
    expect(shown(station().connect(), 'Value')).toEqual({
      ...{ name: 'value', p: 'sensor', state_class: 'measurement' },
      ...{ value_template: '{{ value_json.v }}', unit_of_measurement: 'V' },
      suggested_display_precision: 2,
    });
  });

  it('has a binary sensor for two states', () => {
    expect(shown(station().connect(), 'Fault')).toEqual({
      ...{ name: 'fault', p: 'binary_sensor', payload_on: '1', payload_off: '0' },
      value_template: '{{ value_json.v }}',
    });
  });

  it('has a sensor with options for states', () => {
    expect(shown(station().connect(), 'Mode')).toEqual({
      ...{ name: 'mode', p: 'sensor', device_class: 'enum', options: ['Init', 'Op'] },
      value_template: '{{ value_json.s }}',
    });
  });

  it('has a number for a setpoint, and a sensor for its read-back', () => {
    const of = station().connect();
    expect(shown(of, 'Limit')).toEqual({
      ...{ name: 'limit', p: 'number', mode: 'box', min: 0, max: 12, step: 0.1 },
      value_template: '{{ value_json.v }}',
      command_topic: 'epics/bl07/BL07/MOD3/Limit/set',
    });
    expect(shown(of, 'Limit_RBV')).toMatchObject({ name: 'limit read-back', p: 'sensor' });
  });

  it('has a switch for two states that can be put to', () => {
    expect(shown(station().connect(), 'Output')).toEqual({
      ...{ name: 'output', p: 'switch', payload_on: '1', payload_off: '0' },
      ...{ state_on: '1', state_off: '0', value_template: '{{ value_json.v }}' },
      command_topic: 'epics/bl07/BL07/MOD3/Output/set',
    });
  });

  it('has a select for states that can be put to', () => {
    expect(shown(station().connect(), 'Filter')).toMatchObject({
      ...{ p: 'select', options: ['None', '50 Hz'], value_template: '{{ value_json.s }}' },
      command_topic: 'epics/bl07/BL07/MOD3/Filter/set',
    });
  });

  it('has names of states in raw payloads', () => {
    expect(shown(station({ payload: 'raw' }).connect(), 'Output')).toMatchObject({
      ...{ payload_on: 'Open', payload_off: 'Shut', state_on: 'Open', state_off: 'Shut' },
    });
  });

  it('only shows what the allow-list does not name', () => {
    const of = station({ set: { ...settable, allow: [] } }).connect();
    expect(shown(of, 'Limit')).toMatchObject({ p: 'sensor' });
    expect(shown(of, 'Output')).toMatchObject({ p: 'binary_sensor' });
  });

  it('is the IOC itself for records of the site that are chosen', () => {
    const homeAssistant = { prefix: 'ha', include: [/Note$/] };
    const of = station({ homeAssistant }).connect();
    const [text = ''] = of.link.on('ha/device/epics_bl07_epics_bl07/config');
    expect(JSON.parse(text)).toMatchObject({
      dev: { name: 'epics/bl07' },
      availability: [{ topic: 'epics/bl07/$status' }],
      cmps: { epics_bl07_BL07_Note: { p: 'text', name: 'BL07:Note' } },
    });
  });

  it('is told again after a connection, and when Home Assistant was born', () => {
    const of = station().connect();
    const told = () => {
      of.advance(0.1);
      return of.link.on(topic).length;
    };
    of.nodesChanged.next();
    expect(told()).toBe(1);
    of.link.bring('homeassistant/status', 'online', { retain: true });
    of.link.bring('homeassistant/status', 'offline');
    expect(told()).toBe(1);
    of.link.bring('homeassistant/status', 'online');
    expect(told()).toBe(2);
    of.link.connect();
    expect(told()).toBe(3);
  });

  it('comes with others, some at each tick', () => {
    const many = Array.from({ length: 50 }, (_, i) => ({ ...node, path: `BL07:MOD${i}` }));
    const of = station({}, { ...plant(), nodes: many });
    const devices = () => of.link.published.filter(({ topic: each }) => each.endsWith('/config'));
    of.link.connect();
    const counts = [1, 2, 3].map(() => {
      of.advance(0.1);
      return devices().length;
    });
    expect(counts).toEqual([20, 40, 50]);
  });
});
