import type { Slot } from '../model/index.ts';
import type { Row } from './array.ts';
import { type FieldValue, Flag } from './columns.ts';
import type { Engine } from './engine/engine.ts';
import { checkValue, processesRecord, storeChecked } from './engine/field-store.ts';
import { EventMask } from './event.ts';
import { processSlot } from './process.ts';
import type { PutOutcome, PvValue, Refusal } from './put.ts';
import { isWritable, type RecordField } from './record-field.ts';
import { stateNames } from './states.ts';

const done: PutOutcome = { kind: 'done' };

/** What a client's put to a field does: EPICS' dbPutField (facts/ca.md section 6). */
export function putField(
  engine: Engine,
  field: RecordField,
  value: PvValue,
  notify: boolean,
  signal: AbortSignal,
): PutOutcome | Promise<PutOutcome> {
  const c = engine.columns;
  const { slot, definition } = field;
  if (!isWritable(c, field)) return refused(engine, field, 'read-only', 'clients cannot write it');
  if (c.has(slot, Flag.putsDisabled) && definition.name !== 'DISP') {
    return refused(engine, field, 'disabled', 'DISP is set');
  }
  const checked = checkValue(engine, field, value);
  if ('why' in checked) return refused(engine, field, checked.reason, checked.why);
  if (definition.link >= 0) {
    engine.life.relink(slot, definition, String(checked.value));
    return done;
  }
  const why = unsendable(engine, field, checked.value);
  if (why !== undefined) return refused(engine, field, 'bad-value', why);
  return stored(engine, field, checked.value, notify, signal);
}

function stored(
  engine: Engine,
  field: RecordField,
  value: FieldValue | Row,
  notify: boolean,
  signal: AbortSignal,
): PutOutcome | Promise<PutOutcome> {
  const { columns: c } = engine;
  const { slot } = field;
  const processes = processesRecord(engine, field);
  if (c.has(slot, Flag.setpoint) && !isDriving(engine, field)) {
    storeChecked(engine, field, value);
    if (processes) engine.settle(slot);
    return done;
  }
  if (c.has(slot, Flag.ruled)) {
    const work = { slot, store: () => storeChecked(engine, field, value), processes };
    const outcome = engine.turns.run(() => {
      return engine.notifies.put(work, notify && processes, signal);
    });
    // Only what the plant says to it is news to a client that does not wait.
    return notify || c.has(slot, Flag.setpoint) || !(outcome instanceof Promise) ? outcome : done;
  }
  engine.turns.enter();
  engine.aboutToPost(slot);
  storeChecked(engine, field, value);
  if (processes) {
    engine.stamp(slot);
    processSlot(c, slot);
  }
  engine.turns.leave();
  return done;
}

/** What makes a setpoint go to the plant: its value, or PROC once it has one. */
function isDriving(engine: Engine, { slot, definition }: RecordField): boolean {
  if (definition.name === 'PROC') return !engine.columns.has(slot, Flag.udf);
  return definition.name === 'VAL';
}

/** Why the plant cannot take a value, which a record without a plant could hold. */
function unsendable(
  { columns: c }: Engine,
  { slot, definition }: RecordField,
  value: FieldValue | Row,
): string | undefined {
  if (definition.name !== 'VAL' || !c.has(slot, Flag.setpoint)) return undefined;
  const states = c.states[slot];
  if (states?.defined && Number(value) >= stateNames(states).length) return 'it has no such state';
  const isWhole = typeof value !== 'number' || !Number.isNaN(value) || !c.has(slot, Flag.integer);
  return isWhole ? undefined : 'NaN is no integer';
}

function refused(engine: Engine, field: RecordField, reason: Refusal, why: string): PutOutcome {
  const name = `${engine.columns.name[field.slot]}.${field.definition.name}`;
  return { kind: 'refused', reason, text: `Put to ${name} refused: ${why}` };
}

/** DBR_PUT_ACKT and DBR_PUT_ACKS (facts/ca.md section 6.1). */
export function putAcknowledge(
  engine: Engine,
  slot: Slot,
  which: 'ackt' | 'acks',
  value: number,
): PutOutcome {
  const { columns: c, host } = engine;
  engine.aboutToPost(slot);
  if (which === 'ackt') {
    c.set(slot, Flag.ackt, value !== 0);
    host.watchers.postPut(slot, 'ACKT');
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
  host.watchers.postPut(slot, 'ACKS');
  c.post(slot, EventMask.alarm);
  return done;
}
