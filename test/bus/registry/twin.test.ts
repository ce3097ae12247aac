import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Twin, TwinBudget } from '../../../src/bus/registry/twin.ts';

describe('the twins of all entities', () => {
  it('share their memory, and give it back', () => {
    const budget = new TwinBudget(10);
    const [one, other] = [new Twin(budget), new Twin(budget)];
    expect(one.set('a', 1, 6)).toBe(true);
    expect(other.set('a', 1, 6)).toBe(false);
    expect(one.set('a', 2, 3)).toBe(true);
    expect(other.set('a', 1, 6)).toBe(true);
    other.drop();
    expect([one.value, other.value]).toEqual([{ a: 2 }, {}]);
    expect(one.set('a', 3, 10)).toBe(true);
  });

  it('have room again for all when they are empty, whatever was done before', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      fc.tuple(fc.constant('set'), key, fc.nat(60)),
      fc.tuple(fc.constant('delete'), key, fc.constant(0)),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const twin = new Twin(new TwinBudget(100));
        for (const [what, name, bytes] of steps) {
          if (what === 'set') twin.set(name, bytes, bytes);
          else twin.delete(name);
        }
        twin.drop();
        expect(twin.set('all', 0, 100)).toBe(true);
        expect(twin.set('more', 0, 1)).toBe(false);
      }),
    );
  });
});
