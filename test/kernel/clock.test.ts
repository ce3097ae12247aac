import { describe, expect, it } from 'vitest';
import { systemClock, turnClock } from '../../src/kernel/index.ts';

describe('a clock of turns', () => {
  it('stands still for the rest of a turn, and goes on in the next', async () => {
    let time = 1000;
    const clock = turnClock({ ...systemClock, now: () => time++ });
    expect([clock.now(), clock.now()]).toEqual([1000, 1000]);
    await Promise.resolve();
    expect(clock.now()).toBe(1001);
  });
});
