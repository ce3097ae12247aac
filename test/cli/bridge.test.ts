import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { start } from '../support/command-line.ts';
import { temporaryFile } from '../support/demo-ioc.ts';

const head = 'prefix: T\nplant: { host: cx, netId: 5.1.2.3.1.1 }\n';
const config = `${head}bus:
  url: mqtt://127.0.0.1
  bridges:
    - name: far
      by: mosquitto
      url: mqtt://far.example
      user: ioc
      passwordEnv: FAR
      rules: [{ topics: ['#'], direction: out, local: te/, remote: bl07/te/ }]
`;

describe('twincat-ioc bridge', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const bridge = (text: string, ...args: string[]) => {
    const file = temporaryFile(scope, 'ioc.yaml', text);
    return { file, ended: start(scope, ['bridge', file, ...args], { FAR: 'geheim' }).finished };
  };

  it('prints a section of mosquitto.conf, without the password', async () => {
    const { code, stdout } = await bridge(config).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('connection far\naddress far.example:1883\n');
    expect(stdout).toContain('topic # out 1 te/ bl07/te/\n');
    expect(stdout).not.toContain('geheim');
  });

  it('writes it with the password to a file', async () => {
    const output = temporaryFile(scope, 'bridges.conf', '');
    const { code, stdout } = await bridge(config, 'far', '--output', output).ended;
    expect([code, stdout]).toEqual([0, '']);
    expect(readFileSync(output, 'utf8')).toContain('remote_password geheim\n');
  });

  it('ends with 1 and says so when there is none of that name', async () => {
    const { code, stderr } = await bridge(config, 'near').ended;
    expect(code).toBe(1);
    expect(stderr).toContain('no bridge near; there are: far');
  });
});
