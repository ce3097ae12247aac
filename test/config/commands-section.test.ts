import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { filesTogether, mistakesOf } from './files.ts';

const head = 'prefix: BL01:X\nplant: { host: cx, netId: 5.1.2.3.1.1 }\n';

describe('bus.commands', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const fileOf = (commands: string) =>
    filesTogether(scope, { 'ioc.yaml': `${head}bus: { url: mqtt://b, version: 5${commands} }` });
  const commands = (text: string) => loadConfig(fileOf(`, commands: ${text}`)).bus?.commands;

  it('lets everybody look, and nobody change anything', () => {
    expect(loadConfig(fileOf('')).bus?.commands).toEqual({
      ...{ enabled: true, allow: [], deny: [], user: 'mqtt', host: 'mqtt' },
      ...{ ttl: 10, skew: 5, requireTime: false, queue: 16, pending: 256 },
      ...{ maxPayload: 65_536, maxDepth: 16, maxAnswer: 262_144 },
    });
  });

  it('allows operations, on everything or on what is named', () => {
    const text =
      '{ allow: [ecat_*, { operation: epics_put, on: ["BL01:*", /Speed$/] }], share: g }';
    expect(commands(text)).toMatchObject({
      allow: [{ operation: 'ecat_*' }, { operation: 'epics_put', on: ['BL01:*', '/Speed$/'] }],
      share: 'g',
    });
  });

  it.each([
    ['{ allow: [epics_put] }', /allow\[0\]: epics_put may put: say on which PVs/],
    ['{ allow: ["*"] }', /allow\[0\]: \* may put: say on which PVs/],
    [
      '{ allow: ["/(/"] }',
      /allow\[0\]: .*is no regular expression|allow\[0\]: must be an operation/,
    ],
    ['{ allow: [{ operation: epics_put, on: [] }] }', /allow\[0\]/],
    ['{ ttl: 0 }', /ttl: must be at least 0\.1/],
    ['{ writes: true }', /unknown key "writes"/],
    ['{ share: a/b }', /share: must be a name without/],
  ])('complains of %s', (text, complaint) => {
    expect(mistakesOf(fileOf(`, commands: ${text}`)).join('\n')).toMatch(complaint);
  });

  it('shares commands over MQTT 5 alone', () => {
    const text = `${head}bus: { url: mqtt://b, commands: { share: g } }`;
    const mistakes = mistakesOf(filesTogether(scope, { 'ioc.yaml': text }));
    expect(mistakes.join('\n')).toMatch(/commands\.share: needs version: 5/);
  });
});
