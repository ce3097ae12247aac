import type { Attribute, Datatype, EnumLabel, Value } from '../model/index.ts';
import type { PlantSource, Region, WriteTarget } from './source.ts';

export type PlantAttribute = Attribute<PlantSource>;

/** Two-state attributes that have no better words. */
const falseTrue: readonly EnumLabel[] = [
  { value: 0, label: 'False' },
  { value: 1, label: 'True' },
];

/** Where in a region a value lies. */
export interface RegionPlace {
  readonly region: Region;
  readonly byte: number;
  readonly bit: number;
  readonly write?: WriteTarget;
}

type Shown = Pick<PlantAttribute, 'unit' | 'precision' | 'scale' | 'range' | 'limits' | 'labels'>;

/** An attribute that is known since discovery. */
export function constant(
  name: string,
  description: string,
  datatype: Datatype,
  value: Value,
): PlantAttribute {
  const source = { kind: 'constant', value } as const;
  return { name, description, datatype, access: 'r', source };
}

/** An attribute in a region; it can be put when its place has a write target. */
export function inRegion(
  name: string,
  description: string,
  datatype: Datatype,
  { region, byte, bit, write }: RegionPlace,
  shown: Shown = {},
): PlantAttribute {
  return {
    name,
    description,
    datatype,
    access: write ? 'rw' : 'r',
    source: { kind: 'region', region, byte, bit, ...(write && { write }) },
    ...presented(name, datatype, shown),
  };
}

/** How a value is shown, and whether it toggles. */
export function presented(
  name: string,
  datatype: Datatype,
  shown: Shown,
): Shown & Pick<PlantAttribute, 'toggles'> {
  return {
    ...(datatype.kind === 'bool' && { labels: falseTrue }),
    ...(isToggle(name) && { toggles: true }),
    ...shownOf(shown),
  };
}

/** Beckhoff's names: TxPDO Toggle, InputToggle, Frm0InputToggle (facts/ads.md section 7). */
function isToggle(name: string): boolean {
  return name.endsWith('toggle');
}

/** Only the members that say how a value is shown, and only those that are there. */
export function shownOf({ unit, precision, scale, range, limits, labels }: Shown): Shown {
  return {
    ...(unit !== undefined && { unit }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(range !== undefined && { range }),
    ...(limits !== undefined && { limits }),
    ...(labels !== undefined && { labels }),
  };
}
