import type { Slot } from '../model/index.ts';
import { type Row, storeRow } from './array.ts';
import { type Columns, type FieldValue, Flag } from './columns.ts';
import { convertPut, isError } from './convert.ts';
import { EventMask } from './event.ts';
import { processSlot } from './process.ts';
import type { PutOutcome, PvValue, Refusal } from './put.ts';
import { isWritable, type RecordField } from './record-field.ts';
import type { RecordTable } from './record-table.ts';
import { stateNames } from './states.ts';
import { unserved } from './unserved.ts';

const done: PutOutcome = { kind: 'done' };

/** What a put to a field does in EPICS: facts/ca.md section 6. */
export function putField(
  table: RecordTable,
  field: RecordField,
  value: PvValue,
  notify: boolean,
  signal: AbortSignal,
): PutOutcome | Promise<PutOutcome> {
  const c = table.columns;
  const { slot, definition } = field;
  if (!isWritable(c, field)) return refused(c, field, 'read-only', 'clients cannot write it');
  if (c.has(slot, Flag.putsDisabled) && definition.name !== 'DISP') {
    return refused(c, field, 'disabled', 'DISP is set');
  }
  const converted = convertPut(c, field, value);
  if (isError(converted)) return refused(c, field, 'bad-value', converted.error);
  const reason = unserved(c, field, converted) ?? unsendable(c, field, converted);
  if (reason) return refused(c, field, 'bad-value', reason);
  if (definition.name === 'VAL') return putValue(table, field, converted, notify, signal);
  if (definition.name === 'PROC') return processAgain(table, slot, notify, signal);
  storeField(table, field, converted as FieldValue);
  return done;
}

function putValue(
  table: RecordTable,
  field: RecordField,
  value: FieldValue | Row,
  notify: boolean,
  signal: AbortSignal,
): PutOutcome | Promise<PutOutcome> {
  const { slot } = field;
  const store = () => {
    storeValue(table.columns, field, value);
    table.stamp(slot);
  };
  if (table.columns.has(slot, Flag.setpoint)) {
    return table.setpoints.put(slot, store, notify, signal);
  }
  table.aboutToPost(slot);
  store();
  processSlot(table.columns, slot);
  return done;
}

/** Puts a converted value in VAL: clamped to DRVL … DRVH, and no longer undefined. */
export function storeValue(c: Columns, field: RecordField, value: FieldValue | Row): void {
  const { slot, definition, record } = field;
  if (typeof value === 'object') storeRow(c, slot, value);
  else
    definition.access.write(c, slot, record.fields.has('DRVH') ? clamped(c, slot, value) : value);
  c.set(slot, Flag.udf, Number.isNaN(c.number[slot]));
}

function clamped(c: Columns, slot: Slot, value: FieldValue): FieldValue {
  const high = c.drvh[slot] ?? 0;
  const low = c.drvl[slot] ?? 0;
  if (!(high > low)) return value;
  if (Number(value) > high) return high;
  return Number(value) < low ? low : value;
}

/** Why the plant cannot take a value, which a record without a plant could hold. */
function unsendable(
  c: Columns,
  { slot, definition }: RecordField,
  value: FieldValue | Row,
): string | undefined {
  if (definition.name !== 'VAL' || !c.has(slot, Flag.setpoint)) return undefined;
  const states = c.states[slot];
  if (states?.defined && Number(value) >= stateNames(states).length) return 'it has no such state';
  const isWhole = typeof value !== 'number' || !Number.isNaN(value) || !c.has(slot, Flag.integer);
  return isWhole ? undefined : 'NaN is no integer';
}

/** PROC: a setpoint goes to the plant again, unless it has no value yet. */
function processAgain(
  table: RecordTable,
  slot: Slot,
  notify: boolean,
  signal: AbortSignal,
): PutOutcome | Promise<PutOutcome> {
  const c = table.columns;
  const store = () => table.stamp(slot);
  if (c.has(slot, Flag.setpoint) && !c.has(slot, Flag.udf)) {
    return table.setpoints.put(slot, store, notify, signal);
  }
  table.aboutToPost(slot);
  store();
  processSlot(c, slot);
  return done;
}

function storeField(table: RecordTable, field: RecordField, value: FieldValue): void {
  const c = table.columns;
  const { slot, definition } = field;
  const { name, pp, prop } = definition;
  table.aboutToPost(slot);
  const before = isStateName(name, field) ? c.states[slot]?.names[c.number[slot] ?? 0] : '';
  definition.access.write(c, slot, value);
  table.watchers.postPut(slot, name);
  if (isStateName(name, field)) {
    const isCurrent = before !== c.states[slot]?.names[c.number[slot] ?? 0];
    table.watchers.postProperty(slot, isCurrent ? EventMask.value | EventMask.log : 0);
  } else if (prop) {
    table.watchers.postProperty(slot, 0);
  }
  if (!pp) return;
  table.stamp(slot);
  processSlot(c, slot);
}

/** ZNAM, ONAM, ZRST … FFST. */
function isStateName(name: string, field: RecordField): boolean {
  return field.record.kind === 'state' && field.type === 'STRING' && /^(.NAM|..ST)$/.test(name);
}

function refused(c: Columns, field: RecordField, reason: Refusal, why: string): PutOutcome {
  const name = `${c.name[field.slot]}.${field.definition.name}`;
  return { kind: 'refused', reason, text: `Put to ${name} refused: ${why}` };
}

/** DBR_PUT_ACKT and DBR_PUT_ACKS (facts/ca.md section 6.1). */
export function putAcknowledge(
  table: RecordTable,
  slot: Slot,
  which: 'ackt' | 'acks',
  value: number,
): PutOutcome {
  const c = table.columns;
  table.aboutToPost(slot);
  if (which === 'ackt') {
    c.set(slot, Flag.ackt, value !== 0);
    table.watchers.postPut(slot, 'ACKT');
    if (value !== 0 || (c.acks[slot] ?? 0) <= (c.severity[slot] ?? 0)) {
      c.post(slot, EventMask.alarm);
      return done;
    }
    c.acks[slot] = c.severity[slot] ?? 0;
  } else if (value >= (c.acks[slot] ?? 0)) {
    c.acks[slot] = 0;
  } else {
    return done;
  }
  table.watchers.postPut(slot, 'ACKS');
  c.post(slot, EventMask.alarm);
  return done;
}
