import { describe, expect, it, vi } from 'vitest';
import { epicsGet } from '../../../../src/bus/commands/operations/epics-get.ts';
import { epicsPut } from '../../../../src/bus/commands/operations/epics-put.ts';
import { f32, text } from '../../../../src/model/index.ts';
import { attribute, nodeAt } from '../../../support/thin-edge/hand-made-nodes.ts';
import { PvWorld } from './pv-world.ts';

const MOD = 'device/BL07_MOD3//';
const SERVER = 'device/BL07//';
const IOC = 'device/main/service/ioc';

const database = `
  record(ao, "BL07:MOD3:Limit") { field(DRVL, "0") field(DRVH, "12") field(EGU, "V") field(PREC, "1") }
  record(ai, "BL07:MOD3:Limit_RBV") { field(INP, "BL07:MOD3:Limit CP") field(EGU, "V") }
  record(bo, "BL07:MOD3:Valve") { field(ZNAM, "Shut") field(ONAM, "Open") }
  record(ai, "BL07:MOD3:Value") { field(VAL, "1.5") field(EGU, "V") field(PINI, "YES") field(HIHI, "1") field(HHSV, "MAJOR") }
  record(int64out, "BL07:MOD3:Long") { }
  record(waveform, "BL07:MOD3:Row") { field(FTVL, "DOUBLE") field(NELM, "4") }
  record(stringout, "BL07:Note") { }
  record(ao, "BL07X:Other") { }
  record(ao, "BL07:MOD3:Locked") { field(DISP, "1") }`;

const nodes = [
  nodeAt('BL07', 'server', [attribute('name', { datatype: text(255) })]),
  nodeAt('BL07:MOD3', 'terminal', [
    attribute('limit', { datatype: f32, access: 'rw' }),
    attribute('valve', { access: 'w' }),
    attribute('value', { datatype: f32 }),
    attribute('long', { access: 'w' }),
    attribute('row', { access: 'w' }),
    attribute('locked', { access: 'w' }),
    attribute('missing', { access: 'w' }),
  ]),
];

const allow = [{ operation: 'epics_put', on: ['BL07:*'] }];

function world(rules = { allow }): PvWorld {
  return new PvWorld(database, nodes, rules);
}

describe('epics_get', () => {
  const get = (input: object, topicId = MOD, of = world()) =>
    of.run(epicsGet(of.client), { ...input }, topicId);

  it('reads an attribute with its unit, alarm and time', async () => {
    const { values } = await get({ attributes: ['value'] });
    expect(values).toEqual({
      value: {
        ...{ pv: 'BL07:MOD3:Value', value: 1.5, unit: 'V', severity: 'MAJOR', alarm: 'HIHI' },
        time: '2020-01-01T12:00:00.000000000Z',
      },
    });
  });

  it('reads what is not to be put as what its read-back tells, states with their names', async () => {
    const { values } = await get({ attributes: ['limit', 'valve'] });
    expect(values).toMatchObject({
      limit: { pv: 'BL07:MOD3:Limit_RBV' },
      valve: { value: 0, text: 'Shut' },
    });
  });

  it('reads PVs and their fields', async () => {
    const { values } = await get({ pvs: ['BL07:MOD3:Limit.DRVH'] });
    expect(values).toMatchObject({ 'BL07:MOD3:Limit.DRVH': { value: 12 } });
    expect(await get({ pvs: ['BL07X:Other'] }, IOC)).toHaveProperty('values');
  });

  it.each([
    [{ attributes: ['nothing'] }, MOD, /^BL07_MOD3 has no attribute nothing$/],
    [{ attributes: ['missing'] }, MOD, /^there is no PV BL07:MOD3:Missing$/],
    [{ pvs: ['BL07:Nothing'] }, IOC, /^there is no PV BL07:Nothing$/],
    [{ pvs: ['BL07:Note'] }, MOD, /is no PV of BL07_MOD3/],
    [{ pvs: ['BL07X:Other'] }, SERVER, /is no PV of BL07/],
    [{}, IOC, /^ioc has no attributes: name pvs$/],
    [{ attributes: 'value' }, MOD, /^bad input: attributes: /],
    [{ pvs: [''] }, IOC, /^bad input: pvs\.0: /],
  ])('of %j at %s fails', async (input, topicId, reason) => {
    await expect(get(input, topicId)).rejects.toThrow(reason);
  });

  it('tells which attributes there are', () => {
    const of = world();
    expect(epicsGet(of.client).capability(of.entity(MOD))).toEqual({
      attributes: ['limit', 'valve', 'value', 'long', 'row', 'locked', 'missing'],
    });
    expect(epicsGet(of.client).capability(of.entity('device/BL07/service/ads'))).toBeUndefined();
  });
});

describe('epics_put', () => {
  const put = (input: object, topicId = MOD, of = world()) =>
    of.run(epicsPut(of.means), { ...input }, topicId);

  it('puts, and tells what the read-back says then, and said before', async () => {
    const of = world();
    const result = await put({ attribute: 'limit', value: 5 }, MOD, of);
    expect(result).toMatchObject({
      ...{ pv: 'BL07:MOD3:Limit', setpoint: 5, value: 5, previous: 0, unit: 'V' },
      ...{ severity: 'NO_ALARM', time: '2020-01-01T12:00:00.000000000Z' },
    });
    expect(of.value('BL07:MOD3:Limit')).toBe(5);
  });

  it('does not wait for a read-back when it says again what was said', async () => {
    const of = world();
    await put({ attribute: 'limit', value: 5 }, MOD, of);
    void of.directory.find('BL07:MOD3:Limit_RBV.INP')?.put('', of.origin, of.stop.signal);
    void of.directory.find('BL07:MOD3:Limit_RBV')?.put(4.9998, of.origin, of.stop.signal);
    expect(await put({ attribute: 'limit', value: 5 }, MOD, of)).toMatchObject({ value: 4.9998 });
  });

  it('puts to a PV by its name, and reads back what its attribute does', async () => {
    const of = world();
    expect(await put({ pv: 'BL07:MOD3:Limit', value: 7 }, SERVER, of)).toMatchObject({ value: 7 });
    expect(await put({ pv: 'BL07:MOD3:Limit', value: 8 }, MOD, of)).toMatchObject({ previous: 7 });
  });

  it.each([
    ['valve', 'Open', 1, 'BL07:MOD3:Valve'],
    ['valve', true, 1, 'BL07:MOD3:Valve'],
    ['limit', '2.5', 2.5, 'BL07:MOD3:Limit'],
    ['long', '9007199254740993', 9007199254740993n, 'BL07:MOD3:Long'],
    ['row', [1, 2], Float64Array.of(1, 2), 'BL07:MOD3:Row'],
  ])('of %s takes %j', async (name, value, wanted, pv) => {
    const of = world();
    await put({ attribute: name, value }, MOD, of);
    expect(of.value(pv)).toEqual(wanted);
  });

  it.each([
    [{ attribute: 'limit', value: 12.1 }, /^BL07:MOD3:Limit drives from 0 to 12, not 12\.1$/],
    [{ attribute: 'limit', value: '13' }, /^BL07:MOD3:Limit drives from 0 to 12, not 13$/],
    [{ attribute: 'limit', value: 'much' }, /^Put to BL07:MOD3:Limit\.VAL refused/],
    [{ attribute: 'limit', value: null }, /^BL07:MOD3:Limit takes no such value: it is double$/],
    [{ attribute: 'limit', value: { a: 1 } }, /takes no such value/],
    [{ attribute: 'limit', value: [1] }, /takes no such value/],
    [{ attribute: 'row', value: [1, 'x'] }, /takes no such value/],
    [{ attribute: 'long', value: 2 ** 60 }, /beyond 2\^53 must be given as text/],
    [{ attribute: 'valve', value: 7 }, /^BL07:MOD3:Valve has the states Shut, Open, and no 7$/],
    [{ attribute: 'value', value: 7 }, /^value cannot be put to$/],
    [{ attribute: 'locked', value: 7 }, /DISP is set$/],
    [{ attribute: 'nothing', value: 7 }, /^BL07_MOD3 has no attribute nothing$/],
    [{ pv: 'BL07:MOD3:Limit.RTYP', value: 'x' }, /^Put to BL07:MOD3:Limit\.RTYP refused/],
    [{ value: 7 }, /^bad input: give attribute or pv/],
    [{ attribute: 'limit', pv: 'BL07:Note', value: 7 }, /^bad input: give attribute or pv/],
    [{ attribute: 'limit' }, /^bad input: value: /],
    [{ attribute: 'limit', value: 1, wait: 'yes' }, /^bad input: wait: /],
    [{ attribute: 'limit', value: 1, timeoutMs: 1e9 }, /^bad input: timeoutMs: /],
  ])('of %j fails, and nothing changes', async (input, reason) => {
    const of = world();
    await expect(put(input, MOD, of)).rejects.toThrow(reason);
    expect(of.value('BL07:MOD3:Limit')).toBe(0);
    expect(of.value('BL07:MOD3:Valve')).toBe(0);
  });

  it('is refused at once without waiting, too, when the record refuses', async () => {
    await expect(put({ attribute: 'locked', value: 1, wait: false })).rejects.toThrow(
      /DISP is set/,
    );
    expect(await put({ attribute: 'limit', value: 1, wait: false })).toMatchObject({ setpoint: 1 });
  });

  it('is told to the put log in the name of the client', async () => {
    const of = world();
    await put({ attribute: 'limit', value: 5 }, MOD, of);
    expect(of.trapped).toHaveLength(1);
    expect(of.trapped[0]).toMatchObject({ user: 'mqtt', host: 'gateway' });
  });

  it('works on the PV that it puts to, by which the allow-list goes', () => {
    const of = world();
    const { subject } = epicsPut(of.means);
    const terminal = of.entity(MOD);
    expect(subject?.({ attribute: 'limit' }, terminal)).toBe('BL07:MOD3:Limit');
    expect(subject?.({ pv: 'BL07:MOD3:Limit.DRVH' }, terminal)).toBe('BL07:MOD3:Limit.DRVH');
    expect(() => subject?.({}, terminal)).toThrow(/give attribute or pv/);
  });

  it('offers what can be put and is allowed, with what forms need', () => {
    const of = world({ allow: [{ operation: 'epics_put', on: ['*:Limit', '*:Valve', '*:Row'] }] });
    const { capability } = epicsPut(of.means);
    expect(capability(of.entity(MOD))).toEqual({
      attributes: {
        limit: {
          ...{ pv: 'BL07:MOD3:Limit', type: 'double', unit: 'V' },
          limits: { low: 0, high: 12 },
        },
        valve: { pv: 'BL07:MOD3:Valve', type: 'enum', enum: ['Shut', 'Open'] },
        row: { pv: 'BL07:MOD3:Row', type: 'double', count: 4 },
      },
    });
    expect(capability(of.entity(IOC))).toEqual({ attributes: {} });
    expect(capability(of.entity('device/BL07/service/ads'))).toBeUndefined();
  });

  it('that a former process began tells what the plant says now', async () => {
    const of = world();
    const { settle } = epicsPut(of.means);
    const context = { id: '1', entity: of.entity(MOD) };
    of.directory.flush();
    const settling = settle?.({ attribute: 'valve', value: 1 }, context, of.stop.signal);
    await vi.waitFor(() => of.rig.clock.advance(10_000));
    expect(await settling).toMatchObject({
      ...{ status: 'failed', reason: 'interrupted, state unknown' },
      result: { readback: { pv: 'BL07:MOD3:Valve', value: 0 } },
    });
  });
});
