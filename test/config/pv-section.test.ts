import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { filesTogether, mistakesOf } from './files.ts';

const head = 'prefix: BL01:X\nplant: { host: cx, netId: 5.1.2.3.1.1 }\n';

describe('bus.pv', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const fileOf = (pv: string) =>
    filesTogether(scope, { 'ioc.yaml': `${head}bus: { url: mqtt://b, pv: ${pv} }\n` });
  const pv = (text: string) => loadConfig(fileOf(text)).bus?.pv;

  it('needs nothing; no puts come in, and Home Assistant is told nothing', () => {
    expect(pv('{}')).toEqual({
      ...{ prefix: 'epics/BL01_X', splitNames: true, payload: 'json', arrays: 'json' },
      ...{ include: [/^.*$/], exclude: [/^.*:IOC:Bus.*$/], rules: [] },
      ...{ tick: 0.1, period: 1, heartbeat: 60, retain: true, qos: 0 },
      ...{ burst: 2000, maxBytes: 1_048_576 },
    });
  });

  it('takes rules, puts and discovery', () => {
    const text = `{ prefix: a/b, names: whole, rules: [{ match: 'T*', period: 2, percent: 1, text: true }],
      set: { allow: ['/Set$/'] }, homeAssistant: { include: ['N*'] } }`;
    expect(pv(text)).toMatchObject({
      ...{ prefix: 'a/b', splitNames: false },
      rules: [{ pv: /^T.*$/, period: 2, percent: 1, asText: true }],
      set: { allow: [/Set$/], user: 'mqtt', timeout: 5, maxAge: 10, maxPending: 64 },
      homeAssistant: { prefix: 'homeassistant', include: [/^N.*$/] },
    });
  });

  it.each([
    ['{ prefix: a/+/b }', /pv\.prefix: must be levels of a topic/],
    ['{ prefix: /a }', /pv\.prefix: must be levels of a topic/],
    ['{ include: ["/(/"] }', /pv\.include\[0\]: "\/\(\/" is no regular expression/],
    ['{ set: {} }', /pv\.set\.allow: is missing/],
    ['{ set: { allow: [] } }', /pv\.set\.allow: must be at least 1/],
    ['{ tick: 1, heartbeat: 2 }', /pv\.heartbeat: must be 0 or at least four ticks of 1 s/],
    ['{ rules: [{ match: x, dead: 1 }] }', /unknown key "dead"; known here: match, period/],
  ])('complains of %s', (text, complaint) => {
    expect(mistakesOf(fileOf(text), {}).join('\n')).toMatch(complaint);
  });
});
