import { amsNetId } from './ads/index.ts';
import type { CoePlaceOf, Entity, PlantAccess } from './bus/index.ts';
import { IocError } from './kernel/index.ts';
import type { PlantErrands, SlavePlace } from './pipeline/index.ts';
import type { ServedPlant } from './plants.ts';

/** What commands ask of plants that no PV stands for, over the sessions with the plants. */
export function plantAccess(plants: readonly Pick<ServedPlant, 'name' | 'errands'>[]): PlantAccess {
  const errandsOf = ({ plant: name, id }: Entity): PlantErrands => {
    const plant = plants.find((each) => each.name === name);
    if (plant) return plant.errands;
    throw new IocError('ioc/bus-plant', `${id} belongs to no plant`);
  };
  return {
    coeObject(entity, place) {
      const errands = errandsOf(entity);
      const slave = slaveOf(entity);
      const datatype = errands.datatypeOf(slave, place);
      return {
        ...(datatype && { datatype }),
        ...(errands.isProtected(slave, place) && { protection: protectionOf(slave, place) }),
      };
    },
    readCoe: async (entity, place, length, signal) =>
      errandsOf(entity).readObject(slaveOf(entity), place, length, signal),
    writeCoe: async (entity, place, bytes, signal) =>
      errandsOf(entity).writeObject(slaveOf(entity), place, bytes, signal),
    alStatusCode: async (entity, signal) => errandsOf(entity).alStatusCode(slaveOf(entity), signal),
    setSystem: async (entity, mode, signal) => errandsOf(entity).setSystem(mode, signal),
  };
}

function protectionOf({ name }: SlavePlace, { index }: CoePlaceOf): string {
  const hex = index.toString(16).toUpperCase();
  return `Write ${hex} of ${name}: it is calibration or vendor data, plant.coe.writable must name it`;
}

/** A slave by its entity: its master is above it, however far. */
function slaveOf(entity: Entity): SlavePlace {
  let above: Entity | undefined = entity;
  while (above && above.kind !== 'master') above = above.parent;
  const { node } = entity;
  const netId = above?.node?.netId;
  if (entity.kind === 'slave' && node && above?.node && netId !== undefined) {
    const { id: address, name, type } = node;
    return { netId: amsNetId(netId), deviceId: above.node.id, address, name, type };
  }
  throw new IocError('ioc/bus-slave', `${entity.id} is no slave of a master that is known`);
}
