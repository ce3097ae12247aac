import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../../src/kernel/index.ts';
import { ManualClock } from '../../ads/manual-clock.ts';
import { aedesBroker } from '../../support/broker.ts';
import { brokenWay } from './broken-way.ts';
import { connected, deadline, listener, openedLink } from './opened.ts';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

/** What happens between two turns of the event loop. */
type Step = 'cut' | 'hold' | 'pass' | number;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom<Step[]>('cut', 'hold', 'pass') },
  ),
  { minLength: 20, maxLength: 60 },
);

describe('whenever connections break', () => {
  it('no event is lost, none overtakes another, and states end with the newest', async () => {
    const broker = await aedesBroker(scope);
    const { seen } = await listener(scope, broker);
    let run = 0;
    const holds = async (taken: readonly Step[]) => {
      await using running = new Scope();
      const way = await brokenWay(running, broker.port);
      const clock = new ManualClock();
      const link = openedLink(running, way.url, { clock, clientId: `ioc-${++run}` });
      await connected(link);
      const topic = `run/${run}`;
      let count = 0;
      for (const step of taken) {
        if (typeof step === 'string') way[step]();
        for (let n = 0; n < Number(step); n++) {
          link.publish({ topic, payload: String(count++), delivery: 'event' });
          link.publish({ topic: `${topic}/state`, payload: String(count), delivery: 'state' });
        }
        clock.advance(100);
        await new Promise((resolve) => setImmediate(resolve));
      }
      way.pass();
      way.cut();
      const flushed = link.flushed();
      await vi.waitFor(() => {
        clock.advance(200);
        expect(link.outbox.messages).toBe(0);
      }, deadline);
      await flushed;
      const of = (name: string) => seen.filter((one) => one.topic === name);
      const numbers = () => [...new Set(of(topic).map(({ payload }) => Number(payload)))];
      await vi.waitFor(() => expect(numbers()).toHaveLength(count), deadline);
      // Each number where it came first.
      expect(numbers()).toEqual(Array.from({ length: count }, (_, n) => n));
      await vi.waitFor(
        () => expect(of(`${topic}/state`).at(-1)?.payload).toBe(String(count)),
        deadline,
      );
    };
    await fc.assert(fc.asyncProperty(steps, holds), { numRuns: 15 });
  });
});
