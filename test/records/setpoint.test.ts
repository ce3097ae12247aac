import { describe, expect, it } from 'vitest';
import { arrayOf, bool, f32, i16, i64, text, u8 } from '../../src/model/index.ts';
import { EventMask, WAITING_PUTS } from '../../src/records/index.ts';
import { Rig } from './rig.ts';

const { value: VALUE, log: LOG, alarm: ALARM } = EventMask;
const scaled = { LINR: 'SLOPE', ESLO: 0.1, DRVL: -10, DRVH: 10 };
const done = { kind: 'done' } as const;
const refusal = { kind: 'failed', text: 'Write 0x4020:0x0 refused: 0x705', code: 0x705 } as const;

describe('a put to a setpoint', () => {
  it('sends raw counts and posts the value once, when the plant has taken it', () => {
    const rig = new Rig();
    const x = rig.setpoint('X', 'ao', i16, scaled);
    rig.put('X', 1.26);
    expect(rig.requests).toMatchObject([{ slot: x, value: 13 }]);
    expect([...rig.masks()]).toEqual([]);
    rig.requests[0]?.settle(done);
    expect([...rig.masks()]).toEqual([[x, VALUE | LOG | ALARM]]);
  });

  it('rounds half away from zero', () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', i16, { LINR: 'SLOPE', ESLO: 2 });
    rig.put('X', -3);
    expect(rig.requests[0]?.value).toBe(-2);
  });

  it('does not round for a plant that takes floats', () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', f32);
    rig.put('X', 1.25);
    expect(rig.requests[0]?.value).toBe(1.25);
  });

  it('is clamped to DRVL and DRVH', () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', i16, scaled);
    rig.put('X', 99);
    expect(rig.get('X')).toBe(10);
    expect(rig.requests[0]?.value).toBe(100);
  });

  it('is over when the plant has answered', async () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', i16, scaled);
    const outcome = rig.put('X', 1, true);
    expect(rig.get('X.PACT')).toBe(1);
    rig.requests[0]?.settle(done);
    expect(await outcome).toEqual(done);
    expect(rig.get('X.PACT')).toBe(0);
  });

  it('sends the same value again, and posts nothing', () => {
    const rig = new Rig();
    rig.records.sink = (request) => request.settle(done);
    const x = rig.setpoint('X', 'longout', i16);
    rig.put('X', 5);
    rig.masks();
    expect(rig.put('X', 5)).toEqual(done);
    expect(rig.masks().get(x)).toBeUndefined();
  });

  it('posts a 64-bit change that a double does not show', () => {
    const rig = new Rig();
    rig.records.sink = (request) => request.settle(done);
    const x = rig.setpoint('X', 'int64out', i64);
    rig.put('X', 9007199254740993n);
    rig.masks();
    rig.put('X', 9007199254740992n);
    expect(rig.masks().get(x)).toBe(VALUE | LOG);
  });

  it.each([
    ['bo', bool, {}, 1, 1],
    ['mbbo', u8, { ZRVL: 1, ZRST: 'init', ONVL: 8, ONST: 'op' }, 'op', 8],
    ['longout', i16, {}, '-7', -7],
    ['int64out', i64, {}, 9007199254740993n, 9007199254740993n],
    ['stringout', text(20), {}, 'on', 'on'],
    ['lso', text(80), { SIZV: 81 }, 'long', 'long'],
    ['waveform', arrayOf(i16, 3), { FTVL: 'SHORT', NELM: 3 }, [1, 2], Int16Array.of(1, 2)],
  ] as const)('of %s sends what the plant understands', (type, datatype, fields, value, raw) => {
    const rig = new Rig();
    rig.setpoint('X', type, datatype, fields);
    rig.put('X', typeof value === 'object' ? Float64Array.from(value) : value);
    expect(rig.requests[0]?.value).toEqual(raw);
  });
});

describe('a put that the plant refuses', () => {
  it('fails with the reason, and value and WRITE INVALID are one event', async () => {
    const rig = new Rig();
    const x = rig.setpoint('X', 'ao', i16, scaled);
    const outcome = rig.put('X', 1, true);
    rig.requests[0]?.settle(refusal);
    expect(await outcome).toEqual(refusal);
    expect(rig.alarm('X')).toBe('WRITE INVALID');
    expect(rig.get('X.AMSG')).toBe(refusal.text);
    expect(rig.masks().get(x)).toBe(VALUE | LOG | ALARM);
  });

  it('is forgotten after the next good one', () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', i16, scaled);
    rig.put('X', 1);
    rig.requests[0]?.settle(refusal);
    rig.put('X', 2);
    expect(rig.alarm('X')).toBe('WRITE INVALID');
    rig.requests[1]?.settle(done);
    expect(rig.alarm('X')).toBe('NO_ALARM NO_ALARM');
    expect(rig.get('X.AMSG')).toBe('');
  });

  it('counts an answer only once', async () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', i16, scaled);
    const outcome = rig.put('X', 1, true);
    rig.requests[0]?.settle(done);
    rig.requests[0]?.settle(refusal);
    expect(await outcome).toEqual(done);
    expect(rig.alarm('X')).toBe('NO_ALARM NO_ALARM');
  });

  it('may come as a sink that throws', () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', i16, scaled);
    rig.records.sink = () => {
      throw new Error('broken');
    };
    expect(rig.put('X', 1)).toMatchObject({ kind: 'failed' });
    expect(rig.get('X.PACT')).toBe(0);
  });

  it('is refused as away while there is no plant', () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', i16, scaled);
    rig.records.sink = undefined;
    expect(rig.put('X', 1)).toMatchObject({ kind: 'refused', reason: 'away' });
  });
});

describe('puts to a busy setpoint', () => {
  it('with completion run one after another, in order', async () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    const outcomes = [1, 2, 3].map((value) => rig.put('X', value, true));
    for (const [i, value] of [1, 2, 3].entries()) {
      expect(rig.requests).toHaveLength(i + 1);
      expect(rig.requests[i]?.value).toBe(value);
      rig.requests[i]?.settle(done);
      expect(await outcomes[i]).toEqual(done);
    }
  });

  it('without completion send only the newest', async () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    rig.put('X', 1);
    const second = rig.put('X', 2);
    const third = rig.put('X', 3);
    expect(rig.get('X.RPRO')).toBe(1);
    rig.requests[0]?.settle(done);
    expect(rig.requests.map(({ value }) => value)).toEqual([1, 3]);
    rig.requests[1]?.settle(done);
    expect(await Promise.all([second, third])).toEqual([done, done]);
    expect(rig.requests).toHaveLength(2);
  });

  it('are refused when too many wait', () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    for (let i = 0; i <= WAITING_PUTS; i++) rig.put('X', i, true);
    expect(rig.put('X', 99, true)).toMatchObject({ kind: 'refused', reason: 'busy' });
  });

  it('are dropped when their client goes', async () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    const client = new AbortController();
    rig.put('X', 1, true);
    const second = rig.put('X', 2, true, client.signal);
    client.abort();
    expect(await second).toEqual({ kind: 'cancelled' });
    rig.requests[0]?.settle(done);
    expect(rig.requests).toHaveLength(1);
    expect(rig.get('X.PACT')).toBe(0);
  });

  it('stay busy when the client of the one at the plant goes', async () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    const client = new AbortController();
    const first = rig.put('X', 1, true, client.signal);
    client.abort();
    expect(await first).toEqual({ kind: 'cancelled' });
    expect(rig.get('X.PACT')).toBe(1);
    rig.requests[0]?.settle(done);
    expect(rig.get('X.PACT')).toBe(0);
  });
});

describe('a setpoint that adopts', () => {
  it('takes the value and the time of the plant and writes nothing', () => {
    const rig = new Rig();
    const x = rig.setpoint('X', 'ao', i16, scaled);
    rig.records.adopt(x, 20, 3000, 7);
    rig.records.processDirty();
    expect(rig.get('X')).toBe(2);
    expect(rig.alarm('X')).toBe('NO_ALARM NO_ALARM');
    expect(rig.image.seconds[x]).toBe(3000);
    expect(rig.masks().get(x)).toBe(VALUE | LOG | ALARM);
    expect(rig.requests).toEqual([]);
  });

  it.each([
    ['bo', bool, {}, 5, 1],
    ['mbbo', u8, { ZRVL: 1, ZRST: 'init', ONVL: 8, ONST: 'op' }, 8, 1],
    ['stringout', text(9), {}, 'on', 'on'],
  ] as const)('%s adopts its own way', (type, datatype, fields, raw, value) => {
    const rig = new Rig();
    rig.records.adopt(rig.setpoint('X', type, datatype, fields), raw, 1, 0);
    expect(rig.get('X')).toBe(value);
  });

  it('keeps the wish of a client that is on its way', () => {
    const rig = new Rig();
    const x = rig.setpoint('X', 'longout', i16);
    rig.put('X', 7);
    rig.records.adopt(x, 1, 3000, 0);
    expect(rig.get('X')).toBe(7);
  });

  it('is well again after a failed put of the last session', () => {
    const rig = new Rig();
    const x = rig.setpoint('X', 'longout', i16);
    rig.put('X', 7);
    rig.requests[0]?.settle(refusal);
    rig.records.adopt(x, 1, 3000, 0);
    rig.records.processDirty();
    expect(rig.alarm('X')).toBe('NO_ALARM NO_ALARM');
  });
});

describe('what a plant cannot take', () => {
  it('is a state without a name', () => {
    const rig = new Rig();
    rig.setpoint('X', 'mbbo', u8, { ZRVL: 1, ZRST: 'init', ONVL: 8, ONST: 'op' });
    expect(rig.put('X', 2)).toMatchObject({ kind: 'refused', reason: 'bad-value' });
    expect(rig.requests).toEqual([]);
  });

  it('is NaN where it stores an integer', () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', i16, scaled);
    expect(rig.put('X', 'nan')).toMatchObject({ kind: 'refused', reason: 'bad-value' });
  });
});

describe('PROC of a setpoint', () => {
  it('sends the value again', () => {
    const rig = new Rig();
    const x = rig.setpoint('X', 'longout', i16);
    rig.records.adopt(x, 5, 1, 0);
    rig.put('X.PROC', 1);
    expect(rig.requests).toMatchObject([{ slot: x, value: 5 }]);
  });

  it('sends nothing while there is no value', () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    rig.put('X.PROC', 1);
    expect(rig.requests).toEqual([]);
  });
});
