import { IocError } from '../../kernel/index.ts';
import type { Device, DeviceRecord, DeviceSupport } from '../../records/index.ts';
import { parseAdsLink } from './parse-ads-link.ts';
import { PlantLinks } from './plant-links.ts';

/**
 * DTYP ADS: records of a site on symbols of a PLC, raw addresses and CoE objects of the plants that
 * this IOC serves.
 */
export class AdsDevices implements DeviceSupport {
  readonly name = 'ADS';
  readonly #plants: ReadonlyMap<string, PlantLinks>;

  /** `plants` are the names by which links call them. */
  constructor(plants: readonly string[]) {
    this.#plants = new Map(plants.map((name) => [name, new PlantLinks()]));
  }

  /** The links of a plant, for `newPlant`. */
  linksOf(plant: string): PlantLinks {
    return this.#plants.get(plant) ?? new PlantLinks();
  }

  /** Throws `pipeline/ads-link` for an address that is none, or of a plant that there is not. */
  open(record: DeviceRecord, address: string): Device {
    const link = parseAdsLink(address);
    const plant = this.#plants.get(link.server);
    if (plant) return plant.open(record, link);
    const known = [...this.#plants.keys()].join(', ') || 'none';
    throw new IocError(
      'pipeline/ads-link',
      `"@${address}": there is no plant ${link.server}; this IOC has ${known}`,
    );
  }
}
