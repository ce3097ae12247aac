import type { NodeAttribute, PlantNode } from '../../node.ts';
import { attributeNames, flatName } from './attribute-names.ts';
import { type DataType, dataTypeOf } from './data-type.ts';

/**
 * What an entity stands for: the host (only where no agent owns it), this IOC, a TwinCAT server,
 * the ADS link to it, an EtherCAT master, a slave.
 */
export type EntityKind = 'host' | 'ioc' | 'server' | 'link' | 'master' | 'slave';

/** An attribute as thin-edge sees it. */
export interface EntityAttribute {
  /** `ch1_value`: unique in the entity; what commands call it. */
  readonly id: string;
  /** Where it is in a measurement: `ch1`, `value`; no group means the root. */
  readonly group: string;
  readonly member: string;
  readonly dataType: DataType;
  readonly source: NodeAttribute;
}

/** A device or service of the thin-edge entity store. */
export interface Entity {
  /** Four segments: `device/BL07_ETH1_RIO2_MOD3//`. */
  readonly topicId: string;
  /** Root and topic id: where it is registered; a channel follows after another slash. */
  readonly topic: string;
  /** What stands in the topic: `BL07_ETH1_RIO2_MOD3`, or the name of a service. */
  readonly id: string;
  readonly kind: EntityKind;
  /** What people call it: as TwinCAT calls a controller, as its PVs begin of a server. */
  readonly name: string;
  /** Undefined of the main device, and of what belongs to it. */
  readonly parent: Entity | undefined;
  /** Configured name of its plant; undefined of the host and the IOC. */
  readonly plant: string | undefined;
  /** The controller that it is; undefined of services and of the host. */
  readonly node: PlantNode | undefined;
  /** In the order of the controller. */
  readonly attributes: readonly EntityAttribute[];
  /** By id, or by the attribute's name in the plant. */
  attribute(name: string): EntityAttribute | undefined;
}

/** What an entity is made from. */
export type EntityDraft = Omit<Entity, 'topic' | 'attributes' | 'attribute'> & {
  readonly root: string;
};

/** An entity, with its attributes named when somebody asks for them. */
export function newEntity({ root, ...draft }: EntityDraft): Entity {
  let made: readonly EntityAttribute[] | undefined;
  let byName: ReadonlyMap<string, EntityAttribute> | undefined;
  return {
    ...draft,
    topic: `${root}/${draft.topicId}`,
    get attributes() {
      made ??= draft.node ? attributesOf(draft.node) : [];
      return made;
    },
    attribute(name) {
      byName ??= namesOf(this.attributes);
      return byName.get(name);
    },
  };
}

function attributesOf({ kind, attributes }: PlantNode): readonly EntityAttribute[] {
  const names = attributeNames(attributes.map(({ attribute }) => attribute));
  return attributes.map((source, i) => {
    const name = names[i] ?? { group: '', member: source.attribute.name };
    const dataType = dataTypeOf(kind, source.attribute);
    return { id: flatName(name), ...name, dataType, source };
  });
}

/** Ids count before names of the plant. */
function namesOf(attributes: readonly EntityAttribute[]): Map<string, EntityAttribute> {
  return new Map([
    ...attributes.map((each) => [each.source.attribute.name, each] as const),
    ...attributes.map((each) => [each.id, each] as const),
  ]);
}
