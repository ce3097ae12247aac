import { describe, expect, it } from 'vitest';
import { policyOf } from '../../src/pipeline/setpoint-policy.ts';

const rules = [
  { pv: 'T:ETH1:RIO2:MOD3:Channel1', policy: 'ignore' },
  { pv: 'T:*:RIO2:*', policy: 'write' },
] as const;

describe('policyOf', () => {
  it('is that of the first rule that matches', () => {
    expect(policyOf(rules, 'T:ETH1:RIO2:MOD3:Channel1')).toBe('ignore');
    expect(policyOf(rules, 'T:ETH1:RIO2:MOD3:Channel2')).toBe('write');
  });

  it('is read where none matches', () => {
    expect(policyOf(rules, 'T:ETH1:RIO1:MOD3:Channel2')).toBe('read');
    expect(policyOf([], 'T:X')).toBe('read');
  });

  it('takes every character but the star as it is', () => {
    expect(policyOf([{ pv: 'A.C+*', policy: 'write' }], 'ABC+D')).toBe('read');
    expect(policyOf([{ pv: 'A.C+*', policy: 'write' }], 'A.C+D')).toBe('write');
  });

  it('matches whole names only', () => {
    expect(policyOf([{ pv: 'RIO2', policy: 'write' }], 'T:RIO2:X')).toBe('read');
  });
});
