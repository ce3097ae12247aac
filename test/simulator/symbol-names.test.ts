import { describe, expect, it } from 'vitest';
import { Plant } from '../../src/simulator/plant.ts';
import { addressable } from '../../src/simulator/symbol-names.ts';
import { chainOf, definitions } from './support/plant.ts';

const { names } = new Plant(chainOf(['EL3104', 'EL2024', 'ELM3704']), definitions);
const channel = 'Term 1 (EL3104).AI Standard Channel 1';

describe('names of symbols', () => {
  it('finds a structure, and has no value for it', () => {
    expect(names.resolve(channel)).toMatchObject({ location: { bits: 32 } });
    expect(names.resolve(channel).entry).toBeUndefined();
  });

  it('finds members behind the last dot, in any case', () => {
    const { location, symbol } = names.resolve(`${channel}.VALUE`.toLowerCase());
    expect(location.bits).toBe(16);
    expect(symbol).toMatchObject({ name: `${channel}.Value`, group: 0xf030, offset: 2, size: 2 });
  });

  it('finds fields inside a word', () => {
    expect(names.resolve(`${channel}.Status__Limit 1`).location).toMatchObject({ bit: 2, bits: 2 });
  });

  it('finds elements of arrays, and none beyond the end', () => {
    const samples = 'Term 3 (ELM3704).Samples Channel 1.Samples';
    const first = names.resolve(samples).location.byte;
    expect(names.resolve(`${samples}[9]`).location).toMatchObject({ byte: first + 18, bits: 16 });
    expect(names.find(`${samples}[10]`)).toBeUndefined();
    expect(names.find(`${channel}.Value[0]`)).toBeUndefined();
  });

  it('refuses what is not there with 0x710', () => {
    expect(() => names.resolve('Term 9.Nothing')).toThrow(
      expect.objectContaining({ adsCode: 0x710 }),
    );
    expect(names.find('Term 2 (EL2024).Channel 1.Value')).toBeUndefined();
    expect(names.find('')).toBeUndefined();
  });

  it('has no address for a field of several bits: 0x711', () => {
    expect(() => addressable(names.resolve(`${channel}.Status__Limit 1`))).toThrow(
      expect.objectContaining({ adsCode: 0x711 }),
    );
    expect(addressable(names.resolve(`${channel}.Status`))).toMatchObject({ size: 2 });
  });
});
