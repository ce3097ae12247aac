import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted } from '../../../src/bus/converter/address-words.ts';
import { found, jsonPointer, pointerText } from '../../../src/bus/converter/json-pointer.ts';
import { parseMqttAddress } from '../../../src/bus/converter/parse-address.ts';
import { filled } from '../../../src/bus/converter/payload-template.ts';
import { matched } from '../../../src/bus/converter/wildcards.ts';

describe('an address of DTYP MQTT', () => {
  it('is a topic', () => {
    expect(parseMqttAddress('plant/temperature', 'input')).toMatchObject({
      ...{ topic: 'plant/temperature', qos: 1, scale: 1, offset: 0, retained: 'take' },
    });
  });

  it('of an input may say all this', () => {
    const address = `'my plant/x=1' JSON=/a/b QUALITY=/q GOOD=ok,fine TIME=/t TIMEOUT=60 QOS=0
      RETAINED=stale MAP=ON:1,OFF:0 SCALE=0.1 OFFSET=-40 VIA='my plant/+' OPTIONAL`;
    expect(parseMqttAddress(address, 'input')).toMatchObject({
      ...{ topic: 'my plant/x=1', json: ['a', 'b'], quality: ['q'], good: ['ok', 'fine'] },
      ...{ time: ['t'], timeout: 60, qos: 0, retained: 'stale', via: 'my plant/+' },
      words: new Map([
        ['ON', 1],
        ['OFF', 0],
      ]),
      ...{ scale: 0.1, offset: -40, isOptional: true },
    });
  });

  it('of an output may say all this', () => {
    const address = `plant/set PAYLOAD='{"it''s":"{s}"}' RETAIN ON-CHANGE QOS=1`;
    expect(parseMqttAddress(address, 'output')).toMatchObject({
      ...{ payload: `{"it's":"{s}"}`, retain: true, onChange: true },
    });
  });

  it.each<[string, 'input' | 'output', RegExp]>([
    ['', 'input', /it begins with a topic/],
    ['JSON=/a', 'input', /it begins with a topic/],
    ["'a", 'input', /a quote is not closed/],
    ['a/#/b', 'input', /"a\/#\/b" is no topic/],
    ['a/+', 'output', /"a\/\+" is no topic to publish on/],
    ['a JSON=b', 'input', /JSON=b: "b" is no JSON pointer: write \/key\/0/],
    ['a QOS=2', 'input', /QOS=2: must be 0 or 1/],
    ['a TIMEOUT=0', 'input', /TIMEOUT=0: must be more than 0 seconds/],
    ['a SCALE=x', 'input', /SCALE=x: "x" is no number/],
    ['a SCALE=0', 'input', /must not be 0/],
    ['a MAP=ON', 'input', /must be words with numbers: ON:1,OFF:0/],
    ['a RETAINED=no', 'input', /must be take or ignore or stale/],
    ['a VIA=b/+', 'input', /VIA=b\/\+ does not bring a/],
    ['a PAYLOAD=x', 'input', /there is no option PAYLOAD; there are QOS=, MAP=, .*JSON/],
    ['a JSON=/x', 'output', /there is no option JSON; there are .*PAYLOAD=/],
    ['a PAYLOAD={x}', 'output', /has \{x\}, which stands for nothing/],
    ['a constructor', 'input', /"constructor" is no option/],
    ['a CONSTRUCTOR=1', 'input', /there is no option CONSTRUCTOR/],
  ])('%j of an %s is refused, and says why', (address, direction, why) => {
    expect(() => parseMqttAddress(address, direction)).toThrow(why);
  });

  it('takes every topic in quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const topic = text.replace(/[+#\0]/g, '_');
        expect(parseMqttAddress(quoted(topic), 'input').topic).toBe(topic);
      }),
    );
  });

  it('is read in no time, however its quotes are', () => {
    const quotes = "'".repeat(10_001);
    expect(() => parseMqttAddress(`a${quotes} x`, 'input')).toThrow('a quote is not closed');
  });

  it('throws nothing but its own error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, isInput) => {
        try {
          parseMqttAddress(text, isInput ? 'input' : 'output');
        } catch (error) {
          expect(error).toMatchObject({ code: 'bus/mqtt-address' });
        }
      }),
    );
  });
});

describe('a JSON pointer', () => {
  // RFC 6901 section 5.
  const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'm~n': 8, ' ': 7 };

  it.each<[string, unknown]>([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/m~0n', 8],
    ['/ ', 7],
    ['/foo/2', undefined],
    ['/foo/length', undefined],
    ['/foo/-', undefined],
    ['/foo/0/x', undefined],
    ['/toString', undefined],
  ])('%j leads where RFC 6901 says', (text, value) => {
    expect(found(document, jsonPointer(text))).toEqual(value);
    expect(pointerText(jsonPointer(text))).toBe(text);
  });

  it.each(['foo', '#/foo', '/a~2'])('%j is none', (text) => {
    expect(() => jsonPointer(text)).toThrow('is no JSON pointer');
  });
});

describe('a filter', () => {
  it.each<[string, string, readonly string[] | undefined]>([
    ['a/b', 'a/b', []],
    ['a/+/c', 'a/b/c', ['b']],
    ['+/+', 'a/', ['a', '']],
    ['a/#', 'a/b/c', ['b/c']],
    ['a/#', 'a', ['']],
    ['a/+', 'a/b/c', undefined],
    ['a/b', 'a', undefined],
    ['#', '$SYS/x', undefined],
    ['+/x', '$SYS/x', undefined],
    ['$SYS/#', '$SYS/x', ['x']],
  ])('%s and the topic %s', (filter, topic, levels) => {
    expect(matched(filter, topic)).toEqual(levels);
  });
});

describe('a payload template', () => {
  const filling = {
    ...{ value: 1.5, time: '2026-11-27T17:22:00.000Z', name: 'A:B', unit: 'V', severity: 2 },
  };

  it.each<[string, object, string]>([
    ['{v}', {}, '1.5'],
    [
      '{"value":{v},"at":"{t}","unit":"{u}","q":{sev},"pv":"{pv}"}',
      {},
      '{"value":1.5,"at":"2026-11-27T17:22:00.000Z","unit":"V","q":2,"pv":"A:B"}',
    ],
    ['{"state":"{s}"}', { state: 'On' }, '{"state":"On"}'],
    ['{"state":"{s}"}', { value: 'say "hi"\n' }, '{"state":"say \\"hi\\"\\n"}'],
    ['set {s}', { value: 'say "hi"' }, 'set say "hi"'],
    ['{v}', { value: 'text' }, '"text"'],
    ['{v}', { value: Float64Array.of(1, 2) }, '[1,2]'],
    ['{v}', { value: 2n ** 63n }, '9223372036854775808'],
    ['{v}', { value: Number.NaN }, 'null'],
    ['{v}', { value: '{t}' }, '"{t}"'],
  ])('%s', (template, more, text) => {
    expect(filled(template, { ...filling, ...more })).toBe(text);
  });
});
