import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TopicPaths } from '../../../../src/bus/profiles/pv/topic-path.ts';

describe('the path of a PV', () => {
  it.each([
    ['BL07:ETH1:RIO2:MOD3:Value', 'BL07/ETH1/RIO2/MOD3/Value'],
    ['XF:28IDC-ES:1{Det:PE1}Cts', 'XF/28IDC-ES/1_Det/PE1_Cts'],
    ['A::B', 'A/B'],
    [':A:', 'A'],
    ['$A+#/B', '_A_B'],
    [':', '_'],
    ['A_RBV', 'A_RBV'],
  ])('%s is %s', (name, path) => {
    expect(new TopicPaths(true).add([name])).toEqual([path]);
  });

  it('can be one level', () => {
    expect(new TopicPaths(false).add(['BL07:ETH1'])).toEqual(['BL07_ETH1']);
  });

  it('tells names apart that would be one, whatever their order', () => {
    const names = ['A:B', 'A.B:C', 'A;B:C', 'A::B'];
    const forth = new TopicPaths(true).add(names);
    const back = new TopicPaths(true).add(names.toReversed());
    expect(forth).toEqual(['A/B', 'A_B/C_4cf5', 'A_B/C_4c46', 'A/B_e125']);
    expect(back).toEqual(forth.toReversed());
  });

  it('stays when another one comes to it later', () => {
    const paths = new TopicPaths(true);
    expect(paths.add(['A.B'])).toEqual(['A_B']);
    expect(paths.add(['A_B'])[0]).toMatch(/^A_B_[0-9a-f]{4}$/);
    expect(paths.nameOf('A_B')).toBe('A.B');
  });

  it('is a topic without wildcards, and leads back to its name', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 })), (names) => {
        const paths = new TopicPaths(true);
        const made = paths.add(names);
        expect(new Set(made).size).toBe(names.length);
        for (const [at, path] of made.entries()) {
          expect(path).toMatch(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/);
          expect(paths.nameOf(path)).toBe(names[at]);
        }
      }),
    );
  });
});
