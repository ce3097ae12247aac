import type { Slot } from '../../model/index.ts';
import type { Pending } from '../alarm.ts';
import { type Columns, Flag } from '../columns.ts';
import { DeviceCode } from '../devices/device-code.ts';
import { recordTypeOf } from '../registry.ts';
import type { Engine } from './engine.ts';
import type { InputSteps } from './input.ts';
import type { OutputSteps } from './output.ts';

/** Ends the processing of a ruled record with the alarm that it came to have. */
export function settled(
  engine: Engine,
  slot: Slot,
  settle: (c: Columns, slot: Slot, pending: Pending) => void,
): void {
  const { columns: c } = engine;
  settle(c, slot, c.pending[slot] ?? 0);
  c.pending[slot] = 0;
  if (c.pendingMessage.size > 0) c.pendingMessage.delete(slot);
}

/** Raises the alarm of an output's value before that goes out; nothing is posted yet. */
export function evaluated(
  engine: Engine,
  slot: Slot,
  alarmOf: (c: Columns, slot: Slot, pending: Pending) => Pending,
): void {
  const { columns: c } = engine;
  const before = c.pending[slot] ?? 0;
  const now = alarmOf(c, slot, before);
  c.pending[slot] = now;
  if (now !== before && c.pendingMessage.size > 0) c.pendingMessage.delete(slot);
}

/** Makes the present value the one last posted: record initialisation posts nothing. */
export function markPosted(c: Columns, slot: Slot): void {
  c.mlst[slot] = c.alst[slot] = c.lalm[slot] = c.number[slot] ?? 0;
  if (c.text[slot] !== undefined) c.postedText[slot] = c.text[slot];
}

/** Record initialisation of an input: simulation, then what constant links give. */
export function initInput(engine: Engine, slot: Slot, steps: InputSteps): void {
  const { columns: c } = engine;
  const { inp, siol } = recordTypeOf(c.type[slot] ?? 0).common;
  engine.simulation.init(slot);
  const type = steps.type(c, slot);
  const most = steps.most?.(c, slot);
  const simulated = most === undefined ? engine.initial(slot, siol, type) : undefined;
  if (simulated !== undefined && typeof simulated !== 'object') c.store(slot, 'SVAL', simulated);
  if (c.device[slot] === DeviceCode.raw) {
    const raw = engine.initial(slot, inp, steps.rawType ?? 'LONG');
    if (raw !== undefined) c.store(slot, 'RVAL', Number(raw));
  } else if (c.device[slot] === DeviceCode.soft || c.device[slot] === DeviceCode.async) {
    const value = engine.initial(slot, inp, type, most);
    if (value !== undefined) steps.take(engine, slot, value);
  }
  markPosted(c, slot);
}

/** Record initialisation of an output: simulation, then what a constant DOL gives. */
export function initOutput(engine: Engine, slot: Slot, steps: OutputSteps): void {
  const { columns: c } = engine;
  const { dol } = recordTypeOf(c.type[slot] ?? 0).common;
  engine.simulation.init(slot);
  const value = engine.initial(slot, dol, steps.type(c, slot), steps.most?.(c, slot));
  if (value !== undefined) steps.take(engine, slot, value);
  markPosted(c, slot);
}

/** A value was given: the record is no longer undefined. */
export function defined(engine: Engine, slot: Slot): void {
  engine.columns.set(slot, Flag.udf, false);
}
