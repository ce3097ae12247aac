import { expect, it } from 'vitest';
import { RecordedLink } from '../../../src/bus/files/recorded-link.ts';
import { LineRing } from '../../../src/kernel/index.ts';
import { FakeBusLink } from '../../support/fake-bus-link.ts';

it('a recorded link notes events and alarms, and publishes all the same', () => {
  const link = new FakeBusLink();
  const lines = new LineRing(10, 1000);
  const recorded = new RecordedLink(link, lines, () => Date.UTC(2026, 6, 29));
  const topics = ['e/al_state', 'a/link_lost', 'a/link_lost/meta', 'm/io', 'twin/name'];
  for (const channel of topics) {
    recorded.publish({
      topic: `te/device/x///${channel}`,
      payload: '{"text":"t"}',
      delivery: 'event',
    });
  }
  recorded.publish({ topic: 'te/device/x///a/link_lost', payload: '', delivery: 'event' });
  expect(lines.lines()).toEqual([
    '2026-07-29T00:00:00.000Z device/x// event al_state {"text":"t"}',
    '2026-07-29T00:00:00.000Z device/x// alarm link_lost {"text":"t"}',
    '2026-07-29T00:00:00.000Z device/x// alarm link_lost cleared',
  ]);
  expect(link.published).toHaveLength(6);
});
