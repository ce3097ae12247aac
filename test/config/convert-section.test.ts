import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { filesTogether, mistakesOf } from './files.ts';

const head = 'prefix: BL01\nplant: { host: cx, netId: 5.1.2.3.1.1 }\n';

describe('bus.convert', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const fileOf = (convert: string, files = {}) => {
    const text = `${head}bus: { url: mqtt://b, convert: ${convert} }\n`;
    return filesTogether(scope, { 'ioc.yaml': text, ...files });
  };
  const rules = (text: string, files = {}) => loadConfig(fileOf(text, files)).bus?.convert;
  const mistakes = (text: string, files = {}) => mistakesOf(fileOf(text, files), {}).join('\n');

  it('has no rules unless told', () => {
    expect(rules('{}')).toEqual({ in: [], out: [] });
  });

  it('fills in defaults, and the prefix', () => {
    const text = `{ in: [{ topic: a/+, pv: '{ioc}:{1}' }], out: [{ pv: '{ioc}:X', topic: b }] }`;
    expect(rules(text)).toEqual({
      in: [
        {
          ...{ topic: 'a/+', pv: 'BL01:{1}', type: 'number', qos: 1, retained: 'take' },
          ...{ isOptional: false, length: 256, fields: {}, most: 1000 },
        },
      ],
      out: [
        {
          ...{ pv: 'BL01:X', topic: 'b', retain: false, qos: 1, period: 0 },
          ...{ onChange: true, onConnect: false, sendsInvalid: false },
        },
      ],
    });
  });

  it('reads files beside it, and shipped ones', () => {
    const own = { 'mine.yaml': 'in: [{ topic: x, pv: X, fields: { HIGH: 3 } }]\n' };
    const found = rules('{ files: [mine.yaml, zigbee2mqtt.yaml] }', own)?.in ?? [];
    expect(found[0]).toMatchObject({ topic: 'x', fields: { HIGH: '3' } });
    expect(found.map(({ pv }) => pv)).toContain('BL01:{1}:Temperature');
  });

  it.each(['wut-web-io', 'zigbee2mqtt', 'ipconv'])('ships %s', (name) => {
    expect(rules(`{ files: [${name}.yaml] }`)?.in.length).toBeGreaterThan(0);
  });

  it.each([
    ['{ in: [{ topic: a/#/b, pv: X }] }', /in\[0\]\.topic: must be a topic/],
    ['{ in: [{ topic: a+, pv: X }] }', /in\[0\]\.topic: must be a topic/],
    ['{ in: [{ topic: a/+, pv: X }] }', /in\[0\]\.pv: needs \{1\}: every topic would be one PV/],
    ['{ in: [{ topic: a/+, pv: "X{2}" }] }', /in\[0\]\.pv: the topic has 1 wildcards/],
    ['{ in: [{ topic: a, pv: "X y" }] }', /in\[0\]\.pv: must be a PV name/],
    ['{ in: [{ topic: a, pv: X, json: b }] }', /in\[0\]\.json: must be a JSON pointer/],
    ['{ in: [{ topic: a, pv: X, time: /t }] }', /in\[0\]\.json: is missing; quality and time/],
    ['{ in: [{ topic: a, pv: X, scale: 0 }] }', /in\[0\]\.scale: must not be 0/],
    ['{ in: [{ topic: a, pv: X, words: { "a,b": 1 } }] }', /must have no comma/],
    ['{ out: [{ pv: X, topic: a/+ }] }', /out\[0\]\.topic: must be a topic, without \+ and #/],
    ['{ out: [{ pv: X, topic: a, payload: "{x}" }] }', /out\[0\]\.payload: may have \{v\}/],
    ['{ files: [none.yaml] }', /none\.yaml is neither here nor shipped/],
  ])('complains of %s', (text, complaint) => {
    expect(mistakes(text)).toMatch(complaint);
  });

  it('says where a file of rules is wrong', () => {
    const own = { 'mine.yaml': 'in:\n  - { topic: x }\n' };
    expect(mistakes('{ files: [mine.yaml] }', own)).toMatch(
      /mine\.yaml:2:\d+: in\[0\]\.pv: is missing/,
    );
  });
});
