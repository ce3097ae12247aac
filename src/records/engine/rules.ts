import type { Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { DeviceCode } from '../devices/device-code.ts';
import { recordTypeOf } from '../registry.ts';
import { Scan } from './scans.ts';

/** Fields which, when they are not 0, make processing more than conversion and alarms. */
const ruling = [
  ...['SIMM', 'SMOO', 'AFTC', 'TPRO', 'TSE', 'OROC', 'IVOA', 'OOPT', 'MASK', 'NOBT', 'SHFT'],
  ...['OMSL', 'HIGH'],
];

/** `HIGH` of a bo is how long it stays on; of others it is a limit. */
function rules(c: Columns, slot: Slot, field: string): boolean {
  if (field === 'HIGH' && recordTypeOf(c.type[slot] ?? 0).name !== 'bo') return false;
  return c.storedNumber(slot, field) !== 0;
}

/** Whether a change of a field may change `needsRules`. */
export function isRuling(field: string): boolean {
  return field === 'SCAN' || field === 'DTYP' || field === 'LINR' || ruling.includes(field);
}

/**
 * Whether a record needs the engine: it has links, simulation, filters or the like, or its type
 * always does. Others are processed by the loop of the plant's records, which knows none of that.
 */
export function needsRules(c: Columns, slot: Slot): boolean {
  const type = recordTypeOf(c.type[slot] ?? 0);
  if (!type.isPlain || c.links[slot] !== undefined || c.has(slot, Flag.setpoint)) return true;
  if (c.has(slot, Flag.table)) return true;
  if (c.has(slot, Flag.input) && c.scan[slot] !== Scan.ioIntr) return true;
  if (c.device[slot] !== DeviceCode.soft && c.device[slot] !== DeviceCode.plant) return true;
  return ruling.some((field) => rules(c, slot, field));
}
