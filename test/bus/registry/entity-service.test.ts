import { describe, expect, it, vi } from 'vitest';
import { serveHttp } from '../../../src/bus/http/server.ts';
import { EntityRegistry } from '../../../src/bus/registry/entity-registry.ts';
import { entityService } from '../../../src/bus/registry/entity-service.ts';
import { type Clock, Scope, silentLog, systemClock } from '../../../src/kernel/index.ts';
import { FakeBusLink } from '../../support/fake-bus-link.ts';

/** A registry that knows the main device, and two entities of this IOC. */
async function served(scope: Scope, clock: Clock = systemClock) {
  const link = new FakeBusLink();
  const isOurs = (id: string) => id === 'device/T_ETH1//' || id === 'device/main/service/T';
  const registry = new EntityRegistry(link, 'te', isOurs, clock, scope);
  link.connect();
  const retained = (topic: string, payload: unknown) =>
    link.bring(`te/${topic}`, payload === '' ? '' : JSON.stringify(payload), { retain: true });
  retained('device/main//', { '@type': 'device' });
  retained('device/T_ETH1//', { '@type': 'child-device', name: 'Master' });
  retained('device/main/service/T', { '@type': 'service' });
  retained('device/main/service/T/config', { period: 1 });
  const options = { host: '127.0.0.1', port: 0, log: silentLog, clock: systemClock };
  const { url } = scope.use(await serveHttp([entityService(registry)], options));
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers };
    const answer = await fetch(`${url}/te/v1/entities${path}`, { method, ...sent });
    const text = await answer.text();
    return [answer.status, text === '' ? undefined : JSON.parse(text)] as const;
  };
  const child = { '@topic-id': 'device/child0//', '@type': 'child-device' };
  return { link, ask, child, retained, registry };
}

/** The same, whose time the test lets pass. */
async function servedInTime(scope: Scope) {
  let now = 0;
  const due: { at: number; call: () => void }[] = [];
  const clock: Clock = {
    ...systemClock,
    monotonic: () => now,
    after(ms, call) {
      due.push({ at: now + ms, call });
      return { [Symbol.dispose]: () => {} };
    },
  };
  const pass = (ms: number) => {
    now += ms;
    for (const { call } of due.splice(0).filter(({ at }) => at <= now)) call();
  };
  return { ...(await served(scope, clock)), time: { pass } };
}

describe('the entity API', () => {
  it('registers an entity as a retained message, its twin data apart', async () => {
    await using scope = new Scope();
    const { ask, link, child } = await served(scope);
    const asked = await ask('POST', '', { ...child, '@id': 'x-1', name: 'Child', type: 'box' });
    expect(asked).toEqual([201, { '@topic-id': 'device/child0//' }]);
    expect(Object.fromEntries(link.retained)).toEqual({
      'te/device/T_ETH1///twin/name': '"Master"',
      'te/device/child0//': '{"@type":"child-device","@parent":"device/main//","@id":"x-1"}',
      'te/device/child0///twin/name': '"Child"',
      'te/device/child0///twin/type': '"box"',
    });
    const metadata = { ...child, '@parent': 'device/main//', '@id': 'x-1' };
    expect(await ask('GET', '/device/child0')).toEqual([200, metadata]);
    expect(await ask('GET', '/device/child0//')).toEqual([200, metadata]);
    expect(await ask('GET', '/device/child0/twin')).toEqual([200, { name: 'Child', type: 'box' }]);
  });

  it('refuses what it has already, and what is no registration', async () => {
    await using scope = new Scope();
    const { ask, child, link } = await served(scope);
    expect((await ask('POST', '/', child))[0]).toBe(201);
    expect(await ask('POST', '/', child)).toEqual([
      409,
      { error: 'device/child0// is registered already' },
    ]);
    const before = link.published.length;
    const other = { ...child, '@topic-id': 'device/child1//' };
    const wrong: unknown[] = [
      [],
      { '@type': 'child-device' },
      { ...other, '@topic-id': 'a/b/c/d/e' },
      { ...other, '@type': 'gadget' },
      { ...other, '@type': 'device' },
      { ...other, '@parent': 'device/nobody//' },
      { ...other, '@parent': 'device/main/service/T' },
      { ...other, '@health': 'device/child0//' },
      { ...other, '@id': 'a/b' },
      { ...other, '@color': 'red' },
      { ...other, 'a/b': 1 },
      { ...other, ...Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`k${i}`, i])) },
    ];
    for (const body of wrong) {
      expect([(await ask('POST', '/', body))[0], body]).toEqual([400, body]);
    }
    expect(link.published).toHaveLength(before);
  });

  it('refuses an external id that another has', async () => {
    await using scope = new Scope();
    const { ask, child } = await served(scope);
    await ask('POST', '', { ...child, '@id': 'x-1' });
    const twin = { ...child, '@topic-id': 'device/child1//', '@id': 'x-1' };
    expect(await ask('POST', '', twin)).toEqual([
      400,
      { error: '@id: x-1 is that of device/child0// already' },
    ]);
  });

  it('lists entities, all or of a kind, a parent, a root', async () => {
    await using scope = new Scope();
    const { ask, child } = await served(scope);
    await ask('POST', '', child);
    const grandchild = {
      '@topic-id': 'device/g//',
      '@type': 'child-device',
      '@parent': 'device/child0//',
    };
    await ask('POST', '', grandchild);
    await ask('POST', '', { '@topic-id': 'device/g/service/s', '@type': 'service' });
    const ids = async (query: string) => {
      const [status, list] = await ask('GET', query);
      return status === 200
        ? list.map((each: { '@topic-id': string }) => each['@topic-id'])
        : status;
    };
    expect(await ids('')).toHaveLength(6);
    expect(await ids('?type=main')).toEqual(['device/main//']);
    expect(await ids('?type=service')).toEqual(['device/main/service/T', 'device/g/service/s']);
    expect(await ids('?parent=device/child0')).toEqual(['device/g//']);
    expect(await ids('?root=device/child0//')).toEqual([
      ...['device/child0//', 'device/g//', 'device/g/service/s'],
    ]);
    expect(await ids('?root=device/child0//&type=service')).toEqual(['device/g/service/s']);
    expect(await ids('?root=device/child0&parent=device/main')).toBe(400);
    expect(await ids('?type=gadget')).toBe(400);
    expect(await ids('?root=device/nobody')).toBe(404);
  });

  it('moves an entity and names its health, nothing else', async () => {
    await using scope = new Scope();
    const { ask, child, link } = await served(scope);
    await ask('POST', '', child);
    await ask('POST', '', { '@topic-id': 'device/child0/service/s', '@type': 'service' });
    const moved = { '@parent': 'device/T_ETH1//', '@health': 'device/child0/service/s' };
    expect(await ask('PATCH', '/device/child0', moved)).toEqual([200, { ...child, ...moved }]);
    expect(JSON.parse(link.retained.get('te/device/child0//') ?? '')).toEqual({
      '@type': 'child-device',
      ...moved,
    });
    expect((await ask('PATCH', '/device/child0', { '@id': 'new' }))[0]).toBe(400);
    expect((await ask('PATCH', '/device/child0', { '@parent': 'device/child0//' }))[0]).toBe(400);
    expect((await ask('PATCH', '/device/nobody', {}))[0]).toBe(404);
  });

  it('removes an entity with all below it, and all that the broker keeps of them', async () => {
    await using scope = new Scope();
    const { ask, child, link, retained } = await served(scope);
    await ask('POST', '', { ...child, name: 'Child' });
    await ask('POST', '', { '@topic-id': 'device/child0/service/s', '@type': 'service' });
    expect(await ask('DELETE', '/device/child0')).toEqual([
      200,
      [{ '@topic-id': 'device/child0//' }, { '@topic-id': 'device/child0/service/s' }],
    ]);
    // Deeper ones first, as an agent does.
    const cleared = link.published
      .filter(({ payload }) => payload === '')
      .map(({ topic }) => topic);
    expect(cleared).toEqual([
      'te/device/child0/service/s',
      'te/device/child0///twin/name',
      'te/device/child0//',
    ]);
    retained('device/child0///a/hot', { severity: 'major' });
    expect(link.on('te/device/child0///a/hot')).toEqual(['']);
    await vi.waitFor(
      () => expect(link.filters.some((each) => each.includes('child0'))).toBe(false),
      8000,
    );
    expect(await ask('DELETE', '/device/child0')).toEqual([204, undefined]);
  });

  it('leaves those of this IOC to the IOC', async () => {
    await using scope = new Scope();
    const { ask } = await served(scope);
    const ours = { error: 'device/T_ETH1// belongs to this IOC, which would register it again' };
    expect(await ask('DELETE', '/device/T_ETH1')).toEqual([409, ours]);
    expect(await ask('PATCH', '/device/T_ETH1', {})).toEqual([409, ours]);
    expect((await ask('DELETE', '/device/main'))[0]).toBe(409);
  });

  it('keeps twin data as retained fragments', async () => {
    await using scope = new Scope();
    const { ask, child, link } = await served(scope);
    await ask('POST', '', child);
    const at = '/device/child0///twin';
    expect(await ask('PUT', `${at}/place`, { hall: 1 })).toEqual([200, { hall: 1 }]);
    expect(await ask('GET', `${at}/place`)).toEqual([200, { hall: 1 }]);
    expect(link.retained.get('te/device/child0///twin/place')).toBe('{"hall":1}');
    expect(await ask('PUT', at, { color: 'red', gone: null })).toEqual([200, { color: 'red' }]);
    expect(link.retained.has('te/device/child0///twin/place')).toBe(false);
    expect((await ask('PUT', `${at}/color`, null))[0]).toBe(200);
    expect((await ask('GET', `${at}/color`))[0]).toBe(404);
    await ask('PUT', `${at}/a`, 1);
    expect(await ask('DELETE', `${at}/a`)).toEqual([204, undefined]);
    expect(await ask('DELETE', at)).toEqual([204, undefined]);
    expect(await ask('GET', at)).toEqual([200, {}]);
    expect((await ask('PUT', `${at}/@id`, 1))[0]).toBe(400);
    expect((await ask('PUT', at, { '@id': 1 }))[0]).toBe(400);
    expect((await ask('PUT', at, [1]))[0]).toBe(400);
    expect((await ask('GET', '/device/nobody/twin'))[0]).toBe(404);
  });

  it('bounds what it keeps of one twin', async () => {
    await using scope = new Scope();
    const { ask, child } = await served(scope);
    await ask('POST', '', child);
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`k${i}`, i]));
    expect((await ask('PUT', '/device/child0/twin', many))[0]).toBe(507);
  });

  it('shows the settings of a service, and changes none', async () => {
    await using scope = new Scope();
    const { ask } = await served(scope);
    const at = '/device/main/service/T/config';
    expect(await ask('GET', at)).toEqual([200, { period: 1 }]);
    expect(await ask('GET', `${at}/period`)).toEqual([200, 1]);
    expect((await ask('GET', `${at}/none`))[0]).toBe(404);
    for (const method of ['PUT', 'DELETE'])
      expect((await ask(method, at, {}))[0], method).toBe(405);
  });

  it('has no other methods and no other paths', async () => {
    await using scope = new Scope();
    const { ask } = await served(scope);
    expect((await ask('PUT', '', {}))[0]).toBe(405);
    expect((await ask('POST', '/device/main', {}))[0]).toBe(405);
    expect((await ask('POST', '/device/main/twin', {}))[0]).toBe(405);
    expect((await ask('GET', '/device/main/alarms'))[0]).toBe(404);
    expect((await ask('GET', '/device/main/twin/a/b'))[0]).toBe(404);
    expect((await ask('GET', '/device/%2B'))[0]).toBe(400);
  });
});

describe('the registry', () => {
  it('knows what others register, and makes fragments of their twin data', async () => {
    await using scope = new Scope();
    const { ask, retained, link } = await served(scope);
    retained('device/c//', { '@type': 'child-device', name: 'C', color: 'red' });
    expect(link.retained.get('te/device/c///twin/name')).toBe('"C"');
    expect(await ask('GET', '/device/c/twin')).toEqual([200, { name: 'C', color: 'red' }]);
    retained('device/c//', '');
    expect((await ask('GET', '/device/c'))[0]).toBe(404);
    expect(link.retained.has('te/device/c///twin/name')).toBe(false);
  });

  it('says on te/errors what is wrong with a registration', async () => {
    await using scope = new Scope();
    const { link, retained } = await served(scope);
    link.bring('te/device/x//', '{"@type":', { retain: true });
    retained('device/x//', { name: 'x' });
    expect(link.on('te/errors')).toEqual([
      'te/device/x//: the payload is not JSON',
      'registration of device/x//: @type: Invalid option: expected one of "device"|"child-device"|"service"',
    ]);
  });

  it('publishes anew what came over HTTP when a broker does not remember us', async () => {
    await using scope = new Scope();
    const { ask, child, link, retained, time } = await servedInTime(scope);
    await ask('POST', '', { ...child, name: 'Child' });
    retained('device/other//', { '@type': 'child-device' });
    retained('device/kept//', { '@type': 'child-device' });
    time.pass(10_000);
    link.published.length = 0;
    link.connect(true);
    expect(link.published).toEqual([]);
    link.connect(false);
    expect([...link.retained.keys()]).toEqual([
      'te/device/child0//',
      'te/device/child0///twin/name',
    ]);
    // What others keep comes from the broker again, or is gone.
    retained('device/kept//', { '@type': 'child-device' });
    expect((await ask('GET', '/device/other'))[0]).toBe(200);
    time.pass(5000);
    expect((await ask('GET', '/device/kept'))[0]).toBe(200);
    expect((await ask('GET', '/device/other'))[0]).toBe(404);
    expect((await ask('GET', '/device/child0'))[0]).toBe(200);
  });

  it('takes of a twin that came before its registration what it says', async () => {
    await using scope = new Scope();
    const { ask, retained } = await served(scope);
    retained('device/late///twin/name', 'Late');
    expect((await ask('GET', '/device/late'))[0]).toBe(404);
    retained('device/late//', { '@type': 'child-device', name: 'older' });
    expect(await ask('GET', '/device/late/twin')).toEqual([200, { name: 'Late' }]);
  });
});
