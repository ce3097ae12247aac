import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capabilityTopic, commandName } from '../../../src/bus/commands/topic.ts';

describe('the topic of a command', () => {
  it.each([
    ['te/device/BL07_ETH1///cmd/epics_put/17', 'device/BL07_ETH1//', 'epics_put', '17'],
    ['te/device/main/service/ioc/cmd/restart/a b', 'device/main/service/ioc', 'restart', 'a b'],
    ['te/device/x////epics_get', undefined],
    ['te/device/x///cmd/epics_get', undefined],
    ['te/device/x///cmd/epics_get/', undefined],
    ['te/device/x///cmd/epics_get/1/2', undefined],
    ['te/device/x///m/io/1', undefined],
    ['tea/device/x//cmd/epics_get/1', undefined],
    ['te', undefined],
    [`te/device/x///cmd/epics_get/${'x'.repeat(257)}`, undefined],
    ['te/device/x///cmd/epics_get/a\nb', undefined],
  ])('%s', (topic, topicId, operation = '', id = '') => {
    const name = topicId === undefined ? undefined : { topicId, operation, id };
    expect(commandName('te', topic)).toEqual(name);
  });

  it('may have a root of several levels', () => {
    const name = commandName('site/te', 'site/te/device/x///cmd/epics_get/1');
    expect(name).toEqual({ topicId: 'device/x//', operation: 'epics_get', id: '1' });
  });

  it('is below the topic of its capability', () => {
    expect(capabilityTopic('te', 'device/x//', 'restart')).toBe('te/device/x///cmd/restart');
  });

  it('never throws', () => {
    const level = fc.constantFrom('te', 'device', 'cmd', '', 'x', '+', '#');
    fc.assert(
      fc.property(fc.array(level, { maxLength: 10 }), (levels) => {
        const name = commandName('te', levels.join('/'));
        expect(name === undefined || name.id !== '').toBe(true);
      }),
    );
  });
});
