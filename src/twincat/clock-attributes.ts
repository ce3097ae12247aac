import { arrayOf, u32 } from '../model/index.ts';
import { reset } from './commands.ts';
import type { DeviceFacts } from './facts.ts';
import { MasterGroup } from './master-group.ts';
import { dcStatistics, masterTarget } from './master-regions.ts';
import { inRegion, type PlantAttribute } from './plant-attribute.ts';

/** Classes of deviations on either side of zero. */
const CLASSES = 10;

/** How far the distributed clocks of a bus are off, where the master counts it (group 0x2F). */
export function clockAttributes(device: DeviceFacts): PlantAttribute[] {
  if (!device.hasDcStatistics) return [];
  const region = dcStatistics(device);
  const counter = (name: string, description: string, byte: number) =>
    inRegion(name, description, u32, { region, byte, bit: 0 });
  const classes = (name: string, description: string, byte: number) =>
    inRegion(name, description, arrayOf(u32, CLASSES), { region, byte, bit: 0 });
  return [
    counter('dc_cycles', 'Cycles in the clock statistics', 0),
    counter('dc_positive', 'Cycles in which a clock was ahead', 4),
    counter('dc_negative', 'Cycles in which a clock was behind', 8),
    counter('dc_largest_deviation', 'Largest deviation of the clocks', 12),
    classes('dc_positive_classes', 'Cycles ahead, by size of deviation', 16),
    classes('dc_negative_classes', 'Cycles behind, by size of deviation', 16 + 4 * CLASSES),
    reset(
      'reset_dc_statistics',
      'Clock statistics to 0',
      masterTarget(device, MasterGroup.dcStatistics, 0),
    ),
  ];
}
