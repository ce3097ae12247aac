import type { Entities } from './entities.ts';
import type { Entity } from './entity.ts';
import { MAIN_DEVICE } from './topic-id.ts';

/** A retained message. */
export interface Retained {
  readonly topic: string;
  readonly payload: string;
}

/**
 * The registrations of all entities, in steps that must be accepted one after the other: parents
 * before children, and services before devices whose health they tell. The main device is registered
 * only where it is ours (facts/mqtt.md sections 1.2 and 1.10).
 */
export function registrationSteps(entities: Entities): readonly (readonly Retained[])[] {
  const healthOf = (entity: Entity) =>
    entity.plant === undefined ? undefined : entities.linkOf(entity.plant);
  const isFirst = ({ kind }: Entity) => kind !== 'master' && kind !== 'slave';
  const first = entities.all.filter(isFirst).map((each) => retained(each, undefined));
  // A server exists before the service that tells its health, and is told of it then.
  const second = entities.all
    .filter((each) => !isFirst(each) || hasHealth(each))
    .map((each) => retained(each, healthOf(each)));
  return second.length === 0 ? [first] : [first, second];
}

/** What a registration says. */
export function registration(
  entity: Entity,
  health: Entity | undefined,
): Readonly<Record<string, string>> {
  const { topicId, kind, name, parent, node } = entity;
  const above = parent?.topicId ?? MAIN_DEVICE;
  switch (kind) {
    case 'host':
      return { '@type': 'device', name, type: 'IOC' };
    case 'ioc':
      return { '@type': 'service', '@parent': above, name, type: 'epics-ioc' };
    case 'link':
      return { '@type': 'service', '@parent': above, name, type: 'ads-link' };
    case 'server': {
      const named = { name, type: 'TwinCAT' };
      if (topicId === MAIN_DEVICE) return { '@type': 'device', ...named };
      return child(above, health, named);
    }
    case 'master':
    case 'slave':
      return child(above, health, { name, type: node?.type ?? kind });
  }
}

function child(parent: string, health: Entity | undefined, named: { name: string; type: string }) {
  const service = health && { '@health': health.topicId };
  return { '@type': 'child-device', '@parent': parent, ...service, ...named };
}

/** The main device has no health of its own choice. */
function hasHealth({ kind, topicId }: Entity): boolean {
  return kind === 'server' && topicId !== MAIN_DEVICE;
}

function retained(entity: Entity, health: Entity | undefined): Retained {
  return { topic: entity.topic, payload: JSON.stringify(registration(entity, health)) };
}
