import { describe, expect, it } from 'vitest';
import { terminalDictionary } from '../../src/simulator/coe.ts';
import { bytes, hex } from './support/peer.ts';
import { definitions } from './support/plant.ts';

const at = (index: number, subindex: number) => ((index << 16) | subindex) >>> 0;
const abort = (code: number) => expect.objectContaining({ adsCode: code });

function el3104() {
  const definition = definitions.get('EL3104');
  if (definition === undefined) throw new Error('no EL3104');
  return terminalDictionary(definition, { ...definition.identity, serial: 0 });
}

describe('object dictionary of a terminal', () => {
  it('has the power-up values of its definition', () => {
    expect(hex(el3104().upload(at(0x8000, 0x11), 2))).toBe('fe ff');
    expect(hex(el3104().upload(at(0x8000, 1), 1))).toBe('00');
  });

  it('says who it is', () => {
    expect(hex(el3104().upload(at(0x1018, 2), 4))).toBe('52 30 20 0c');
    expect(Buffer.from(el3104().upload(at(0x1008, 0), 64)).toString()).toBe('EL3104');
    expect(el3104().upload(at(0x1000, 0), 4)).toHaveLength(4);
  });

  it('counts subindices in subindex 0', () => {
    expect(hex(el3104().upload(at(0x8000, 0), 1))).toBe('12');
    expect(hex(el3104().upload(at(0x1018, 0), 1))).toBe('04');
  });

  it('keeps what was downloaded', () => {
    const dictionary = el3104();
    dictionary.download(at(0x8000, 0x11), bytes('10 20'));
    expect(hex(dictionary.upload(at(0x8000, 0x11), 2))).toBe('10 20');
  });

  it('fills a short text with zeros', () => {
    const dictionary = el3104();
    dictionary.download(at(0x8000, 0x12), bytes('41'));
    expect(hex(dictionary.upload(at(0x8000, 0x12), 8))).toBe('41 00 00 00 00 00 00 00');
  });

  it('aborts with the code that CANopen has for it', () => {
    const d = el3104();
    expect(() => d.upload(at(0x9000, 0), 4)).toThrow(abort(0x0602_0000));
    expect(() => d.upload(at(0x8000, 0x77), 4)).toThrow(abort(0x0609_0011));
    expect(() => d.upload(at(0x8000, 0x11), 1)).toThrow(abort(0x0607_0010));
    expect(() => d.download(at(0x8000, 0x11), bytes('01 02 03'))).toThrow(abort(0x0607_0010));
    expect(() => d.download(at(0x800e, 1), bytes('01 02'))).toThrow(abort(0x0601_0002));
    expect(() => d.download(at(0x8000, 0), bytes('01'))).toThrow(abort(0x0601_0002));
  });
});

describe('complete access', () => {
  const whole = (index: number, subindex = 0) => at(index, 0x100 | subindex);

  it('gives an object in one piece, its bits in the word behind the count', () => {
    const d = el3104();
    const before = hex(d.upload(whole(0x8000), 64));
    expect(before.slice(0, 11)).toBe('12 00 00 00');
    expect(before.slice(12, 17)).toBe('fe ff');
    d.download(at(0x8000, 1), bytes('01'));
    d.download(at(0x8000, 2), bytes('05'));
    d.download(at(0x8000, 10), bytes('01'));
    expect(hex(d.upload(whole(0x8000), 64)).slice(0, 11)).toBe('12 00 0b 02');
    expect(hex(d.upload(whole(0x8000, 1), 64)).slice(0, 5)).toBe('0b 02');
  });

  it('sets an object in one piece, but what is read-only', () => {
    const d = el3104();
    const object = d.upload(whole(0x8000), 64).slice();
    object.set(bytes('63 00 04 00 34 12'));
    d.download(whole(0x8000), object);
    expect(hex(d.upload(at(0x8000, 0), 1))).toBe('12');
    expect(hex(d.upload(at(0x8000, 2), 1))).toBe('02');
    expect(hex(d.upload(at(0x8000, 0x11), 2))).toBe('34 12');
    d.download(whole(0x8000, 1), object.subarray(2));
    expect(d.upload(whole(0x8000), 64).subarray(2)).toEqual(object.subarray(2));
  });

  it('aborts with the code that CANopen has for it', () => {
    const d = el3104();
    expect(() => d.upload(whole(0x9000), 4)).toThrow(abort(0x0602_0000));
    expect(() => d.upload(whole(0x8000), 4)).toThrow(abort(0x0607_0010));
    expect(() => d.upload(whole(0x8000, 2), 64)).toThrow(abort(0x0601_0000));
    expect(() => d.download(whole(0x8000), bytes('12 00'))).toThrow(abort(0x0607_0010));
    expect(() => d.download(whole(0x1018), new Uint8Array(18))).toThrow(abort(0x0601_0002));
    d.abort(0x8000, 0x100, 0x0601_0004);
    expect(() => d.upload(whole(0x8000), 64)).toThrow(abort(0x0601_0004));
    expect(d.upload(at(0x8000, 1), 1)).toHaveLength(1);
  });
});
