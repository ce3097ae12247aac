import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PvSetOptions } from '../../../../src/bus/index.ts';
import { i16 } from '../../../../src/model/index.ts';
import type { PutOutcome } from '../../../../src/records/index.ts';
import { Station, settable } from './station.ts';

const database = `
  record(ao, "BL07:Voltage") { field(DRVL, "0") field(DRVH, "12") field(EGU, "V") }
  record(bo, "BL07:Valve") { field(ZNAM, "Shut") field(ONAM, "Open") }
  record(stringout, "BL07:Name") { }
  record(int64out, "BL07:Long") { }
  record(waveform, "BL07:Row") { field(FTVL, "DOUBLE") field(NELM, "4") }
  record(waveform, "BL07:Text") { field(FTVL, "CHAR") field(NELM, "20") }
  record(ai, "BL07:Reading") { field(DISP, "1") }`;

function station(set: Partial<PvSetOptions> = {}, version: '3.1.1' | '5' = '3.1.1'): Station {
  return new Station(database, { set: { ...settable, ...set } }, version).connect();
}

/** What a wish led to: its result, and the value afterwards. */
async function wish(to: Station, pv: string, payload: string | Uint8Array, more = {}) {
  const path = pv.replaceAll(':', '/');
  to.link.bring(`epics/bl07/${path}/set`, payload, more);
  await Promise.resolve();
  await new Promise(setImmediate);
  return { result: to.json(`${path}/result`).at(-1), value: to.directory.find(pv)?.read() };
}

describe('a set', () => {
  it.each<[string, string, string, unknown]>([
    ['a bare number', 'BL07:Voltage', '2.5', 2.5],
    ['JSON', 'BL07:Voltage', '{"v":2.5}', 2.5],
    ['what a record limits', 'BL07:Voltage', '100', 12],
    ['a state by its name', 'BL07:Valve', 'Open', 1],
    ['a state by its number', 'BL07:Valve', '1', 1],
    ['a boolean', 'BL07:Valve', '{"v":true}', 1],
    ['a bare text', 'BL07:Name', '1e3', '1e3'],
    ['a text in JSON', 'BL07:Name', '{"v":"{a}"}', '{a}'],
    ['64 bits as text', 'BL07:Long', '{"v":"9007199254740993"}', 9007199254740993n],
    ['a list', 'BL07:Row', '[1,2]', Float64Array.of(1, 2)],
    ['a list in JSON', 'BL07:Row', '{"v":[1,2]}', Float64Array.of(1, 2)],
    ['texts of numbers', 'BL07:Row', '["1","2"]', Float64Array.of(1, 2)],
    [
      'a typed block',
      'BL07:Row',
      '{"v":{"type":"int16","n":2,"b64":"AQD+/w=="}}',
      Float64Array.of(1, -2),
    ],
    ['a text for a row of characters', 'BL07:Text', 'ab', Int8Array.of(97, 98, 0)],
  ])('takes %s', async (_what, pv, payload, value) => {
    const done = await wish(station(), pv, payload);
    expect(done.result).toMatchObject({ ok: true });
    expect(done.value).toEqual(value);
  });

  it('is answered with its id and the value that there is afterwards', async () => {
    const { result } = await wish(station(), 'BL07:Voltage', '{"v":100,"id":"a7"}');
    expect(result).toEqual({ id: 'a7', ok: true, v: 12 });
  });

  it('shows in the state', async () => {
    const to = station();
    await wish(to, 'BL07:Voltage', '3');
    to.advance(1);
    expect(to.states('BL07/Voltage').at(-1)).toMatchObject({ v: 3, sev: 0 });
  });

  it('is answered at the response topic where it has one', async () => {
    const to = station({}, '5');
    const correlation = Uint8Array.of(9);
    const { result } = await wish(to, 'BL07:Voltage', '1', { responseTopic: 'me', correlation });
    expect(result).toBeUndefined();
    expect(JSON.parse(to.link.on('me')[0] ?? '')).toEqual({ ok: true, v: 1 });
    expect(to.link.published.at(-1)).toMatchObject({ correlation });
  });

  it.each([
    ['no text', Uint8Array.of(0xff, 0xfe), 'the payload is no UTF-8 text'],
    ['broken JSON', '{"v":', 'the payload is no JSON'],
    ['no value', '{"value":1}', '"v" is no value for BL07:Voltage, which takes DOUBLE'],
    ['null', '{"v":null}', '"v" is no value for BL07:Voltage, which takes DOUBLE'],
    ['a list for a scalar', '{"v":[1]}', '"v" is no value for BL07:Voltage, which takes DOUBLE'],
    ['a strange time', '{"v":1,"t":"noon"}', '"t" is no time'],
    ['an old one', '{"v":1,"t":1}', 'expired'],
    ['one of tomorrow', '{"v":1,"t":"2020-01-02T12:00:00Z"}', 'expired'],
  ])('that is %s is refused, and says why', async (_what, payload, error) => {
    const to = station();
    const before = to.field('BL07:Voltage').read();
    const { result, value } = await wish(to, 'BL07:Voltage', payload);
    expect(result).toMatchObject({ ok: false, error: expect.stringContaining(error) });
    expect(value).toBe(before);
  });

  it('that a record cannot take is refused in its words', async () => {
    const { result } = await wish(station(), 'BL07:Valve', '{"v":"Ajar","id":1}');
    expect(result).toMatchObject({
      id: 1,
      ok: false,
      error: expect.stringContaining('Shut, Open'),
    });
  });

  it('that would lose digits is refused', async () => {
    const { result } = await wish(station(), 'BL07:Long', '{"v":9007199254740993}');
    expect(result).toMatchObject({ ok: false, error: expect.stringContaining('as text') });
  });

  it('that was retained is refused', async () => {
    const { result, value } = await wish(station(), 'BL07:Voltage', '5', { retain: true });
    expect(result).toMatchObject({ ok: false, error: expect.stringContaining('retained') });
    expect(value).toBe(0);
  });

  it('that is empty, as one that clears a retained topic, is none', async () => {
    const { result } = await wish(station(), 'BL07:Name', '');
    expect(result).toBeUndefined();
  });

  it('of what the allow-list does not name is refused', async () => {
    const to = station({ allow: [/Valve$/] });
    const { result, value } = await wish(to, 'BL07:Voltage', '5');
    expect(result).toMatchObject({ ok: false, error: expect.stringContaining('allow-list') });
    expect(value).toBe(0);
    expect(to.json('BL07/Voltage/meta')).toMatchObject([{ writable: false }]);
    expect(to.json('BL07/Valve/meta')).toMatchObject([{ writable: true }]);
  });

  it('of a record that takes no puts is refused', async () => {
    const { result } = await wish(station(), 'BL07:Reading', '5');
    expect(result).toMatchObject({ ok: false });
  });

  it('of no PV is answered, too', async () => {
    const { result } = await wish(station(), 'BL07:Nothing', '5');
    expect(result).toEqual({ ok: false, error: 'there is no such PV on the bus' });
  });

  it('goes by access security, in the name of the bus, and into the put log', async () => {
    const to = station();
    const trapped: string[] = [];
    to.directory.security.trapped = ({ user, host, field, outcome }) => {
      trapped.push(`${user}@${host} ${field.record} ${outcome.kind}`);
    };
    await wish(to, 'BL07:Voltage', '5');
    expect(trapped).toEqual(['mqtt@broker BL07:Voltage done']);
  });

  it('is not subscribed to unless it is switched on', () => {
    const { link } = new Station(database).connect();
    expect(link.filters.filter((filter) => filter.endsWith('/set'))).toEqual([]);
  });

  describe('to a plant', () => {
    function plant(set: Partial<PvSetOptions> = {}) {
      const to = station(set);
      to.rig.setpoint('BL07:Slow', 'longout', i16);
      to.advance(0.1);
      const settle = (outcome: PutOutcome) => to.rig.requests.shift()?.settle(outcome);
      to.directory.puts$.subscribe((request) => to.rig.requests.push(request));
      return { to, settle };
    }

    it('is answered when the plant has answered', async () => {
      const { to, settle } = plant();
      expect((await wish(to, 'BL07:Slow', '5')).result).toBeUndefined();
      settle({ kind: 'failed', text: 'the terminal says no' });
      await new Promise(setImmediate);
      expect(to.json('BL07/Slow/result')).toMatchObject([
        { ok: false, error: 'the terminal says no' },
      ]);
    });

    it('is given up after a time', async () => {
      const { to } = plant();
      await wish(to, 'BL07:Slow', '5');
      to.advance(5);
      await new Promise(setImmediate);
      expect(to.json('BL07/Slow/result')).toMatchObject([
        { ok: false, error: 'not over within 5 s; the plant may still take it' },
      ]);
    });

    it('is refused when too many wait', async () => {
      const { to } = plant();
      for (const value of ['1', '2', '3']) await wish(to, 'BL07:Slow', value);
      expect(to.json('BL07/Slow/result')).toMatchObject([
        { ok: false, error: 'busy: too many puts under way' },
      ]);
    });
  });

  it('survives whatever comes', async () => {
    const to = station();
    const paths = ['Voltage', 'Valve', 'Name', 'Long', 'Row', 'Text', 'Reading', 'Nothing'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc.json().map((text) => new Uint8Array(Buffer.from(text))),
          fc.json().map((text) => new Uint8Array(Buffer.from(`{"v":${text},"id":${text}}`))),
        ),
        async (path, payload) => {
          const before = to.json(`BL07/${path}/result`).length;
          await wish(to, `BL07:${path}`, payload);
          const after = to.json(`BL07/${path}/result`).length;
          expect(after - before).toBe(payload.length === 0 ? 0 : 1);
        },
      ),
    );
  });
});
