import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  filtersOverlap,
  isTopic,
  isTopicFilter,
  matchesFilter,
} from '../../src/bus/topic-filter.ts';

const level = fc.constantFrom('a', 'b', '', '$x');
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', '', '+', '$x'), { maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen ? ['#'] : [])].join('/'))
  .filter((text) => text !== '');

describe('a topic filter', () => {
  // Examples of MQTT 3.1.1, sections 4.7.1.2 and 4.7.1.3.
  for (const [one, other, isMatch] of [
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['#', 'sport', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/uptime', false],
    ['+/monitor/Clients', '$SYS/monitor/Clients', false],
    ['$SYS/#', '$SYS/uptime', true],
    ['te/+/+/+/+/m/+', 'te/device/x///m/io', true],
  ] as const) {
    it(`${one} ${isMatch ? 'has' : 'has not'} ${other}`, () => {
      expect(matchesFilter(one, other)).toBe(isMatch);
    });
  }

  it('has # as its last level alone, and + as a whole one', () => {
    const wrong = ['a/#/b', 'a#', 'a+/b', '+a', '', 'a\0'];
    const right = ['#', '+', 'a/+/b', 'a/#', '/', '+/#'];
    expect(wrong.filter(isTopicFilter)).toEqual([]);
    expect(right.filter((text) => !isTopicFilter(text))).toEqual([]);
    expect(['a/+', '#', '', 'a\0'].filter(isTopic)).toEqual([]);
    expect(isTopic('te/device/x///m/io')).toBe(true);
  });

  it('overlaps another where a topic is among those of both', () => {
    fc.assert(
      fc.property(filter, filter, topic, (one, other, common) => {
        const isCommon = matchesFilter(one, common) && matchesFilter(other, common);
        if (isCommon) expect(filtersOverlap(one, other)).toBe(true);
        expect(filtersOverlap(one, other)).toBe(filtersOverlap(other, one));
      }),
      { numRuns: 2000 },
    );
    expect(filtersOverlap('te/+/a', 'te/b/#')).toBe(true);
    expect(filtersOverlap('te/a/#', 'te/b/#')).toBe(false);
    expect(filtersOverlap('#', '$SYS/#')).toBe(false);
    expect(filtersOverlap('a/+', 'a')).toBe(false);
  });
});
