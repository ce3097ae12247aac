import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TopicTree } from '../../../src/bus/link/topic-tree.ts';
import { matchesFilter } from '../../../src/bus/topic-filter.ts';

function matching(filters: readonly string[], topic: string): string[] {
  const tree = new TopicTree<string>();
  for (const filter of filters) tree.add(filter, filter);
  return tree.matching(topic).sort();
}

describe('a tree of topic filters', () => {
  it.each([
    // The examples of MQTT 3.1.1, sections 4.7.1 and 4.7.2.
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/monitor/Clients', false],
    ['+/monitor/Clients', '$SYS/monitor/Clients', false],
    ['$SYS/#', '$SYS/monitor/Clients', true],
    ['$SYS/monitor/+', '$SYS/monitor/Clients', true],
    ['te/+/+/+/+/cmd/+/+', 'te/device/main///cmd/restart/1', true],
  ])('%s and %s: %s', (filter, topic, expected) => {
    expect(matching([filter], topic)).toEqual(expected ? [filter] : []);
  });

  const level = fc.constantFrom('', 'a', 'b', '$c');
  const topics = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
  const filters = fc
    .tuple(
      fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }),
      fc.constantFrom([], ['#']),
    )
    .map(([levels, end]) => [...levels, ...end].join('/'));

  it('finds what matches filter by filter, and nothing else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(filters, { maxLength: 12 }), topics, (given, topic) => {
        expect(matching(given, topic)).toEqual(given.filter((f) => matchesFilter(f, topic)).sort());
      }),
    );
  });

  it('forgets what was taken out, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(filters, { minLength: 1, maxLength: 12 }),
        topics,
        fc.nat(),
        (given, topic, chance) => {
          const gone = given[chance % given.length] ?? '';
          const tree = new TopicTree<string>();
          for (const filter of given) tree.add(filter, filter);
          tree.delete(gone, gone);
          const left = given.filter((filter) => filter !== gone);
          expect(tree.matching(topic).sort()).toEqual(
            left.filter((filter) => matchesFilter(filter, topic)).sort(),
          );
        },
      ),
    );
  });
});
