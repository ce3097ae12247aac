import { describe, expect, it } from 'vitest';
import { RetainedClearing } from '../../../src/bus/registry/retained-clearing.ts';
import { FakeBusLink } from '../../support/fake-bus-link.ts';

describe('the clearing of what a broker keeps', () => {
  it('clears what is kept below a topic: not the topic, not what is said now', () => {
    const link = new FakeBusLink();
    using clearing = new RetainedClearing(link);
    clearing.begin('te/a');
    link.bring('te/a', '{}', { retain: true });
    link.bring('te/a/twin/x', '1', { retain: true });
    link.bring('te/a/m/y', '2');
    link.bring('te/b/twin/x', '3', { retain: true });
    expect(link.published).toEqual([{ topic: 'te/a/twin/x', payload: '', delivery: 'state' }]);
  });

  it('listens once for each topic, and to none when it is over', () => {
    const link = new FakeBusLink();
    const clearing = new RetainedClearing(link);
    for (const topic of ['te/a', 'te/b', 'te/a']) clearing.begin(topic);
    expect(link.filters.toSorted()).toEqual(['te/a/#', 'te/b/#']);
    clearing[Symbol.dispose]();
    expect(link.filters).toEqual([]);
  });
});
