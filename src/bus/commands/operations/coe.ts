import { z } from 'zod';
import { byteLength, type Datatype } from '../../../model/index.ts';
import type { Entity } from '../../profiles/thin-edge/entity.ts';
import { inputOf } from '../input.ts';
import type { JsonObject } from '../json.ts';
import { CommandFailure, type Operation } from '../operation.ts';
import type { CoePlaceOf, PlantAccess } from '../plant-access.ts';
import type { PvClient } from '../pv-client.ts';
import { coeBytes, coeInput, coeValue } from './coe-value.ts';

/** Most bytes of an object whose type nobody told. */
const MOST_BYTES = 4096;

const writeInput = coeInput.extend({ value: z.json() });

/**
 * Reads an object of a slave's dictionary: `{"index":"0x1018","subindex":1}`. Its type is known from
 * the terminal's definition, or told: `"type":"UDINT"`; else the answer is bytes.
 */
export function coeRead(plants: PlantAccess): Operation {
  return {
    name: 'coe_read',
    guard: 'read',
    capability: ({ kind }) => (kind === 'slave' ? {} : undefined),
    async run(given, { entity }, signal) {
      const { type, ...place } = inputOf(coeInput, given);
      onlySlaves(entity);
      const known = type ?? plants.coeObject(entity, place).datatype;
      const length = known ? byteLength(known) : MOST_BYTES;
      const bytes = await plants.readCoe(entity, place, length, signal);
      return coeResult(known, bytes);
    },
  };
}

/** What writing objects needs beside the plant. */
export interface CoeWriteMeans {
  readonly plants: PlantAccess;
  readonly client: PvClient;
}

/**
 * Writes an object of a slave's dictionary, and reads it back. Calibration and vendor data stay
 * closed but for what `plant.coe.writable` names, and who may not put to the PV of an object (or, of
 * objects without one, ask the slave for a state) may not write it.
 */
export function coeWrite({ plants, client }: CoeWriteMeans): Operation {
  return {
    name: 'coe_write',
    guard: 'write',
    capability: ({ kind }) => (kind === 'slave' ? {} : undefined),
    async run(given, { entity }, signal) {
      const { type, value, ...place } = inputOf(writeInput, given);
      onlySlaves(entity);
      const { datatype, protection } = plants.coeObject(entity, place);
      if (protection !== undefined) throw new CommandFailure(protection);
      const known = type ?? datatype;
      if (!known) {
        throw new CommandFailure(`nobody knows what ${placeName(place)} holds: give its type`);
      }
      const bytes = coeBytes(known, value);
      checkRights(entity, place, client);
      // Some objects can be written only.
      const read = () =>
        plants.readCoe(entity, place, byteLength(known), signal).catch(() => undefined);
      const before = await read();
      // An object of another length has another type than was told: nothing is written then.
      const previous = before && coeValue(known, before);
      await plants.writeCoe(entity, place, bytes, signal);
      const after = before && (await read());
      return {
        ...(previous !== undefined && { previous }),
        ...(after && coeResult(known, after)),
      };
    },
  };
}

function coeResult(type: Datatype | undefined, bytes: Uint8Array): JsonObject {
  const hex = Buffer.from(bytes).toString('hex');
  return type ? { value: coeValue(type, bytes), bytes: hex } : { bytes: hex };
}

function onlySlaves({ kind, id }: Entity): void {
  if (kind !== 'slave') throw new CommandFailure(`${id} is no slave, and has no CoE objects`);
}

/** Access security of the PV that stands for an object, or for the slave. */
function checkRights(entity: Entity, place: CoePlaceOf, client: PvClient): void {
  const suffix = `_idx${place.index.toString(16).padStart(4, '0')}`;
  const ofObject = entity.attributes.filter(({ source }) => {
    return source.attribute.name.endsWith(suffix) && source.setpoint !== undefined;
  });
  const request = entity.attribute('request_state')?.source.setpoint;
  const pvs = ofObject.flatMap(({ source }) => source.setpoint ?? []);
  for (const pv of pvs.length > 0 ? pvs : [request ?? '']) {
    if (client.grant(client.find(pv)).write) continue;
    throw new CommandFailure(
      `${placeName(place)} of ${entity.id}: ${pv} may not be written over the bus`,
    );
  }
}

/** `8000:11` */
function placeName({ index, subindex }: CoePlaceOf): string {
  const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');
  return `${hex(index, 4)}:${hex(subindex, 2)}`;
}
