import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../../src/kernel/index.ts';

describe('collectGarbage', () => {
  it('takes back what nobody refers to', () => {
    const kept = new WeakRef({ text: 'garbage' });
    // A WeakRef keeps its object for the turn in which it was made or looked at.
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      collectGarbage();
      expect(kept.deref()).toBeUndefined();
    });
  });
});
