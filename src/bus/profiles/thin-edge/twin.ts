import type { PvDirectory } from '../../../pv/index.ts';
import type { PlantNode } from '../../node.ts';
import type { Entity } from './entity.ts';
import type { Retained } from './registration.ts';

/** What the IOC tells of itself. */
export interface IocFacts {
  readonly version: string;
  /** Where its PVs are served, such as `ca: port 5064`. */
  readonly endpoints: Readonly<Record<string, string | number>>;
}

/** How twins are made. */
export interface TwinOptions {
  readonly directory: PvDirectory;
  /** What the IOC's PV names begin with. */
  readonly prefix: string;
  readonly ioc: IocFacts;
  /** Cumulocity's own fragment of what a device is. */
  readonly c8yHardware: boolean;
}

/** Longest list of attributes, in characters: some brokers take 16,184 bytes and no more. */
const LONGEST_LIST = 10_000;

type Fragments = Readonly<Record<string, unknown>>;

/** The twin of an entity, one retained message per fragment (facts/mqtt.md section 2.5). */
export function twinOf(entity: Entity, options: TwinOptions): readonly Retained[] {
  return Object.entries(fragmentsOf(entity, options)).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [{ topic: `${entity.topic}/twin/${key}`, payload: JSON.stringify(value) }],
  );
}

/** Fragments that we know how to make; what else is in a twin is somebody else's. */
export const twinKeys: readonly string[] = [
  ...['ads', 'ethercat', 'identity', 'module', 'epics', 'c8y_Hardware', 'state'],
  ...['version', 'endpoints'],
];

function fragmentsOf(entity: Entity, options: TwinOptions): Fragments {
  const { node, kind } = entity;
  if (kind === 'ioc') {
    const { version, endpoints } = options.ioc;
    return { version, endpoints, epics: { prefix: options.prefix } };
  }
  if (!node) return {};
  const epics = epicsFragment(entity, node, options);
  switch (node.kind) {
    case 'server':
      return { ads: adsFragment(entity, node, options), epics };
    case 'device':
      return { ethercat: masterFragment(entity, node, options), epics };
    case 'coupler':
    case 'box':
    case 'terminal':
      return { ...slaveFragments(entity, node, options), epics };
  }
}

function adsFragment(entity: Entity, { netId }: PlantNode, { directory }: TwinOptions) {
  const text = (name: string) => textOf(entity, name, directory);
  return { amsNetId: netId, twincatVersion: text('version'), build: text('build') };
}

function masterFragment(entity: Entity, { id, netId }: PlantNode, { directory }: TwinOptions) {
  const pv = entity.attribute('slave_count')?.source.value;
  const slaves = pv === undefined ? undefined : directory.find(pv)?.read();
  return { deviceId: id, amsNetId: netId, slaves };
}

function slaveFragments(entity: Entity, node: PlantNode, options: TwinOptions): Fragments {
  const { id: address, identity, type, description, attributes } = node;
  const { directory, c8yHardware } = options;
  const channels = new Set(entity.attributes.map(({ group }) => group)).values();
  const parentPort = textOf(entity, 'parent_port', directory);
  return {
    ...(identity && {
      identity: {
        ...{ vendorId: identity.vendor, productCode: identity.product },
        ...{ revision: identity.revision, serial: identity.serial },
      },
    }),
    ethercat: { address, node: node.node, position: node.position, parentPort },
    module: {
      description,
      channels: [...channels].filter((group) => /^ch\d/.test(group)).length,
      attributes: attributes.length,
    },
    ...(c8yHardware && {
      c8y_Hardware: {
        model: type,
        revision: String(identity?.revision ?? ''),
        serialNumber: String(identity?.serial ?? ''),
      },
    }),
  };
}

/**
 * From thin-edge names back to PVs and to the plant: what stands behind `prefix` in the name of each
 * attribute's PV. CoE objects, the longest part, are left out first where it would be too long.
 */
function epicsFragment(entity: Entity, { path, name }: PlantNode, { prefix }: TwinOptions) {
  const all = listOf(entity, path, () => true);
  const isLong = JSON.stringify(all).length > LONGEST_LIST;
  const some = isLong ? listOf(entity, path, (dataType) => dataType !== 'coe') : all;
  const isTooLong = isLong && JSON.stringify(some).length > LONGEST_LIST;
  return {
    ...{ ioc: prefix, prefix: path, symbol: name },
    attributes: isTooLong ? {} : some,
    ...(isLong && {
      attributesLeftOut: entity.attributes.length - Object.keys(isTooLong ? {} : some).length,
    }),
  };
}

function listOf(entity: Entity, path: string, isListed: (dataType: string) => boolean) {
  return Object.fromEntries(
    entity.attributes.flatMap(({ id, dataType, source }) => {
      const pv = source.value ?? source.setpoint ?? '';
      return isListed(dataType) ? [[id, pv.startsWith(path) ? pv.slice(path.length) : pv]] : [];
    }),
  );
}

/** What a PV of an attribute reads as, in words. */
function textOf(entity: Entity, attribute: string, directory: PvDirectory): string | undefined {
  const pv = entity.attribute(attribute)?.source.value;
  const field = pv === undefined ? undefined : directory.find(pv);
  if (!field) return undefined;
  const value = field.read();
  if (typeof value === 'number') return field.metadata().labels[value] ?? String(value);
  return typeof value === 'string' || typeof value === 'bigint' ? String(value) : undefined;
}
