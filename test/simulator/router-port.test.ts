import { createSocket } from 'node:dgram';
import { describe, expect, it } from 'vitest';
import { addRoute, amsNetId, deleteRoute, discoverRouter, readState } from '../../src/ads/index.ts';
import { silentLog } from '../../src/kernel/index.ts';
import { simulate } from '../../src/simulator/index.ts';
import { at, bytes } from './support/peer.ts';
import { chain, definitions, SYSTEM } from './support/plant.ts';
import { serve } from './support/serve.ts';

const io = at(SYSTEM, 300);
const HOST = '127.0.0.1';

async function withRouter() {
  const credentials = { user: 'operator', password: 'beamline' };
  const setup = await serve(undefined, { routerPort: 0, routesRequired: true, credentials });
  const port = setup.simulator.routerPort;
  if (port === undefined) throw new Error('no router port');
  const netId = setup.peer.source.netId;
  return {
    setup,
    options: { port, timeoutMs: 2000 },
    route: { name: 'test', netId, ...credentials },
  };
}

describe('the router port', () => {
  it('says who it is', async () => {
    const { setup, options } = await withRouter();
    await using _ = setup;
    const identity = await discoverRouter(HOST, options);
    expect(identity.netId).toBe(SYSTEM);
    expect(identity.twinCat).toEqual({ major: 3, minor: 1, build: 2103 });
    expect(identity.os).toBe('Windows 10.0.19044');
    expect(identity.hostName).not.toBe('');
    expect(identity.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('adds a route, without which requests get no answer, and deletes it', async () => {
    const { setup, options, route } = await withRouter();
    await using _ = setup;
    await addRoute(HOST, route, options);
    expect((await setup.peer.ask(io, readState, undefined)).adsState).toBe(5);
    await deleteRoute(HOST, route, options);
    await expect(deleteRoute(HOST, route, options)).rejects.toThrow();
    setup.simulator.faults.requireRoutes(false);
    expect((await setup.peer.ask(io, readState, undefined)).adsState).toBe(5);
  });

  it('refuses a wrong password with 0x704', async () => {
    const { setup, options, route } = await withRouter();
    await using _ = setup;
    const wrong = { ...route, password: 'guess' };
    await expect(addRoute(HOST, wrong, options)).rejects.toMatchObject({ adsCode: 0x704 });
    await expect(deleteRoute(HOST, wrong, options)).rejects.toMatchObject({ adsCode: 0x704 });
    const other = { ...route, netId: amsNetId('1.2.3.4.1.1'), user: 'nobody' };
    await expect(addRoute(HOST, other, options)).rejects.toMatchObject({ adsCode: 0x704 });
  });

  it('gives no answer to what it does not understand, and lives on', async () => {
    const { setup, options } = await withRouter();
    await using _ = setup;
    const socket = createSocket('udp4');
    let answers = 0;
    socket.on('message', () => answers++);
    for (const noise of ['', '03', '03 66 14 71 01 00 00 00 77 00 00 00', 'ff ff ff ff ff ff']) {
      socket.send(bytes(noise), options.port, HOST);
    }
    expect((await discoverRouter(HOST, options)).netId).toBe(SYSTEM);
    expect(answers).toBe(0);
    socket.close();
  });

  it('that is taken closes what was opened before', async () => {
    const { setup, options } = await withRouter();
    await using _ = setup;
    const wanted = { port: 0, routerPort: options.port, log: silentLog };
    await expect(simulate(chain, definitions, wanted)).rejects.toThrow('Listen on UDP');
  });
});
