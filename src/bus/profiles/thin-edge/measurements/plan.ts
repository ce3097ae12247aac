import type { PvDirectory, PvField } from '../../../../pv/index.ts';
import type { Entity } from '../entity.ts';
import type { Deadband, MeasurementPolicy, MeasurementType, Policies } from './policy.ts';

/** A number of an entity: where it is in a measurement, and which PV has it. */
export interface Member {
  readonly group: string;
  readonly member: string;
  readonly pv: string;
  readonly field: PvField;
  readonly deadband: Deadband;
}

/** One message: the numbers of one type of one entity. */
export interface Group {
  readonly entity: Entity;
  readonly type: MeasurementType;
  readonly topic: string;
  readonly policy: MeasurementPolicy;
  /** Those of one channel beside each other. */
  readonly members: readonly Member[];
}

/** PVs that are told of an entity beside its attributes: `runtime` of the IOC. */
export type Extras = ReadonlyMap<Entity, readonly { readonly name: string; readonly pv: string }[]>;

/** Types, most important first: when there is too much, the last ones wait. */
export const byImportance: readonly MeasurementType[] = ['io', 'coe', 'runtime', 'diag'];

/** Every message that there is to publish; most important ones first. */
export function groupsOf(
  entities: readonly Entity[],
  extras: Extras,
  directory: PvDirectory,
  policies: Policies,
): readonly Group[] {
  return byImportance.flatMap((type) =>
    entities.flatMap((entity) => {
      const path = entity.node?.path ?? entity.id;
      const policy = policies.ofGroup(path, type);
      if (!policy.enabled) return [];
      const named = namedPvs(entity, type, extras);
      const members = named.flatMap(({ pv, ...name }) => {
        const rule = policies.ofAttribute(pv);
        const field = rule.publish === false ? undefined : numberField(directory, pv);
        if (!field) return [];
        return [{ ...name, pv, field, deadband: rule.deadband ?? policy.deadband }];
      });
      if (members.length === 0) return [];
      const topic = `${entity.topic}/m/${type}`;
      return [{ entity, type, topic, policy, members: byChannel(members) }];
    }),
  );
}

function namedPvs(entity: Entity, type: MeasurementType, extras: Extras) {
  if (type === 'runtime') {
    const rows = extras.get(entity) ?? [];
    return rows.map(({ name, pv }) => ({ group: '', member: name, pv }));
  }
  return entity.attributes.flatMap(({ dataType, group, member, source }) => {
    const { value: pv, attribute } = source;
    // The value of a toggle means nothing.
    const isTold = dataType === type && pv !== undefined && !attribute.toggles;
    return isTold ? [{ group, member, pv }] : [];
  });
}

/** The field of a PV that holds one number. */
export function numberField(directory: PvDirectory, pv: string): PvField | undefined {
  const field = directory.find(pv);
  if (field === undefined || field.maxCount !== 1) return undefined;
  // 64-bit integers are numbers, too: those beyond 2^53 lose digits, as in every thin-edge client.
  return field.isColumn || field.type === 'INT64' || field.type === 'UINT64' ? field : undefined;
}

/** How far a value must be from the one published last, now. */
export function deadbandNow({ field, deadband }: Member, directory: PvDirectory): number {
  if (deadband === 'mdel' || deadband === 'adel') {
    const own = directory.find(`${field.record}.${deadband.toUpperCase()}`)?.read();
    return typeof own === 'number' ? own : 0;
  }
  if (deadband.kind === 'absolute') return deadband.value;
  const { low, high } = field.metadata().display;
  return Math.abs(high - low) * (deadband.value / 100);
}

/** Members of the root first, then those of each channel in the order in which channels come. */
function byChannel(members: readonly Member[]): readonly Member[] {
  const order = new Map<string, number>([['', 0]]);
  for (const { group } of members) if (!order.has(group)) order.set(group, order.size);
  const rank = ({ group }: Member) => order.get(group) ?? 0;
  return [...members].sort((a, b) => rank(a) - rank(b));
}
