import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EntityRegistry } from '../../../src/bus/registry/entity-registry.ts';
import { Scope, systemClock } from '../../../src/kernel/index.ts';
import { FakeBusLink } from '../../support/fake-bus-link.ts';

it('the registry outlives whatever the bus brings, and every entity is in the subtree of its parent', async () => {
  await using scope = new Scope();
  const id = fc.constantFrom(
    'device/main//',
    'device/a//',
    'device/b//',
    'device/b/service/s',
    'x/y/z/',
  );
  const channel = fc.constantFrom('', '/twin/name', '/twin/@id', '/twin/', '/config');
  const registration = fc.record(
    {
      '@type': fc.constantFrom('device', 'child-device', 'service', 'gadget', 7),
      '@parent': fc.oneof(id, fc.constantFrom('', '+', 3, null)),
      '@id': fc.constantFrom('e', 'a/b', {}),
      name: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const payload = fc.oneof(
    fc
      .oneof(registration, fc.jsonValue())
      .map((value) => new TextEncoder().encode(JSON.stringify(value))),
    fc.uint8Array({ maxLength: 30 }),
    fc.constant(new Uint8Array()),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(id, channel, payload), { maxLength: 30 }), (messages) => {
      const link = new FakeBusLink();
      const isOurs = (topicId: string) => topicId === 'device/b//';
      const registry = new EntityRegistry(link, 'te', isOurs, systemClock, scope);
      for (const [topicId, suffix, bytes] of messages) {
        link.bring(`te/${topicId}${suffix}`, bytes, { retain: true });
      }
      for (const { topicId, registration: known } of registry.all()) {
        if (known.parent === undefined || !registry.find(known.parent)) continue;
        expect(registry.subtree(known.parent)).toContain(topicId);
      }
    }),
  );
});
