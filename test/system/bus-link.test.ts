import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { demoConfig, demoIoc, field, temporaryFile } from '../support/demo-ioc.ts';
import { embeddedBroker } from '../support/embedded-broker.ts';

const deadline = { timeout: 10_000, interval: 20 };

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

async function served(url: string, more = '') {
  const ioc = await demoIoc(scope, `${demoConfig}bus: { url: ${url}${more} }\n`);
  const pv = async (name: string) => (await field(ioc, `T:IOC:${name}`)).read();
  const status = async (wanted: RegExp) =>
    vi.waitFor(async () => expect(await pv('BusStatus')).toMatch(wanted), deadline);
  return { ioc, pv, status };
}

describe('an IOC with a bus', () => {
  it('tells where it is connected', async () => {
    const broker = await embeddedBroker(scope);
    const { status, pv } = await served(broker.url);
    await status(new RegExp(`^${broker.url}$`));
    expect(await pv('BusState')).toBe(3);
  });

  it('tells that nothing listens there', async () => {
    const { status, pv } = await served('mqtt://127.0.0.1:1');
    await status(/^mqtt:\/\/127\.0\.0\.1:1: nothing listens there/);
    expect(await pv('BusState')).toBe(0);
  });

  it('does not start when events cannot be kept where it is told to', async () => {
    const folder = temporaryFile(scope, 'no-folder', '');
    const bus = `bus: { url: 'mqtt://127.0.0.1:1', outbox: { folder: ${folder} } }`;
    await expect(demoIoc(scope, `${demoConfig}${bus}\n`)).rejects.toMatchObject({
      code: 'bus/journal',
      message: expect.stringMatching(/twincat-ioc-T\.outbox: .*; check bus\.outbox\.folder$/),
    });
  });
});
