import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { start } from '../support/command-line.ts';
import { temporaryFile } from '../support/demo-ioc.ts';

const deadline = { timeout: 20_000, interval: 20 };

const config = (prefix: string, port = 0) => `prefix: ${prefix}
plants: []
ca: { port: ${port}, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
`;

describe('twincat-ioc run with a configuration that is staged', () => {
  let scope: Scope;
  let file: string;

  beforeEach(() => {
    scope = new Scope();
    file = temporaryFile(scope, 'ioc.yaml', config('OLD'));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const run = () => start(scope, ['run', file, '-S'], {});

  it('takes it in the place of the old one', async () => {
    writeFileSync(`${file}.staged`, config('NEW'));
    const ioc = run();
    await vi.waitFor(() => expect(ioc.stdout).toContain('NEW: Channel Access on port'), deadline);
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe(config('NEW')), deadline);
    expect(readFileSync(`${file}.previous`, 'utf8')).toBe(config('OLD'));
    expect(existsSync(`${file}.staged`)).toBe(false);
  });

  it('goes on with the old one when the IOC does not start with the new', async () => {
    const socket = `${file}.sock`;
    writeFileSync(socket, 'no socket');
    writeFileSync(`${file}.staged`, `${config('NEW')}console: { socket: ${socket} }\n`);
    const ioc = run();
    await vi.waitFor(() => expect(ioc.stdout).toContain('OLD: Channel Access on port'), deadline);
    expect(ioc.stderr).toContain('there is a file of that name that is no socket');
    expect(readFileSync(file, 'utf8')).toBe(config('OLD'));
    expect(existsSync(`${file}.refused`)).toBe(true);
  });
});
