import { isoTime } from '../../kernel/index.ts';
import type { Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { devicesOf, plantDevice } from '../device-names.ts';
import type { RecordTypeName } from '../record-type.ts';
import type { Access, AccessTable } from './access.ts';
import { column, derived, flag, source, stored } from './cells.ts';

/** TSE -2: the device gives the time. */
const deviceTime = -2;

/** Fields of every record that are not plainly stored. */
export function commonAccess(record: RecordTypeName): AccessTable {
  const plant = devicesOf(record).indexOf(plantDevice);
  return {
    ...table,
    RTYP: derived(() => record),
    // What EPICS base says of every type of its own.
    VERS: derived(() => 'none specified'),
    DTYP: plantDefault('DTYP', Flag.input | Flag.setpoint, plant),
  };
}

const phase: Access = {
  read: (c, slot) => c.phase[slot] ?? 0,
  write(c, slot, value) {
    c.phase[slot] = Number(value);
    if (c.phase[slot] !== 0) c.hasPhases = true;
  },
};

/** AFTC: a record that has one has a filter of its alarm. */
const filterConstant: Access = {
  read: (c, slot) => c.filters.get(slot)?.constant ?? 0,
  write(c, slot, value) {
    const constant = Number(value);
    const filter = c.filters.get(slot);
    if (!(constant > 0)) c.filters.delete(slot);
    else if (filter) filter.constant = constant;
    else c.filters.set(slot, { constant, level: 0, seconds: 0, nanoseconds: 0 });
  },
};

const table: AccessTable = {
  NAME: derived((c, slot) => c.name[slot] ?? ''),
  TIME: derived(timeText),
  STAT: column((c) => c.status),
  SEVR: column((c) => c.severity),
  AMSG: derived((c, slot) => c.message.get(slot) ?? ''),
  ACKS: column((c) => c.acks),
  ACKT: flag(Flag.ackt),
  UDF: flag(Flag.udf),
  UDFS: column((c) => c.udfSeverity),
  PACT: flag(Flag.pact | Flag.entered),
  PUTF: flag(Flag.putf),
  NSTA: derived((c, slot) => (c.pending[slot] ?? 0) & 0xff),
  NSEV: derived((c, slot) => (c.pending[slot] ?? 0) >> 8),
  NAMSG: derived((c, slot) => c.pendingMessage.get(slot) ?? ''),
  LCNT: derived((c, slot) => c.lockCount.get(slot) ?? 0),
  RPRO: flag(Flag.rpro),
  DISP: flag(Flag.putsDisabled),
  PROC: derived(() => 0),
  DISA: source('DISA', 0, compareDisable),
  DISV: source('DISV', 1, compareDisable),
  SCAN: column((c) => c.scan),
  PHAS: phase,
  AFTC: filterConstant,
  AFVL: derived((c, slot) => c.filters.get(slot)?.level ?? 0),
  TSE: plantDefault('TSE', Flag.plantTime, deviceTime),
};

/** A field whose initial value is another one for records that the plant feeds. */
function plantDefault(field: string, bit: number, initial: number) {
  const { read, write } = stored(field, 0);
  return {
    read: (c: Columns, slot: Slot) =>
      c.stored(slot, field) ?? (c.has(slot, bit) ? initial : read(c, slot)),
    write,
  };
}

function compareDisable(c: Columns, slot: Slot): void {
  const isDisabled = c.storedNumber(slot, 'DISA') === c.storedNumber(slot, 'DISV', 1);
  c.set(slot, Flag.disabled, isDisabled);
}

/** ISO time stamp; a record that never processed has the EPICS epoch. */
function timeText(c: Columns, slot: Slot): string {
  return isoTime(c.image.seconds[slot] ?? 0, c.image.nanoseconds[slot] ?? 0);
}
