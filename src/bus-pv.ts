import { type PvProfile, type PvProfileOptions, pvWill, servePvProfile } from './bus/index.ts';
import type { BusLinks } from './bus-links.ts';
import { busRows } from './bus-rows.ts';
import type { BusParts } from './ioc-bus.ts';
import type { Scope } from './kernel/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';
import { packageVersion } from './release.ts';

/**
 * Serves the `pv` profile over a connection of its own: its `$status` is the will of that, and states
 * of many PVs do not get in the way of anything else. Returns what it tells of itself.
 */
export function servePv(
  options: PvProfileOptions,
  links: BusLinks,
  { config, directory, nodes, log }: BusParts,
  scope: Scope,
): readonly StatusRow[] {
  const will = () => pvWill(options);
  const link = links.openFurther({ suffix: 'pv', will });
  const { thinEdge } = config.bus ?? {};
  const reserved = thinEdge ? [thinEdge.entities.root] : [];
  const means = { link, directory, nodes, log, version: packageVersion(), reserved };
  const profile = scope.use(servePvProfile(options, means));
  link.start();
  const linkRows = busRows(link).map((row) => ({ ...row, name: row.name.replace('Bus', 'BusPv') }));
  return [...linkRows, ...pvRows(profile)];
}

function pvRows(profile: PvProfile): readonly StatusRow[] {
  const { counters } = profile;
  return [
    countRow('BusPvs', 'PVs on topics of their own', () => profile.size),
    countRow('BusSets', 'Puts that came over MQTT', () => counters.sets),
    countRow('BusSetsRefused', 'Puts over MQTT that were refused', () => counters.refused),
  ];
}
