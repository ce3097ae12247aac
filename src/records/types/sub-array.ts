import { AlarmStatus, type Slot } from '../../model/index.ts';
import { row } from '../access/array.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import { asRow, convertRow, elementType, emptyRow, type Row } from '../array.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { settled } from '../engine/steps.ts';
import { EventMask } from '../event.ts';
import { recordType } from '../field-table.ts';
import type { PvValue } from '../put.ts';

/** A part of a row: NELM elements from INDX on. */
export const subArray = recordType({
  name: 'subArray',
  kind: 'array',
  access: row,
  shape(c, slot) {
    const type = elementType(c, slot);
    return { type, maxCount: most(c, slot), size: type === 'STRING' ? 40 : 0 };
  },
  init(engine, slot) {
    const { columns: c } = engine;
    c.array[slot] ??= emptyRow(elementType(c, slot), 0);
    if (number(c, slot, 'NELM', 1) > most(c, slot)) store(c, slot, 'NELM', most(c, slot), 1);
    const constant = engine.initial(slot, inp, elementType(c, slot), wanted(c, slot));
    if (constant === undefined) return;
    cut(c, slot, constant);
    c.set(slot, Flag.udf, false);
  },
  process(engine, slot) {
    const { columns: c } = engine;
    const isGood = read(engine, slot);
    engine.stamp(slot);
    c.set(slot, Flag.udf, !isGood);
    if (!isGood) {
      c.array[slot] = emptyRow(elementType(c, slot), 0);
      engine.raise(slot, AlarmStatus.udf, c.udfSeverity[slot] ?? 0);
    }
    settled(engine, slot, settle);
    return 'done';
  },
  metadata(c, slot, field) {
    const range = (low: number, high: number) => {
      return { display: { low: 0, high }, control: { low, high } };
    };
    switch (field) {
      case 'INDX':
        return range(0, most(c, slot) - 1);
      case 'NELM':
        return range(1, most(c, slot));
      case 'NORD':
        return range(0, most(c, slot));
      case 'BUSY':
        return range(0, 1);
      default:
        return undefined;
    }
  },
});

const { inp } = subArray.common;

/** MALM */
function most(c: Columns, slot: Slot): number {
  return Math.max(number(c, slot, 'MALM', 1), 1);
}

/** How much of the source is needed. */
function wanted(c: Columns, slot: Slot): number {
  return Math.min(number(c, slot, 'INDX', 0) + number(c, slot, 'NELM', 1), most(c, slot));
}

/** Takes the part; false when there is none. */
function read(engine: Engine, slot: Slot): boolean {
  const { columns: c } = engine;
  store(c, slot, 'NELM', Math.min(number(c, slot, 'NELM', 1), most(c, slot)), 1);
  store(c, slot, 'INDX', Math.min(number(c, slot, 'INDX', 0), most(c, slot) - 1), 0);
  const type = elementType(c, slot);
  const source = engine.isConstant(slot, inp)
    ? // Without a link it is a part of what was put in VAL.
      (engine.initial(slot, inp, type, wanted(c, slot)) ?? c.array[slot] ?? [])
    : engine.value(slot, inp, type, wanted(c, slot));
  if (source === null || source === undefined) return false;
  cut(c, slot, source);
  return (c.array[slot] ?? []).length > 0;
}

function cut(c: Columns, slot: Slot, source: PvValue): void {
  const converted = convertRow(elementType(c, slot), asRow(source), most(c, slot));
  if ('error' in converted) return;
  const from = number(c, slot, 'INDX', 0);
  c.array[slot] = converted.row.slice(from, from + number(c, slot, 'NELM', 1)) as Row;
}

function settle(c: Columns, slot: Slot, pending: Pending): void {
  c.post(slot, settleAlarm(c, slot, pending) | EventMask.value | EventMask.log);
}

function number(c: Columns, slot: Slot, field: string, initial: number): number {
  return c.storedNumber(slot, field, initial);
}

function store(c: Columns, slot: Slot, field: string, value: number, initial: number): void {
  c.store(slot, field, value === initial ? undefined : value);
}
