import { describe, expect, it } from 'vitest';
import { ClientRights } from '../../../src/bus/broker/client-rights.ts';

const rights = (publish: readonly string[], subscribe: readonly string[] = publish) =>
  new ClientRights({ publish, subscribe }, 'gui', 'panel-3');

describe('the rights of a client', () => {
  it('are those of its filters', () => {
    const gui = rights(['te/+/+/+/+/cmd/+/+'], ['te/#']);
    expect(gui.mayPublish('te/device/x///cmd/epics_put/1')).toBe(true);
    expect(gui.mayPublish('te/device/x///m/io')).toBe(false);
    expect(gui.mayHear('te/device/x///m/io')).toBe(true);
    expect(gui.mayHear('c8y/s/us')).toBe(false);
  });

  it('have its user and its client id in the place of %u and %c', () => {
    const own = rights(['users/%u/%c/#']);
    expect(own.mayPublish('users/gui/panel-3/x')).toBe(true);
    expect(own.mayPublish('users/gui/panel-4/x')).toBe(false);
  });

  it('are none where a name would widen a filter', () => {
    const filters = { publish: ['users/%u/#'], subscribe: ['clients/%c'] };
    for (const name of ['+', '#', 'a/b', '']) {
      expect(new ClientRights(filters, name, 'c').mayPublish('users/other/x'), name).toBe(false);
      expect(new ClientRights(filters, 'u', name).maySubscribe('clients/#'), name).toBe(false);
    }
  });

  it('let it subscribe to more than it may hear, but not to what it may hear nothing of', () => {
    const gui = rights([], ['te/#']);
    expect(gui.maySubscribe('#')).toBe(true);
    expect(gui.maySubscribe('+/device/#')).toBe(true);
    expect(gui.maySubscribe('c8y/#')).toBe(false);
    expect(rights(['#']).maySubscribe('$SYS/#')).toBe(false);
  });
});
