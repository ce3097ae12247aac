import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox } from '../../../src/bus/link/outbox.ts';
import type { Waiting } from '../../../src/bus/link/waiting.ts';
import type { Delivery, Publication } from '../../../src/bus/message.ts';

const of = (delivery: Delivery, topic: string, payload: string, more = {}): Publication => ({
  topic,
  payload,
  delivery,
  ...more,
});

/** Payloads in the order in which they leave. */
function all(outbox: Outbox, now = 0, isWindowOpen = true): unknown[] {
  const left: unknown[] = [];
  for (let one = outbox.take(isWindowOpen, now); one; one = outbox.take(isWindowOpen, now)) {
    left.push(one.payload);
    outbox.settle(one);
  }
  return left;
}

describe('an outbox', () => {
  it('lets each event leave, in order', () => {
    const outbox = new Outbox({});
    for (const payload of ['1', '2', '3']) outbox.put(of('event', 'a', payload), 0);
    expect(all(outbox)).toEqual(['1', '2', '3']);
  });

  it('keeps the newest state of each topic, in the place of the first', () => {
    const outbox = new Outbox({});
    outbox.put(of('state', 'a', 'a1'), 0);
    outbox.put(of('state', 'b', 'b1'), 0);
    outbox.put(of('state', 'a', 'a2'), 0);
    expect(all(outbox)).toEqual(['a2', 'b1']);
    expect(outbox.drops.replaced).toBe(1);
  });

  it('puts a state that comes after its topic left at the end', () => {
    const outbox = new Outbox({});
    outbox.put(of('state', 'a', 'a1'), 0);
    outbox.put(of('state', 'b', 'b1'), 0);
    expect(outbox.take(true, 0)?.payload).toBe('a1');
    outbox.put(of('state', 'a', 'a2'), 0);
    expect(all(outbox)).toEqual(['b1', 'a2']);
  });

  it('lets states go before events, and quick telemetry last', () => {
    const outbox = new Outbox({});
    outbox.put(of('telemetry', 'm', 'm'), 0);
    outbox.put(of('event', 'e', 'e'), 0);
    outbox.put(of('state', 's', 's'), 0);
    expect(all(outbox)).toEqual(['s', 'e', 'm']);
  });

  it('lets events have a turn while states never end', () => {
    const outbox = new Outbox({});
    outbox.put(of('event', 'e', 'e'), 0);
    for (let n = 0; n < 200; n++) outbox.put(of('state', `s${n}`, 's'), 0);
    expect(all(outbox).indexOf('e')).toBe(64);
  });

  it('lets events and telemetry that is to be acknowledged take turns', () => {
    const outbox = new Outbox({});
    for (let n = 0; n < 3; n++) {
      outbox.put(of('event', 'e', 'e'), 0);
      outbox.put(of('telemetry', `m${n}`, 'm', { qos: 1 }), 0);
    }
    expect(all(outbox).join('')).toMatch(/^(em)+$|^(me)+$/);
  });

  it('lets pass a closed window what needs no acknowledgement', () => {
    const outbox = new Outbox({});
    outbox.put(of('event', 'e', 'e'), 0);
    outbox.put(of('telemetry', 'm', 'm'), 0);
    outbox.put(of('state', 's', 's', { qos: 0 }), 0);
    expect(all(outbox, 0, false)).toEqual(['s', 'm']);
    expect(all(outbox)).toEqual(['e']);
  });

  it('makes room: of telemetry first, then of events, the oldest of each', () => {
    const outbox = new Outbox({ maxMessages: 3 });
    outbox.put(of('state', 's', 's'), 0);
    outbox.put(of('event', 'e', 'e1'), 0);
    outbox.put(of('telemetry', 'm', 'm'), 0);
    outbox.put(of('event', 'e', 'e2'), 0);
    outbox.put(of('event', 'e', 'e3'), 0);
    expect(outbox.drops.full).toBe(2);
    expect(all(outbox)).toEqual(['s', 'e2', 'e3']);
  });

  it('is bounded in memory, and takes nothing that is larger than it', () => {
    const outbox = new Outbox({ maxBytes: 3000 });
    for (let n = 0; n < 10; n++) outbox.put(of('event', 'e', 'x'.repeat(700)), 0);
    expect(outbox).toMatchObject({ messages: 3, drops: { full: 7 } });
    outbox.put(of('event', 'e', 'x'.repeat(3000)), 0);
    expect(outbox).toMatchObject({ messages: 3, drops: { full: 7, tooLarge: 1 } });
  });

  it('drops events that wait longer than it allows, and whatever is past its own time', () => {
    const outbox = new Outbox({ maxAgeSeconds: 10 });
    outbox.put(of('event', 'e', 'old'), 0);
    outbox.put(of('event', 'e', 'new'), 5000);
    outbox.put(of('state', 's', 's'), 0);
    outbox.put(of('state', 't', 't', { expiry: 1 }), 9000);
    outbox.dropExpired(10_000);
    expect(outbox).toMatchObject({ messages: 3, drops: { expired: 1 } });
    expect(all(outbox, 10_000)).toEqual(['s', 'new']);
    expect(outbox).toMatchObject({ messages: 0, bytes: 0, drops: { expired: 2 } });
  });

  it('tells its keeper of what is to outlive the process, and when it need not any more', () => {
    const told: string[] = [];
    const outbox = new Outbox(
      { maxMessages: 2 },
      {
        keep: ({ payload }) => told.push(`keep ${payload}`),
        letGo: ({ payload }) => told.push(`let go ${payload}`),
      },
    );
    outbox.put(of('event', 'e', '1', { isDurable: true }), 0);
    outbox.put(of('event', 'e', '2'), 0);
    outbox.put(of('event', 'e', '3', { isDurable: true }), 0);
    outbox.put(of('telemetry', 'm', 'm', { isDurable: true }), 0);
    expect(all(outbox)).toEqual(['2', '3']);
    expect(told).toEqual(['keep 1', 'keep 3', 'let go 1', 'let go 3']);
  });
});

type Step =
  | {
      readonly kind: 'put';
      readonly delivery: Delivery;
      readonly topic: string;
      readonly qos: 0 | 1;
    }
  | { readonly kind: 'take'; readonly isOpen: boolean }
  | { readonly kind: 'settle' }
  | { readonly kind: 'away' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('put' as const),
        delivery: fc.constantFrom<Delivery[]>('telemetry', 'state', 'event'),
        topic: fc.constantFrom('a', 'b', 'c', 'd'),
        qos: fc.constantFrom(0 as const, 1 as const),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('take' as const), isOpen: fc.boolean() }),
    },
    { weight: 3, arbitrary: fc.constant({ kind: 'settle' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'away' as const }) },
  ),
  { maxLength: 120 },
);

describe('whatever is put in and taken out, an outbox', () => {
  it('loses nothing uncounted, keeps the order of each topic, and stays within its bounds', () => {
    fc.assert(fc.property(steps, fc.integer({ min: 3, max: 20 }), runs), { numRuns: 500 });
  });
});

/** Takes the steps and looks at what must hold after each. */
function runs(taken: readonly Step[], maxMessages: number): void {
  const outbox = new Outbox({ maxMessages });
  const away: Waiting[] = [];
  const lastOf = new Map<string, number>();
  const newestOf = new Map<string, number>();
  let [put, left] = [0, 0];
  for (const step of taken) {
    switch (step.kind) {
      case 'put': {
        const { delivery, topic, qos } = step;
        const name = `${delivery}${qos}/${topic}`;
        newestOf.set(name, ++put);
        outbox.put(of(delivery, name, String(put), { qos }), 0);
        break;
      }
      case 'take': {
        const message = outbox.take(step.isOpen, 0);
        if (!message) break;
        const number = Number(message.payload);
        if (!step.isOpen) expect(message.qos).toBe(0);
        expect(number).toBeGreaterThan(lastOf.get(message.topic) ?? 0);
        if (message.delivery !== 'event') expect(number).toBe(newestOf.get(message.topic));
        lastOf.set(message.topic, number);
        away.push(message);
        break;
      }
      case 'settle': {
        const message = away.shift();
        if (!message) break;
        outbox.settle(message);
        left++;
        break;
      }
      case 'away':
        outbox.dropStale();
    }
    const dropped = Object.values(outbox.drops).reduce((sum, each) => sum + each, 0);
    expect(outbox.messages).toBe(put - left - dropped);
    expect(outbox.messages).toBeLessThanOrEqual(Math.max(maxMessages, away.length));
  }
  const dropped = { ...outbox.drops };
  for (const message of away) outbox.settle(message);
  const rest = all(outbox).length;
  expect(outbox).toMatchObject({ messages: 0, bytes: 0, oldest: Number.POSITIVE_INFINITY });
  const sum = Object.values(dropped).reduce((total, each) => total + each, 0);
  expect(put).toBe(left + away.length + rest + sum);
}
