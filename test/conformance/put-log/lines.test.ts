import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PutEntry } from '../../../src/ops/put-log/entry.ts';
import { jsonLine } from '../../../src/ops/put-log/json-line.ts';
import { textLine } from '../../../src/ops/put-log/text-line.ts';
import type { PvValue } from '../../../src/pv/index.ts';

// Forms: facts/epics-formats.md 3.3. Times are local, as the C module prints them.
const at = new Date(2026, 6, 9, 3, 5, 7, 89).getTime();

function put(before: PvValue, after: PvValue, changes: Partial<PutEntry> = {}): PutEntry {
  const snapshot = (value: PvValue) => ({
    value,
    size: typeof value === 'object' ? value.length : 1,
  });
  const isArray = typeof after === 'object';
  return {
    ...{ at, host: '10.0.0.7', user: 'ada', pv: 'BL:X', type: 'DOUBLE', isArray },
    ...{ before: snapshot(before), after: snapshot(after) },
    ...changes,
  };
}

const bytes = (text: string) => new Uint8Array(Buffer.from(`${text}\0`));

describe('the text form', () => {
  const head = '09-Jul-26 03:05:07 10.0.0.7 ada BL:X';

  it.each<[string, PutEntry, string]>([
    ['a double', put(1, 77.5), 'new=77.5 old=1'],
    ['six digits', put(1e-7, 1234567.8), 'new=1.23457e+06 old=1e-07'],
    ['no number', put(Number.NaN, Number.NEGATIVE_INFINITY), 'new=-inf old=nan'],
    ['a whole number', put(-3, 1234567, { type: 'LONG' }), 'new=1234567 old=-3'],
    ['64 bits', put(0n, 2n ** 62n, { type: 'INT64' }), 'new=4611686018427387904 old=0'],
    ['a state', put(0, 1, { type: 'ENUM' }), 'new=1 old=0'],
    ['a choice', put('Off', 'On', { type: 'MENU' }), 'new="On" old="Off"'],
    [
      'a text',
      put('', `it's "a\\b"\n\x01é`, { type: 'STRING' }),
      String.raw`new="it\'s \"a\\b\"\n\x01\xc3\xa9" old=""`,
    ],
    ['the first of an array', put(Float64Array.of(1, 2), Float64Array.of(3)), 'new=3 old=1'],
    ['an empty array', put(new Float64Array(0), Float64Array.of(3)), 'new=3 old=""'],
    ['a long string', put(bytes('a'), bytes('b c'), { type: 'CHAR' }), 'new="b c" old="a"'],
    ['a burst', put(1, 2, { burst: { min: 0.5, max: 9, count: 4 } }), 'new=2 old=1 min=0.5 max=9'],
    [
      'a failure',
      put(1, 1, { failure: 'Write refused: 0x705' }),
      'new=1 old=1 error="Write refused: 0x705"',
    ],
  ])('tells %s', (_, entry, change) => {
    expect(textLine(entry)).toBe(`${head} ${change}`);
  });

  it('is one line of printable characters but for names, whatever the values are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(textLine(put('', text, { type: 'STRING' }))).toMatch(/^[\x20-\x7e]+$/);
      }),
    );
  });

  it('is at most 254 bytes long, and cuts no character in two', () => {
    const long = textLine(put('', '', { pv: 'x'.repeat(300) }));
    expect(long).toHaveLength(254);
    const name = 'é'.repeat(150);
    const line = textLine(put('', '', { pv: name }));
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(254);
    expect(line).toMatch(/é$/);
  });
});

describe('the JSON form', () => {
  const head =
    '{"date":"2026-07-09","time":"03:05:07.089","host":"10.0.0.7","user":"ada","pv":"BL:X",';

  it.each<[string, PutEntry, string]>([
    ['a double', put(1, 77.5), '"new":77.5,"old":1.0}'],
    ['every digit', put(1e-7, 0.1 + 0.2), '"new":0.30000000000000004,"old":1e-7}'],
    ['a float', put(0, Math.fround(0.1), { type: 'FLOAT' }), '"new":0.1,"old":0.0}'],
    ['NaN', put(8, Number.NaN), '"new":"Nan","old":8.0}'],
    [
      'infinity',
      put(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      '"new":"-Infinity","old":"Infinity"}',
    ],
    ['a whole number', put(-3, 7, { type: 'LONG' }), '"new":7,"old":-3}'],
    ['64 bits', put(0n, 2n ** 63n - 1n, { type: 'INT64' }), '"new":9223372036854775807,"old":0}'],
    ['a text', put('so1', 'say "hi"', { type: 'STRING' }), '"new":"say \\"hi\\"","old":"so1"}'],
    [
      'an array',
      put(new Float64Array(0), Float64Array.of(4.5, 5)),
      '"new":[4.5,5.0],"new-size":2,"old":[],"old-size":0}',
    ],
    [
      'an array longer than what is told of it',
      put(Int32Array.of(1), Int32Array.of(1), { type: 'LONG', after: { value: [], size: 500 } }),
      '"new":[],"new-size":500,"old":[1],"old-size":1}',
    ],
    [
      'texts',
      put(['a'], ['b', 'c'], { type: 'STRING' }),
      '"new":["b","c"],"new-size":2,"old":["a"],"old-size":1}',
    ],
    [
      'a long string',
      put(bytes(''), bytes('long'), { type: 'CHAR' }),
      '"new":["long"],"new-size":5,"old":[""],"old-size":1}',
    ],
    [
      'a burst',
      put(77.5, 8, { burst: { min: 7.5, max: 870.5, count: 10 } }),
      '"new":8.0,"old":77.5,"min":7.5,"max":870.5,"burst":10}',
    ],
    [
      'a failure',
      put(1, 1, { failure: 'no "SDO"' }),
      '"new":1.0,"old":1.0,"error":"no \\"SDO\\""}',
    ],
  ])('tells %s', (_, entry, rest) => {
    const line = jsonLine(entry);
    expect(line).toBe(head + rest);
    expect(() => JSON.parse(line)).not.toThrow();
  });

  it('is JSON of a number that JSON has not, in whatever field', () => {
    const told = JSON.parse(jsonLine(put(Number.NEGATIVE_INFINITY, '', { type: 'STRING' })));
    expect(told.old).toBe('-Infinity');
  });

  it('is JSON whatever the values are', () => {
    const value = fc.oneof(fc.double(), fc.string(), fc.bigInt(), fc.array(fc.string()));
    fc.assert(
      fc.property(value, value, fc.string(), (before, after, user) => {
        const type = typeof after === 'number' ? 'DOUBLE' : 'STRING';
        const told = JSON.parse(jsonLine(put(before, after, { type, user })));
        expect(told).toMatchObject({ user, pv: 'BL:X' });
        if (Number.isFinite(after)) expect(Object.is(told.new, after) || after === 0).toBe(true);
      }),
    );
  });

  it('has the keys that a site adds after the user', () => {
    expect(jsonLine(put(1, 2), { beamline: 'I04', shift: '"A"' })).toContain(
      '"user":"ada","beamline":"I04","shift":"\\"A\\"","pv":"BL:X"',
    );
  });
});
