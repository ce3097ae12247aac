import { byteLength, type CoeObject, type TerminalDefinition } from '../model/index.ts';
import type { DeviceFacts, SlaveFacts } from './facts.ts';
import { coeEntry } from './master-regions.ts';
import { inRegion, type PlantAttribute } from './plant-attribute.ts';

/** Which protected CoE objects may be put nevertheless: by index, or all of them. */
export type CoeUnprotected = readonly number[] | 'all';

/**
 * The settings and identity objects of a terminal, each read once per session. Calibration and
 * vendor data can be put only where `unprotected` says so: a wrong value there spoils a terminal
 * for good.
 */
export function coeAttributes(
  { netId }: DeviceFacts,
  { address }: SlaveFacts,
  { coe }: TerminalDefinition,
  unprotected: CoeUnprotected = [],
): PlantAttribute[] {
  return coe.flatMap((object) =>
    object.entries.map((entry) => {
      const { subindex, datatype } = entry;
      const place = { index: object.index, subindex };
      const { region, write } = coeEntry(netId, address, place, byteLength(datatype));
      const canPut = entry.access === 'rw' && !isProtected(object, unprotected);
      return inRegion(
        entry.name,
        `${object.name}: ${entry.description}`,
        datatype,
        { region, byte: 0, bit: 0, ...(canPut && { write }) },
        entry,
      );
    }),
  );
}

function isProtected(object: CoeObject, unprotected: CoeUnprotected): boolean {
  return object.protected === true && unprotected !== 'all' && !unprotected.includes(object.index);
}
