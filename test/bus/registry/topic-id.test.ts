import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceOf, entityPath, isTwinKey, topicIdOf } from '../../../src/bus/registry/topic-id.ts';

describe('a topic id', () => {
  it.each([
    ['device/child0', 'device/child0//'],
    ['device/child0//', 'device/child0//'],
    ['device/child0/service/ads', 'device/child0/service/ads'],
    ['hall/1/a/b', 'hall/1/a/b'],
  ])('%s is %s', (text, id) => {
    expect(topicIdOf(text)).toBe(id);
  });

  it.each(['a/b/c/d/e', '', '/b', 'device/+//', 'device/#', 'device/a\u0000'])(
    'is not %j',
    (text) => {
      expect(topicIdOf(text)).toBeUndefined();
    },
  );
});

describe('a path of the entity API', () => {
  it.each([
    ['/device/child0', 'device/child0//', []],
    ['/device/child0//', 'device/child0//', []],
    ['/device/child0///', 'device/child0//', []],
    ['/device/child0/twin', 'device/child0//', ['twin']],
    ['/device/child0/twin/name', 'device/child0//', ['twin', 'name']],
    ['/device/child0///twin/name', 'device/child0//', ['twin', 'name']],
    ['/device/main/service/ioc', 'device/main/service/ioc', []],
    ['/device/main/service/ioc/config/period', 'device/main/service/ioc', ['config', 'period']],
    ['/device/twin', 'device/twin//', []],
    ['/hall/1/a/b/twin', 'hall/1/a/b', ['twin']],
    ['/device/a%20b', 'device/a b//', []],
  ])('%s is of %s', (path, topicId, channel) => {
    expect(entityPath(path)).toEqual({ topicId, channel });
  });

  it.each(['/', '/%', '/device/%2B', '//twin/x'])('%s is of nothing', (path) => {
    expect(entityPath(path)).toBeUndefined();
  });

  it('of a registered id is that id, whatever it is made of', () => {
    const segment = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !/[/+#]/.test(text));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 4, maxLength: 4 }), (segments) => {
        const path = `/${segments.map(encodeURIComponent).join('/')}`;
        fc.pre(!(segments[0] === 'device' && ['twin', 'config'].includes(segments[2] ?? '')));
        expect(entityPath(path)?.topicId).toBe(topicIdOf(segments.join('/')));
      }),
    );
  });
});

it('a service of the default scheme belongs to its device', () => {
  expect(deviceOf('device/child0/service/ads')).toBe('device/child0//');
  expect(deviceOf('device/child0//')).toBeUndefined();
  expect(deviceOf('hall/1/service/ads')).toBeUndefined();
});

it('a twin key is one level of a topic, and not reserved', () => {
  expect(['name', 'c8y_Hardware', 'a b'].map(isTwinKey)).not.toContain(false);
  expect(['', '@id', 'a/b', '+', '#'].map(isTwinKey)).not.toContain(true);
});
