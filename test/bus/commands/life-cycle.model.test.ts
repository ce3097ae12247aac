import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LifeWorld } from './life-world.ts';

const ids = ['1', '2', '3', '4', '5'];
const id = fc.constantFrom(...ids);
const subject = fc.constantFrom('a', 'b');
const how = fc.record({ isRetained: fc.boolean(), isLate: fc.boolean() });
const status = fc.constantFrom('executing', 'successful', 'failed', 'scheduled', 'init', '');

/** Everything that can happen to commands, in any order. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), id, subject, how }),
  fc.record({ kind: fc.constant('say' as const), id, status, how }),
  fc.record({ kind: fc.constant('clear' as const), id }),
  fc.record({ kind: fc.constant('garbage' as const), id, text: fc.string() }),
  fc.record({ kind: fc.constant('end' as const), id }),
  fc.record({ kind: fc.constant('settle' as const), id }),
  fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant('open' as const) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function happen(world: LifeWorld, event: Happening): void {
  switch (event.kind) {
    case 'ask':
      world.ask(event.id, { subject: event.subject }, event.how);
      break;
    case 'say':
      world.say(event.id, { status: event.status }, event.how);
      break;
    case 'clear':
      world.clear(event.id);
      break;
    case 'garbage':
      world.payload(event.id, event.text);
      break;
    case 'end':
      if (world.running.has(event.id)) world.end(event.id);
      break;
    case 'settle':
      if (!world.settling.has(event.id)) break;
      world.settle(event.id, { status: 'failed', reason: 'interrupted' });
      world.settling.delete(event.id);
      break;
    case 'pass':
      world.pass(event.seconds);
      break;
    case 'open':
      world.life.open(world.now);
      break;
  }
}

describe('the life of commands, whatever happens', () => {
  it('begins each once at most, in time, one at a time on a subject', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (events) => {
        const world = new LifeWorld({ queue: 2, pending: 4 }, 'closed');
        for (const event of events) {
          const before = world.began.length;
          happen(world, event);
          for (const begun of world.began.slice(before)) {
            const command = world.running.get(begun);
            expect(command?.until).toBeGreaterThanOrEqual(world.now);
            expect(command?.arrival).toMatchObject({ isRetained: false, isLate: false });
          }
          const subjects = [...world.running.values()].map((command) => command.subject);
          expect(new Set(subjects).size).toBe(subjects.length);
        }
        expect(new Set(world.began).size).toBe(world.began.length);
      }),
      { numRuns: 300 },
    );
  });

  it('ends each once at most, and speaks of none that nobody asked for', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (events) => {
        const world = new LifeWorld({ queue: 2, pending: 4 }, 'closed');
        const mentioned = new Set<string>();
        for (const event of events) {
          if ('id' in event) mentioned.add(event.id);
          happen(world, event);
        }
        const isRefusal = (told: string) => /used before|too many wait$/.test(told);
        const ends = world.happened.filter((each) => each.startsWith('tell') && !isRefusal(each));
        const ended = ends.map((each) => each.split(' ')[1] ?? '');
        expect(new Set(ended).size).toBe(ended.length);
        expect(ended.every((each) => mentioned.has(each))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves no line blocked: when all that runs ends, everything new can begin', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (events) => {
        const world = new LifeWorld({ queue: 2, pending: 4 }, 'closed');
        for (const event of events) happen(world, event);
        world.life.open(world.now);
        for (let round = 0; world.running.size > 0; round++) {
          expect(round).toBeLessThan(20);
          for (const running of [...world.running.keys()]) world.end(running);
        }
        expect(world.life.pending).toBe(0);
        world.ask('new', { subject: 'a' });
        expect(world.began.at(-1)).toBe('new');
      }),
      { numRuns: 300 },
    );
  });
});
