import { describe, expect, it } from 'vitest';
import { ModelAgent } from './agent.ts';

const SERVER = 'te/device/S//';
const CHILD = '{"@type":"child-device"}';

type Message = readonly [topic: string, payload: string, retain?: boolean, qos?: number];

function told(...messages: readonly Message[]): ModelAgent {
  const agent = new ModelAgent();
  for (const message of messages) {
    const [topic, payload, retain = false, qos = 1] = message;
    agent.hear({ topic, payload, retain, qos });
  }
  return agent;
}

describe('the model agent', () => {
  it.each([
    [`${SERVER}/m/io`, '{"ch1":{"value":1}}'],
    [`${SERVER}/m/io`, '{"time":"2026-11-27T12:00:00.5Z","a":1e300}', false, 0],
    [`${SERVER}/m/io/meta`, '{"a":{"unit":"V"}}', true],
    [`${SERVER}/e/link`, '{"text":"lost","time":1795000000.5}'],
    [`${SERVER}/a/x`, '{"severity":"major","text":"x","time":"2026-11-27T12:00:00Z"}', true],
    [`${SERVER}/twin/version`, '"1.0"', true],
    [`${SERVER}/cmd/restart`, '{}', true],
    [`${SERVER}/cmd/health/check`, ''],
  ])('accepts %s %s', (...message) => {
    expect(told([SERVER, CHILD, true], message as Message).errors).toEqual([]);
  });

  it.each([
    [`${SERVER}/m/io`, '{}'],
    [`${SERVER}/m/io`, '{"time":"2026-11-27T12:00:00Z"}'],
    [`${SERVER}/m/io`, '{"a":{}}'],
    [`${SERVER}/m/io`, '{"a":"on"}'],
    [`${SERVER}/m/io`, '{"a":null}'],
    [`${SERVER}/m/io`, '{"a":{"b":{"c":1}}}'],
    [`${SERVER}/m/io`, '{"a":5e-324}'],
    [`${SERVER}/m/io`, '{"a":1e999}'],
    [`${SERVER}/m/io`, '{"_a":1}'],
    [`${SERVER}/m/io`, '{"type":1}'],
    [`${SERVER}/m/io`, '{"a":1,"time":null}'],
    [`${SERVER}/m/io`, '{"a":1}', true],
    [`${SERVER}/m/io/x`, '{"a":1}'],
    [`${SERVER}/e/link`, '{"text":"lost","time":"2026-11-27T12:00:00Z"}', true],
    [`${SERVER}/a/x`, '{"severity":"major","text":"x","time":"2026-11-27T12:00:00Z"}'],
    [`${SERVER}/a/x`, '{"severity":"bad","text":"x","time":"2026-11-27T12:00:00Z"}', true],
    [`${SERVER}/a/x`, '', true],
    [`${SERVER}/twin/version`, '"1.0"'],
    [`${SERVER}/twin/a/b`, '1', true],
    [`${SERVER}/x/y`, '{}'],
    [`${SERVER}/status/health`, '{"status":"up"}'],
    ['te/device/S/other/x', '{"@type":"service"}', true],
    ['te/device/T//', '{}', true],
    ['te/device/T//', '{"@type":"child-device","@parent":"device/unknown//"}', true],
    ['te/device/T//', '{"@type":"child-device","@health":"device/S/service/none"}', true],
    ['te/device/T//', CHILD, false],
    [SERVER, '{"@type":"service"}', true],
    [`${SERVER}/twin/long`, `"${'x'.repeat(17_000)}"`, true],
  ])('refuses %s %s', (...message) => {
    expect(told([SERVER, CHILD, true], message as Message).errors).toHaveLength(1);
  });

  it('keeps data of an entity that comes later, 100 messages in all', () => {
    const data = (n: number) => [`${SERVER}/m/io`, `{"a":${n}}`] as const;
    const many = Array.from({ length: 100 }, (_, n) => data(n));
    const agent = told(...many, [SERVER, CHILD, true]);
    expect(agent.errors).toEqual([]);
    expect(agent.measurements.get(`${SERVER}/m/io`)).toBe(100);
    expect(told(...many, data(100)).errors).toHaveLength(1);
  });
});
