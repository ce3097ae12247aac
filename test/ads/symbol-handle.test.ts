import { describe, expect, it } from 'vitest';
import {
  acquireSymbol,
  amsNetId,
  Port,
  readSymbolVersion,
  releaseSymbol,
} from '../../src/ads/index.ts';
import { bytes, hex } from './bytes.ts';
import { ScriptedPeer } from './scripted-peer.ts';

const target = { netId: amsNetId('5.1.2.3.1.1'), port: Port.ioSymbols };

/** A peer that answers everything with these bytes. */
function answering(payload: string): ScriptedPeer {
  const peer = new ScriptedPeer();
  peer.onRequest = (request) => queueMicrotask(() => peer.answer(request, bytes(payload)));
  return peer;
}

describe('a symbol handle', () => {
  it('is acquired by name', async () => {
    const peer = answering('00 00 00 00 04 00 00 00 07 00 00 80');
    expect(await acquireSymbol(peer.client, target, 'Term 4 (EL2024).Channel 1')).toBe(0x8000_0007);
    expect(hex(peer.requests[0]?.payload ?? bytes(''))).toBe(
      hex(bytes('03 f0 00 00 00 00 00 00 04 00 00 00 1a 00 00 00 "Term 4 (EL2024).Channel 1" 00')),
    );
  });

  it('is refused with the name of the symbol', async () => {
    const peer = answering('10 07 00 00');
    await expect(acquireSymbol(peer.client, target, 'No.Such')).rejects.toMatchObject({
      code: 'ads/refused',
      adsCode: 0x710,
      message: expect.stringMatching(/^Handle of symbol "No.Such" on 5.1.2.3.1.1:27905: /),
    });
  });

  it('is released', async () => {
    const peer = answering('00 00 00 00');
    await releaseSymbol(peer.client, target, 0x8000_0007);
    expect(hex(peer.requests[0]?.payload ?? bytes(''))).toBe(
      '06 f0 00 00 00 00 00 00 04 00 00 00 07 00 00 80',
    );
  });
});

describe('the symbol version', () => {
  it.each([
    ['one byte', '00 00 00 00 01 00 00 00 05', 5],
    ['four', '00 00 00 00 04 00 00 00 05 00 00 ff', 0xff00_0005],
  ])('may have %s', async (_, payload, version) => {
    expect(await readSymbolVersion(answering(payload).client, target)).toBe(version);
  });
});
