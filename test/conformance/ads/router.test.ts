import { describe, expect, it } from 'vitest';
import {
  amsNetId,
  amsPort,
  formatOsVersion,
  netIdTag,
  osVersion,
  Port,
  RouterService,
  RouterTag,
  routerDatagram,
  taggedStatus,
  textTag,
  twinCatVersion,
} from '../../../src/ads/index.ts';
import { decoded, encoded } from '../../../src/kernel/index.ts';
import { bytes, hex } from '../../ads/bytes.ts';

// facts/ads.md section 4.
const DISCOVER = '03 66 14 71 01 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00';

const ADD_ROUTE =
  '03 66 14 71 02 00 00 00 06 00 00 00 c0 a8 01 0a 01 01 00 00 05 00 00 00 ' +
  '0c 00 04 00 77 73 31 00 07 00 06 00 c0 a8 01 0a 01 01 0d 00 0e 00 "Administrator" 00 ' +
  '02 00 02 00 31 00 05 00 0d 00 "192.168.1.10" 00';

const us = amsNetId('192.168.1.10.1.1');
const routeTags = [
  textTag(RouterTag.routeName, 'ws1'),
  netIdTag(us),
  textTag(RouterTag.user, 'Administrator'),
  textTag(RouterTag.password, '1'),
  textTag(RouterTag.host, '192.168.1.10'),
];

describe('datagrams of the router protocol', () => {
  it('discover, invoke 1', () => {
    const sender = { netId: amsNetId('0.0.0.0.0.0'), port: amsPort(0) };
    const request = { invokeId: 1, service: RouterService.discover, sender, tags: [] };
    expect(hex(encoded(routerDatagram, request))).toBe(DISCOVER);
    expect(decoded(routerDatagram, bytes(DISCOVER), 'discover')).toEqual(request);
  });

  it('add route, invoke 2', () => {
    const sender = { netId: us, port: amsPort(0) };
    const request = { invokeId: 2, service: RouterService.addRoute, sender, tags: routeTags };
    expect(hex(encoded(routerDatagram, request))).toBe(hex(bytes(ADD_ROUTE)));
    expect(decoded(routerDatagram, bytes(ADD_ROUTE), 'add route')).toEqual(request);
  });

  it('discover with another sender, as pyads puts it', () => {
    const text = '03 66 14 71 00 00 00 00 01 00 00 00 01 01 01 01 01 01 10 27 00 00 00 00';
    expect(decoded(routerDatagram, bytes(text), 'discover')).toEqual({
      invokeId: 0,
      service: RouterService.discover,
      sender: { netId: '1.1.1.1.1.1', port: Port.system },
      tags: [],
    });
  });

  it.each([
    ['in the place of the count', '04 07 00 00'],
    ['as a tag', '01 00 00 00 01 00 04 00 04 07 00 00'],
  ])('the status of "delete route" %s', (_, status) => {
    const head = '03 66 14 71 03 00 00 00 01 b0 00 80 05 a6 cb d0 01 01 10 27';
    const answer = decoded(routerDatagram, bytes(`${head} ${status}`), 'answer');
    expect(taggedStatus(answer.tags)).toBe(0x704);
    expect(hex(encoded(routerDatagram, answer))).toBe(`${head} 04 07 00 00`);
  });

  it('a version of TwinCAT', () => {
    const version = { major: 3, minor: 1, build: 4024 };
    expect(hex(encoded(twinCatVersion, version))).toBe('03 01 b8 0f');
  });

  it('the operating system as Windows tells it', () => {
    const head = '14 01 00 00 0a 00 00 00 00 00 00 00 64 4a 00 00 02 00 00 00';
    const block = Uint8Array.from([...bytes(`${head} "S" 00 "P" 00`), ...new Uint8Array(252)]);
    const version = decoded(osVersion, block, 'version');
    expect(version).toEqual({ major: 10, minor: 0, build: 19044, platform: 2, text: 'SP' });
    expect(hex(encoded(osVersion, version))).toBe(hex(block));
    expect(formatOsVersion(version)).toBe('Windows 10.0.19044 SP');
  });

  it('the operating system as others tell it', () => {
    const head = '94 00 00 00 0d 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00';
    const version = decoded(osVersion, bytes(`${head} "TwinCAT/BSD" 00 00`), 'version');
    expect(formatOsVersion(version)).toBe('TwinCAT/BSD 13.2.0');
    const bare = decoded(osVersion, bytes(head), 'version');
    expect(formatOsVersion(bare)).toBe('platform 0 13.2.0');
  });
});
