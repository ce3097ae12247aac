import { describe, expect, it } from 'vitest';
import { amsNetId, amsPort, formatAddress, localNetId, Port } from '../../src/ads/index.ts';

describe('a NetId', () => {
  it.each(['5.1.2.3.1.1', '0.0.0.0.0.0', '255.255.255.255.255.255'])('may be %s', (text) => {
    expect(amsNetId(text)).toBe(text);
  });

  it.each(['', '1.2.3.4.5', '1.2.3.4.5.6.7', '1.2.3.4.5.256', 'a.b.c.d.e.f', '1.2.3.4.5.', '5'])(
    'may not be "%s"',
    (text) => expect(() => amsNetId(text)).toThrow(`"${text}" is not an AMS NetId`),
  );

  it('loses leading zeros, so that equal ids are equal texts', () => {
    expect(amsNetId('005.1.2.3.01.1')).toBe('5.1.2.3.1.1');
  });

  it('is made of our IPv4 address where the configuration gives none', () => {
    expect(localNetId('192.168.1.10')).toBe('192.168.1.10.1.1');
    expect(localNetId('::ffff:10.0.0.7')).toBe('10.0.0.7.1.1');
    expect(() => localNetId('fe80::1')).toThrow('give the source NetId');
  });
});

describe('an AMS port', () => {
  it.each([-1, 65536, 1.5, Number.NaN])('may not be %s', (n) => {
    expect(() => amsPort(n)).toThrow(`${n} is not an AMS port`);
  });
});

it('an address reads as NetId and port', () => {
  expect(formatAddress({ netId: amsNetId('5.1.2.3.1.1'), port: Port.plc })).toBe('5.1.2.3.1.1:851');
});
