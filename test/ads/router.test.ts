import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  AdsError,
  addRoute,
  amsNetId,
  deleteRoute,
  discoverRouter,
  formatOsVersion,
  type RouterDatagram,
  RouterService,
  RouterTag,
  routerDatagram,
  statusTag,
  taggedText,
  textTag,
} from '../../src/ads/index.ts';
import { decoded, encoded, MalformedFrame, messageOf, Scope } from '../../src/kernel/index.ts';
import { address, blob, u16, u32 } from './arbitraries.ts';
import { bytes, hex } from './bytes.ts';
import { ManualClock } from './manual-clock.ts';
import { answerTo, RouterPeer } from './router-peer.ts';

const host = '127.0.0.1';
const route = { name: 'ws1', user: 'Nobody-But-Me', password: 'sesame-opens' };

const datagram: fc.Arbitrary<RouterDatagram> = fc.record({
  invokeId: u32,
  service: fc.constantFrom(1, 6, 0xb001, 0x8000_0001, 0x8000_0006),
  sender: address,
  tags: fc.array(fc.record({ id: u16, bytes: blob }), { maxLength: 8 }),
});

/** What `request` rejects with. */
async function failure(request: Promise<unknown>): Promise<unknown> {
  return request.then(
    () => expect.fail('was not refused'),
    (error: unknown) => error,
  );
}

describe('a router datagram', () => {
  it('is read as it was written, tags of any id included', () => {
    fc.assert(
      fc.property(datagram, (value) => {
        expect(decoded(routerDatagram, encoded(routerDatagram, value), 'it')).toEqual(value);
      }),
    );
  });

  it('is rejected wherever it is cut', () => {
    fc.assert(
      fc.property(datagram, fc.nat(), (value, at) => {
        const whole = encoded(routerDatagram, value);
        const cut = whole.subarray(0, at % whole.length);
        expect(() => decoded(routerDatagram, cut, 'it')).toThrow(MalformedFrame);
      }),
    );
  });

  it('is rejected without the cookie', () => {
    const reversed = bytes('71 14 66 03 01 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00');
    expect(() => decoded(routerDatagram, reversed, 'it')).toThrow(MalformedFrame);
  });
});

describe('discovering a router', () => {
  it('finds NetId, host name, versions and fingerprint between tags that it does not know', async () => {
    await using scope = new Scope();
    const peer = await RouterPeer.open(scope, (request) => [
      answerTo(request, [
        { id: 99, bytes: bytes('01 02 03') },
        textTag(RouterTag.host, 'CX-12AB34'),
        { id: RouterTag.twinCatVersion, bytes: bytes('03 01 b8 0f') },
        {
          id: RouterTag.osVersion,
          bytes: bytes('14 00 00 00 0a 00 00 00 00 00 00 00 64 4a 00 00 02 00 00 00'),
        },
        textTag(RouterTag.fingerprint, '4a6f'),
      ]),
    ]);
    expect(await discoverRouter(host, peer)).toEqual({
      netId: '5.166.203.208.1.1',
      hostName: 'CX-12AB34',
      twinCat: { major: 3, minor: 1, build: 4024 },
      os: 'Windows 10.0.19044',
      fingerprint: '4a6f',
    });
    expect(hex(peer.received[0] ?? bytes('')).slice(24)).toBe(
      '01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
    );
  });

  it('takes a NetId alone, and tags that are too short for what they are', async () => {
    await using scope = new Scope();
    const peer = await RouterPeer.open(scope, (request) => [
      answerTo(request, [{ id: RouterTag.osVersion, bytes: bytes('01') }]),
    ]);
    expect(await discoverRouter(host, peer)).toEqual({
      netId: '5.166.203.208.1.1',
      hostName: undefined,
      twinCat: undefined,
      os: undefined,
      fingerprint: undefined,
    });
  });

  it('passes over what is no answer to it', async () => {
    await using scope = new Scope();
    const peer = await RouterPeer.open(scope, (request, question) => [
      question,
      bytes('00'),
      bytes('03 66 14 71'),
      answerTo({ ...request, invokeId: (request.invokeId ^ 1) >>> 0 }, []),
      answerTo({ ...request, service: RouterService.addRoute }, []),
      answerTo(request, [textTag(RouterTag.host, 'it')]),
    ]);
    expect(await discoverRouter(host, peer)).toMatchObject({ hostName: 'it' });
  });

  it('asks again every second, and gives up in time', async () => {
    await using scope = new Scope();
    const clock = new ManualClock();
    const peer = await RouterPeer.open(scope, () => []);
    const asked = failure(discoverRouter(host, { port: peer.port, clock, timeoutMs: 3500 }));
    for (let second = 1; second <= 3; second++) {
      await vi.waitFor(() => expect(peer.received.length).toBe(second));
      clock.advance(1000);
    }
    clock.advance(1000);
    expect(await asked).toMatchObject({
      code: 'ads/router-silent',
      message: expect.stringContaining(
        `Discover the router of 127.0.0.1:${peer.port}: no answer within 3500 ms`,
      ),
    });
    expect(clock.timers).toBe(0);
  });

  it('says at once that nobody listens', async () => {
    const closing = new Scope();
    const { port } = await RouterPeer.open(closing, () => []);
    await closing[Symbol.asyncDispose]();
    await expect(discoverRouter(host, { port })).rejects.toMatchObject({
      code: 'ads/router-silent',
      message: expect.stringContaining('nobody listens there'),
    });
  });

  it('says that the host is unknown', async () => {
    await expect(discoverRouter('nowhere.invalid')).rejects.toMatchObject({
      code: 'ads/router-silent',
    });
  });

  it('can be aborted', async () => {
    await using scope = new Scope();
    const abort = new AbortController();
    const peer = await RouterPeer.open(scope, () => {
      abort.abort(new Error('never mind'));
      return [];
    });
    await expect(discoverRouter(host, peer, abort.signal)).rejects.toThrow('never mind');
    await expect(discoverRouter(host, peer, abort.signal)).rejects.toThrow('never mind');
  });
});

describe('a route', () => {
  it('is added for our address as the router sees it', async () => {
    await using scope = new Scope();
    const peer = await RouterPeer.open(scope, (request) => [
      answerTo(request, [{ id: 200, bytes: bytes('aa bb') }, statusTag(0)]),
    ]);
    await addRoute(host, route, peer);
    const request = decoded(routerDatagram, peer.received[0] ?? bytes(''), 'request');
    expect(request).toMatchObject({ service: RouterService.addRoute });
    expect(request.sender).toEqual({ netId: '127.0.0.1.1.1', port: 0 });
    expect(request.tags.map(({ id }) => id)).toEqual([12, 7, 13, 2, 5]);
    expect(taggedText(request.tags, RouterTag.host)).toBe('127.0.0.1');
    expect(taggedText(request.tags, RouterTag.password)).toBe('sesame-opens');
  });

  it('is added for the address that we name', async () => {
    await using scope = new Scope();
    const peer = await RouterPeer.open(scope, (request) => [answerTo(request, [statusTag(0)])]);
    const ours = { ...route, netId: amsNetId('1.2.3.4.5.6'), address: 'ioc.example' };
    await addRoute(host, ours, peer);
    const request = decoded(routerDatagram, peer.received[0] ?? bytes(''), 'request');
    expect(request.sender.netId).toBe('1.2.3.4.5.6');
    expect(taggedText(request.tags, RouterTag.host)).toBe('ioc.example');
  });

  it('is deleted', async () => {
    await using scope = new Scope();
    const peer = await RouterPeer.open(scope, (request) => [answerTo(request, [statusTag(0)])]);
    await deleteRoute(host, route, peer);
    const request = decoded(routerDatagram, peer.received[0] ?? bytes(''), 'request');
    expect(request.service).toBe(RouterService.deleteRoute);
  });

  it.each([
    [addRoute, 'Add'],
    [deleteRoute, 'Delete'],
  ])('is refused with a wrong password', async (change, verb) => {
    await using scope = new Scope();
    const peer = await RouterPeer.open(scope, (request) => [answerTo(request, [statusTag(0x704)])]);
    const error = await failure(change(host, route, peer));
    expect(error).toBeInstanceOf(AdsError);
    expect(error).toMatchObject({ code: 'ads/route-refused', adsCode: 0x704 });
    expect(messageOf(error)).toMatch(
      new RegExp(`^${verb} route "ws1" on 127.0.0.1 refused: 0x704 .*user or password is wrong`),
    );
  });

  it('is not taken for added when the answer tells no status', async () => {
    await using scope = new Scope();
    const peer = await RouterPeer.open(scope, (request) => [answerTo(request, [])]);
    expect(await failure(addRoute(host, route, peer))).toMatchObject({ code: 'ads/route-refused' });
  });

  it('is asked for once, whatever gets lost', async () => {
    await using scope = new Scope();
    const clock = new ManualClock();
    const peer = await RouterPeer.open(scope, () => []);
    const asked = failure(addRoute(host, route, { port: peer.port, clock, timeoutMs: 3000 }));
    await vi.waitFor(() => expect(peer.received.length).toBe(1));
    clock.advance(3000);
    expect(await asked).toMatchObject({ code: 'ads/router-silent' });
    expect(peer.received.length).toBe(1);
  });

  it.each<[string, (request: RouterDatagram, question: Uint8Array) => readonly Uint8Array[]]>([
    ['refuses', (request) => [answerTo(request, [statusTag(0x704)])]],
    ['tells no status', (request) => [answerTo(request, [])]],
    ['sends the credentials back', (request) => [answerTo(request, request.tags)]],
    ['sends the question back', (_, question) => [question]],
    ['sends them cut', (_, question) => [question.subarray(0, 60)]],
    ['is silent', () => []],
  ])('tells no credentials when the router %s', async (_, answers) => {
    await using scope = new Scope();
    const { port } = await RouterPeer.open(scope, answers);
    const error = await failure(addRoute(host, route, { port, timeoutMs: 200 }));
    const told = `${messageOf(error)} ${JSON.stringify(error)} ${(error as Error).stack}`;
    expect(told).toContain('Add route');
    for (const secret of [route.user, route.password]) {
      expect(told).not.toContain(secret);
      expect(told).not.toContain(hex(Buffer.from(secret)).slice(0, 14));
    }
  });
});

describe('an operating system', () => {
  it.each([
    [{ major: 10, minor: 0, build: 19044, platform: 2, text: '' }, 'Windows 10.0.19044'],
    [{ major: 7, minor: 0, build: 2864, platform: 3, text: '' }, 'Windows CE 7.0.2864'],
    [{ major: 13, minor: 2, build: 0, platform: 0, text: 'BSD' }, 'BSD 13.2.0'],
  ])('%o has a name', (version, name) => {
    expect(formatOsVersion(version)).toBe(name);
  });
});
