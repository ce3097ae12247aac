import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMqttAddress } from '../../../src/bus/converter/parse-address.ts';
import { Payload } from '../../../src/bus/converter/payload.ts';
import { readingOf } from '../../../src/bus/converter/reading.ts';
import type { Shape } from '../../../src/bus/converter/record-shape.ts';

const number: Shape = { kind: 'number' };
const state: Shape = {
  kind: 'state',
  by: 'raw',
  states: [
    { name: 'Shut', number: 0 },
    { name: 'Ajar', number: 5 },
  ],
};
const shapes: readonly Shape[] = [
  ...[number, state, { kind: 'wide' }, { kind: 'text' }, { kind: 'row' }],
  ...[{ kind: 'bytes' }, { kind: 'texts' }],
] as readonly Shape[];

function read(payload: string | Uint8Array, options: string, shape: Shape) {
  const bytes = typeof payload === 'string' ? new Uint8Array(Buffer.from(payload)) : payload;
  const message = {
    ...{ topic: 't', payload: bytes, retain: false, isDuplicate: false, sinceConnected: 0 },
    qos: 0,
  } as const;
  return readingOf(new Payload(message), parseMqttAddress(`t ${options}`, 'input'), shape);
}

describe('a message gives', () => {
  it.each<[string, string, string, Shape, unknown]>([
    ['a number', ' 21.5 ', '', number, 21.5],
    ['one with an exponent', '-1e-3', '', number, -0.001],
    ['a scaled one', '215', 'SCALE=0.1 OFFSET=-1', number, 20.5],
    ['one within JSON', '{"a":[{"b":3}]}', 'JSON=/a/0/b', number, 3],
    ['the whole of JSON', '3', 'JSON', number, 3],
    ['a text of JSON as a number', '{"t":"21.5"}', 'JSON=/t', number, 21.5],
    ['a boolean', '{"on":true}', 'JSON=/on', number, 1],
    ['a word of the address', 'RUN', 'MAP=RUN:2,STOP:0', number, 2],
    ['a usual word', 'OFF', '', number, 0],
    ['a key with slashes', '{"a/b":1}', 'JSON=/a~1b', number, 1],
    ['a state by its name', 'Ajar', '', state, 5],
    ['a state by its number', '5', '', state, 5],
    ['a state by a word', 'ON', '', state, 1],
    ['64 bits', '9223372036854775807', '', { kind: 'wide' }, 9223372036854775807n],
    ['64 bits, scaled', '7', 'SCALE=0.5', { kind: 'wide' }, 3],
    ['a text', 'a b', '', { kind: 'text' }, 'a b'],
    ['a part of JSON as text', '{"a":{"b":1}}', 'JSON=/a', { kind: 'text' }, '{"b":1}'],
    ['a row', '[1,2.5]', '', { kind: 'row' }, Float64Array.of(1, 2.5)],
    ['a row of columns', '1; 2,3', '', { kind: 'row' }, Float64Array.of(1, 2, 3)],
    ['a row of one', '4', '', { kind: 'row' }, Float64Array.of(4)],
    ['bytes', '\u0001a', '', { kind: 'bytes' }, Uint8Array.of(1, 97)],
    ['a text as characters', '{"a":"b"}', 'JSON=/a', { kind: 'bytes' }, Uint8Array.of(98, 0)],
    ['texts', '["a",1]', '', { kind: 'texts' }, ['a', '1']],
  ])('%s', (_what, payload, options, shape, value) => {
    expect(read(payload, options, shape)).toEqual({ kind: 'value', value });
  });

  it.each<[string, unknown, number]>([
    ['RFC 3339', '2026-11-27T17:22:00+01:00', Date.UTC(2026, 10, 27, 16, 22)],
    ['seconds', 1_700_000_000.5, 1_700_000_000_500],
    ['milliseconds', 1_700_000_000_500, 1_700_000_000_500],
    ['microseconds', 1_700_000_000_500_000, 1_700_000_000_500],
    ['seconds as text', '1700000000', 1_700_000_000_000],
  ])('its time as %s', (_what, time, ms) => {
    const payload = JSON.stringify({ v: 1, at: time });
    expect(read(payload, 'JSON=/v TIME=/at', number)).toEqual({
      kind: 'value',
      value: 1,
      time: ms,
    });
  });

  it.each([
    ['"good"', undefined],
    ['true', undefined],
    ['192', undefined],
    ['"Uncertain"', 'quality is "Uncertain"'],
    ['false', 'quality is false'],
  ])('quality %s', (quality, poor) => {
    const reading = read(`{"v":1,"q":${quality}}`, 'JSON=/v QUALITY=/q', number);
    expect(reading).toMatchObject({ kind: 'value', value: 1 });
    expect((reading as { poor?: string }).poor).toBe(poor);
  });

  it('quality by words of the address', () => {
    const options = "JSON=/v QUALITY=/q GOOD='fine, Valid'";
    expect(read('{"v":1,"q":"VALID"}', options, number)).toEqual({ kind: 'value', value: 1 });
    expect(read('{"v":1,"q":"good"}', options, number)).toHaveProperty('poor');
    expect(read('{"v":1}', options, number)).toHaveProperty('poor', 'quality is missing');
  });
});

describe('a message is bad', () => {
  it.each<[string, string | Uint8Array, string, Shape, string]>([
    ['no number', 'warm', '', number, '"warm" is no number'],
    ['empty', '', '', number, '"" is no number'],
    ['with a unit', '21.5 °C', '', number, '"21.5 °C" is no number'],
    ['too large a number', '1e999', '', number, '"1e999" is no number'],
    ['hexadecimal', '0x10', '', number, '"0x10" is no number'],
    ['null', '{"a":null}', 'JSON=/a', number, 'null is no number'],
    ['an object', '{"a":{}}', 'JSON=/a', number, '{} is no number'],
    ['no JSON', '{"a":', 'JSON=/a', number, 'the payload is no JSON: "{\\"a\\":"'],
    ['without the value', '{"b":1}', 'JSON=/a', number, 'there is no /a in the payload'],
    [
      'of a prototype',
      '{}',
      'JSON=/constructor',
      number,
      'there is no /constructor in the payload',
    ],
    ['no index', '[1]', 'JSON=/01', number, 'there is no /01 in the payload'],
    ['no UTF-8', Uint8Array.of(0xff), '', number, 'the payload is no UTF-8 text'],
    ['no state', 'Half', '', state, '"Half" is no state'],
    ['a mixed row', '[1,"x"]', '', { kind: 'row' }, '"[1,\\"x\\"]" is no row of numbers'],
    ['without its time', '{"v":1}', 'JSON=/v TIME=/t', number, '/t is no time: missing'],
    ['of a strange time', '{"v":1,"t":"noon"}', 'JSON=/v TIME=/t', number, '/t is no time: "noon"'],
  ])('that is %s', (_what, payload, options, shape, text) => {
    expect(read(payload, options, shape)).toEqual({ kind: 'bad', text });
  });

  it('but not one without the value where that is optional', () => {
    expect(read('{"b":1}', 'JSON=/a OPTIONAL', number)).toEqual({ kind: 'none' });
    expect(read('{"a":"x"}', 'JSON=/a OPTIONAL', number)).toMatchObject({ kind: 'bad' });
  });

  it('never throws, whatever comes', () => {
    const options = ['', 'JSON', 'JSON=/a', 'JSON=/a/0 QUALITY=/q TIME=/t', 'MAP=a:1 SCALE=2'];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.json().map((text) => new Uint8Array(Buffer.from(text))),
      fc.json().map((text) => new Uint8Array(Buffer.from(`{"a":${text},"q":${text},"t":${text}}`))),
    );
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom(...options),
        fc.constantFrom(...shapes),
        (payload, option, shape) => {
          const reading = read(payload, option, shape);
          expect(['value', 'none', 'bad']).toContain(reading.kind);
          if (reading.kind === 'bad') expect(reading.text.length).toBeLessThan(200);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('even if it is nested without end', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const shape of shapes) expect(() => read(deep, 'JSON', shape)).not.toThrow();
  });
});
