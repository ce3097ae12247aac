import { describe, expect, it } from 'vitest';
import { aborted, Scope, sleep } from '../../src/kernel/index.ts';

describe('Scope', () => {
  it('closes what it owns, last first', async () => {
    const closed: string[] = [];
    {
      await using scope = new Scope();
      scope.defer(() => void closed.push('first'));
      scope.use({ [Symbol.asyncDispose]: async () => void closed.push('second') });
      scope.use({ [Symbol.dispose]: () => void closed.push('third') });
    }
    expect(closed).toEqual(['third', 'second', 'first']);
  });

  it('closes the rest when one fails to close, and tells the failure', async () => {
    const closed: string[] = [];
    const scope = new Scope();
    scope.defer(() => void closed.push('kept its word'));
    scope.defer(() => {
      throw new Error('stuck');
    });
    await expect(scope[Symbol.asyncDispose]()).rejects.toThrow('stuck');
    expect(closed).toEqual(['kept its word']);
  });

  it('lets a dozen parts wait for its end without a warning', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    await using scope = new Scope();
    const ends = Array.from({ length: 12 }, () => aborted(scope.signal));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
    await scope[Symbol.asyncDispose]();
    await Promise.all(ends);
  });

  it('closes once however often it is asked', async () => {
    let closings = 0;
    const scope = new Scope();
    scope.defer(() => void closings++);
    await Promise.all([scope[Symbol.asyncDispose](), scope[Symbol.asyncDispose]()]);
    expect(closings).toBe(1);
  });

  it('fires its signal with the parent, before anything is closed', async () => {
    const parent = new AbortController();
    const scope = new Scope(parent.signal);
    parent.abort();
    await aborted(scope.signal);
    expect(scope.signal.aborted).toBe(true);
  });
});

describe('sleep', () => {
  it('ends at once with the reason when the signal fires', async () => {
    const stop = new AbortController();
    const slept = sleep(60_000, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(slept).rejects.toThrow('stopped');
    await expect(sleep(60_000, stop.signal)).rejects.toThrow('stopped');
  });
});
