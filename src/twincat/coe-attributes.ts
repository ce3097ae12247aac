import { byteLength, type TerminalDefinition } from '../model/index.ts';
import type { DeviceFacts, SlaveFacts } from './facts.ts';
import { coeEntry } from './master-regions.ts';
import { inRegion, type PlantAttribute } from './plant-attribute.ts';

/** The settings and identity objects of a terminal, each read once per session. */
export function coeAttributes(
  { netId }: DeviceFacts,
  { address }: SlaveFacts,
  { coe }: TerminalDefinition,
): PlantAttribute[] {
  return coe.flatMap(({ index, name, entries }) =>
    entries.map((entry) => {
      const { subindex, datatype, access } = entry;
      const place = { index, subindex };
      const { region, write } = coeEntry(netId, address, place, byteLength(datatype));
      return inRegion(
        entry.name,
        `${name}: ${entry.description}`,
        datatype,
        { region, byte: 0, bit: 0, ...(access === 'rw' && { write }) },
        entry,
      );
    }),
  );
}
