import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amsNetId, formatPeerInfo, parsePeerInfo } from '../../src/ads/index.ts';
import { frameOf } from '../../src/ads/transport/mqtt-frame.ts';
import { Peers } from '../../src/ads/transport/peers.ts';
import { bytes } from './bytes.ts';

const parse = (text: string) => parsePeerInfo(Buffer.from(text));

describe('the info of a peer', () => {
  it('is read as TwinCAT writes it', () => {
    const text =
      '<info><online name="HOST" osVersion="10.0.20348" osPlatform="2" tcVersion="3.1.4026.10">' +
      'true</online></info>';
    const info = { online: true, name: 'HOST', osVersion: '10.0.20348', osPlatform: '2' };
    expect(parse(text)).toEqual({ ...info, tcVersion: '3.1.4026.10' });
    expect(formatPeerInfo({ ...info, tcVersion: '3.1.4026.10' })).toBe(text);
  });

  it.each([
    [`<?xml version="1.0"?>\n<info>\n <online name='A "x"' >\n false </online>\n</info>`, 'A "x"'],
    [
      '<info><!-- <online name="no">true</online> --><online osPlatform="0"\n name = "B">false</online></info>',
      'B',
    ],
    [
      '<info><online name="&lt;&#67;&#x44;&gt; &amp;amp; &what;">false</online></info>',
      '<CD> &amp; &what;',
    ],
    ['<info><online>false</online></info>', ''],
    ['<online name="E" unidirectional="true" new-thing="1">false</online>', 'E'],
    ['', ''],
    [' \n', ''],
  ])('is read from %j', (text, name) => {
    expect(parse(text)).toMatchObject({ online: false, name });
  });

  it.each(['true', '<info/>', '<online>maybe</online>', '<online name="x>true</online>', '\0'])(
    'is not %j',
    (text) => {
      expect(parse(text)).toBeUndefined();
    },
  );

  it('is not longer than any info', () => {
    expect(parse(formatPeerInfo({ online: true, name: 'x'.repeat(20_000) }))).toBeUndefined();
  });

  it('is read as it was written, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (name, online) => {
        expect(parse(formatPeerInfo({ online, name }))).toMatchObject({ online, name });
      }),
    );
  });
});

describe('the router of a NetId', () => {
  const online = { online: true, name: '' };
  const [plant, master, other] = ['5.1.2.3.1.1', '5.1.2.3.4.1', '9.9.9.9.1.1'].map(amsNetId);
  if (!plant || !master || !other) throw new Error('three NetIds');

  it('is itself until somebody else is known', () => {
    expect(new Peers(undefined).routerOf(master)).toBe(master);
  });

  it('is the peer with the same first four numbers', () => {
    const peers = new Peers(undefined);
    expect(peers.routerOf(master)).toBe(master);
    peers.update(other, online);
    peers.update(plant, online);
    expect(peers.routerOf(master)).toBe(plant);
    expect(peers.routerOf(plant)).toBe(plant);
    peers.update(plant, { ...online, online: false });
    expect(peers.routerOf(master)).toBe(master);
  });

  it('is the one that was told, but for peers', () => {
    const peers = new Peers(plant);
    expect(peers.routerOf(other)).toBe(plant);
    peers.update(other, online);
    expect(peers.routerOf(other)).toBe(other);
    expect(peers.routerOf(master)).toBe(plant);
  });

  it('does not mind thousands who announce themselves', () => {
    const peers = new Peers(undefined);
    for (let i = 0; i < 3000; i++) {
      peers.update(amsNetId(`1.1.${i >> 8}.${i & 255}.1.1`), online);
      peers.routerOf(amsNetId(`1.1.${i >> 8}.${i & 255}.2.1`));
    }
    expect(peers.get(amsNetId('1.1.1.0.1.1'))).toBeDefined();
    expect(peers.get(amsNetId('1.1.11.0.1.1'))).toBeUndefined();
  });
});

describe('the packet of a message', () => {
  const head = '05 01 02 03 01 01 2c 01 c0 a8 01 0a 01 01 40 1f 02 00 05 00';
  const packet = `${head} 01 00 00 00 00 00 00 00 01 00 00 00 aa`;

  it.each([
    ['whole', packet, 33, 0],
    ['with stray bytes', `${packet} bb cc`, 33, 2],
  ])('%s', (_, message, length, trailing) => {
    const frame = frameOf(bytes(message), false);
    expect(frame.packet?.length).toBe(length);
    expect(frame.trailing).toBe(trailing);
  });

  it('with a TCP prefix is one only for those who ask', () => {
    const wrapped = bytes(`00 00 21 00 00 00 ${packet}`);
    expect(frameOf(wrapped, true).packet).toEqual(bytes(packet));
    expect(frameOf(wrapped, false).packet).not.toEqual(bytes(packet));
    expect(frameOf(bytes(packet), true).packet).toEqual(bytes(packet));
  });

  it('may be missing', () => {
    expect(frameOf(bytes(packet).subarray(0, 32), false).packet).toBeUndefined();
    expect(frameOf(bytes('01 02'), true).packet).toBeUndefined();
  });
});
