import type { Row } from './array.ts';
import { type FieldValue, Flag } from './columns.ts';
import type { Engine } from './engine/engine.ts';
import { Scan } from './engine/scans.ts';
import type { RecordField } from './record-field.ts';

const IO_INTR = Scan.ioIntr;

/** Why a field cannot take a value that it has not already; undefined when it can. */
export function unserved(
  engine: Engine,
  field: RecordField,
  value: FieldValue | Row,
): string | undefined {
  const { columns: c } = engine;
  const { slot, definition } = field;
  if (definition.name === 'VAL') return undefined;
  if (value === definition.access.read(c, slot)) return undefined;
  const isPlants = c.has(slot, Flag.input) || c.has(slot, Flag.setpoint);
  return whyNot(engine, field, Number(value), isPlants);
}

function whyNot(
  engine: Engine,
  { slot, definition }: RecordField,
  value: number,
  isPlants: boolean,
): string | undefined {
  switch (definition.name) {
    case 'DTYP':
      return engine.life.isNew ? undefined : 'device support is fixed once the record is there';
    case 'SCAN':
      return value === IO_INTR && !isInterruptible(engine, slot)
        ? 'nothing interrupts this record: I/O Intr is for records of devices'
        : undefined;
    case 'TSE':
    case 'TSEL':
      return isPlants ? 'the plant gives this record its time' : undefined;
    case 'INP':
    case 'OUT':
      return isPlants ? 'the plant is where its value comes from or goes' : undefined;
    default:
      return undefined;
  }
}

function isInterruptible(engine: Engine, slot: number): boolean {
  const { columns: c, devices } = engine;
  if (engine.life.isNew) return true;
  return c.has(slot, Flag.input) || c.has(slot, Flag.mapped) || devices.of(slot) !== undefined;
}
