import type { Row } from '../array.ts';
import { type FieldValue, Flag } from '../columns.ts';
import { convertPut, isError } from '../convert.ts';
import { EventMask } from '../event.ts';
import type { PvValue, Refusal } from '../put.ts';
import type { RecordField } from '../record-field.ts';
import { storeValue } from '../store-value.ts';
import { unserved } from '../unserved.ts';
import type { Engine } from './engine.ts';
import { isListing } from './life.ts';
import { isRuling } from './rules.ts';
import { Scan } from './scans.ts';

/** Why a value cannot be put in a field. */
export interface Rejection {
  readonly reason: Refusal;
  readonly why: string;
}

/** A value that a field can take, converted to what it holds. */
export type Checked = { readonly value: FieldValue | Row } | Rejection;

/** Whether a field takes a value, and as what. */
export function checkValue(engine: Engine, field: RecordField, value: PvValue): Checked {
  if (field.definition.readOnly) return { reason: 'read-only', why: 'nothing can write it' };
  if (field.definition.isAttribute) {
    return { reason: 'bad-value', why: 'it is the same for all records of the type' };
  }
  const converted = convertPut(engine.columns, field, value);
  if (isError(converted)) return { reason: 'bad-value', why: converted.error };
  const { record, slot, definition } = field;
  const why =
    record.refuses?.(engine.columns, slot, definition.name, converted) ??
    unserved(engine, field, converted);
  return why === undefined ? { value: converted } : { reason: 'bad-value', why };
}

/**
 * Stores a value in a field, with what EPICS' dbPut does beside it: lists, dependent fields, events.
 * Returns why it cannot.
 */
export function storeInto(
  engine: Engine,
  field: RecordField,
  value: PvValue,
): Rejection | undefined {
  if (field.definition.link >= 0) return { reason: 'bad-value', why: 'links do not write links' };
  const checked = checkValue(engine, field, value);
  if ('why' in checked) return checked;
  storeChecked(engine, field, checked.value);
  return undefined;
}

/** As `storeInto`, a value that was checked. */
export function storeChecked(engine: Engine, field: RecordField, value: FieldValue | Row): void {
  const { slot, definition, record } = field;
  const { name } = definition;
  if (name === 'PROC') return;
  if (name === 'VAL') {
    // Most puts; nothing below is about VAL.
    storeValue(engine.columns, field, value);
    record.changed?.(engine, slot, name);
    postStored(engine, field, undefined);
    return;
  }
  const isListed = isListing(name);
  if (isListed) engine.scans.remove(slot);
  const simm = engine.columns.storedNumber(slot, 'SIMM');
  const before = stateName(engine, field);
  definition.access.write(engine.columns, slot, value as FieldValue);
  if (isListed) engine.scans.add(slot);
  if (name === 'SIMM') engine.simulation.changed(slot, simm);
  if (isRuling(name)) engine.life.refreshRules(slot);
  if (name === 'PINI') engine.life.pini(slot);
  if (name === 'ASG') engine.host.regrouped(slot);
  record.changed?.(engine, slot, name);
  postStored(engine, field, before);
}

function postStored(engine: Engine, field: RecordField, before: string | undefined): void {
  const { slot, definition } = field;
  const { watchers } = engine.host;
  const changed = EventMask.value | EventMask.log;
  if (definition.name === 'VAL') {
    // Processing posts it, if a put of it processes.
    if (definition.pp) return;
    engine.aboutToPost(slot);
    engine.columns.post(slot, changed);
    return;
  }
  engine.aboutToPost(slot);
  watchers.postPut(slot, definition.name);
  if (isStateName(field)) {
    const isCurrent = before !== stateName(engine, field);
    watchers.postProperty(slot, isCurrent ? changed : 0);
  } else if (definition.prop) watchers.postProperty(slot, 0);
}

/** Name of the state that a record is in, of fields that name states. */
function stateName(engine: Engine, field: RecordField): string | undefined {
  if (!isStateName(field)) return undefined;
  const { states, number } = engine.columns;
  return states[field.slot]?.names[number[field.slot] ?? 0];
}

/** ZNAM, ONAM, ZRST … FFST. */
function isStateName({ definition, record, type }: RecordField): boolean {
  return record.kind === 'state' && type === 'STRING' && /^(.NAM|..ST)$/.test(definition.name);
}

/** Whether a put to a field processes its record. */
export function processesRecord(engine: Engine, { slot, definition }: RecordField): boolean {
  if (definition.name === 'PROC') return true;
  if (!definition.pp) return false;
  const { columns } = engine;
  const scan = columns.scan[slot];
  // The plant tells of changes only: what a field changes has to show before the next one.
  return scan === Scan.passive || (scan === Scan.ioIntr && columns.has(slot, Flag.input));
}
