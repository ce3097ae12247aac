import { describe, expect, it } from 'vitest';
import { Subscriptions } from '../../../src/bus/link/subscriptions.ts';
import type { Received } from '../../../src/bus/message.ts';
import { silentLog } from '../../../src/kernel/index.ts';

const message = (topic: string): Received => ({
  topic,
  payload: new Uint8Array(),
  retain: false,
  qos: 0,
  isDuplicate: false,
  sinceConnected: 0,
});

describe('subscriptions', () => {
  it('bring a message to each whose filter matches', () => {
    const subscriptions = new Subscriptions(silentLog);
    const got: string[] = [];
    subscriptions.add('a/+', () => got.push('one'), 1);
    subscriptions.add('a/+', () => got.push('two'), 0);
    subscriptions.add('a/#', () => got.push('three'), 0);
    subscriptions.add('b/#', () => got.push('four'), 0);
    subscriptions.take(message('a/1'));
    expect(got.sort()).toEqual(['one', 'three', 'two']);
    expect(subscriptions).toMatchObject({ received: 1, unclaimed: 0 });
  });

  it('count what nobody wanted', () => {
    const subscriptions = new Subscriptions(silentLog);
    subscriptions.take(message('a/1'));
    expect(subscriptions).toMatchObject({ received: 1, unclaimed: 1 });
  });

  it('are one to the broker where several want the same, at the highest QoS', () => {
    const subscriptions = new Subscriptions(silentLog);
    const [zero, one] = [0 as const, 1 as const].map((qos) =>
      subscriptions.add('a', () => {}, qos),
    );
    expect(subscriptions.filters()).toEqual([{ filter: 'a', qos: 1 }]);
    expect(one && subscriptions.delete('a', one)).toBe(false);
    expect(subscriptions.filters()).toEqual([{ filter: 'a', qos: 0 }]);
    expect(zero && subscriptions.delete('a', zero)).toBe(true);
    expect(subscriptions.filters()).toEqual([]);
  });

  it('that are shared match the topics behind the name of the group', () => {
    const subscriptions = new Subscriptions(silentLog);
    const got: string[] = [];
    subscriptions.add('$share/iocs/cmd/+', ({ topic }) => got.push(topic), 1);
    subscriptions.take(message('cmd/1'));
    expect(got).toEqual(['cmd/1']);
    expect(subscriptions.filters()).toEqual([{ filter: '$share/iocs/cmd/+', qos: 1 }]);
  });

  it('outlive a receiver that throws', () => {
    const subscriptions = new Subscriptions(silentLog);
    const got: string[] = [];
    subscriptions.add(
      'a',
      () => {
        throw new Error('broken');
      },
      0,
    );
    subscriptions.add('a', () => got.push('heard'), 0);
    subscriptions.take(message('a'));
    expect(got).toEqual(['heard']);
  });
});
