import { describe, expect, it } from 'vitest';
import { namePattern } from '../../src/model/index.ts';

describe('namePattern', () => {
  it('takes * for any characters and ? for one, over the whole name', () => {
    expect(namePattern('A:*:Value').test('A:ETH1:RIO2:Value')).toBe(true);
    expect(namePattern('A:*:Value').test('A:ETH1:RIO2:Value_RBV')).toBe(false);
    expect(namePattern('MOD?').test('MOD1')).toBe(true);
    expect(namePattern('MOD?').test('MOD12')).toBe(false);
    expect(namePattern('A.B[1]').test('A.B[1]')).toBe(true);
    expect(namePattern('A.B').test('AxB')).toBe(false);
  });

  it('takes what stands between slashes for a regular expression', () => {
    expect(namePattern('/Ai.*Value$/').test('T:AiInputsChannel1Value')).toBe(true);
    expect(() => namePattern('/(/')).toThrow('"/(/" is no regular expression');
  });
});
