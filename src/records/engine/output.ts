import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { DeviceCode } from '../devices/device-code.ts';
import type { FieldType } from '../field-type.ts';
import { plantValue } from '../plant-value.ts';
import type { PutOutcome, PvValue } from '../put.ts';
import type { Progress } from '../record-type.ts';
import { recordTypeOf } from '../registry.ts';
import type { Engine } from './engine.ts';
import { Simm } from './simulation.ts';

/** What an output record type does on the way of its value out. */
export interface OutputSteps {
  /** What DOL is read as: a scalar, or a row of at most `most`. */
  readonly type: (c: Columns, slot: Slot) => FieldType;
  readonly most?: (c: Columns, slot: Slot) => number;
  /** A text longer than EPICS' strings, which rows of characters hold, too. */
  readonly isLongText?: true;
  /** DOL is about to be read; that may lead to the record itself. */
  beforeDol?(c: Columns, slot: Slot): void;
  /** DOL gave a value. */
  take(engine: Engine, slot: Slot, value: PvValue): void;
  /** Limits, rate, raw value. */
  convert(engine: Engine, slot: Slot): void;
  /** Raises alarms: nothing is posted yet. */
  evaluate(engine: Engine, slot: Slot): void;
  /** Whether OOPT lets the value go out; afterwards it counts as the one before. */
  isDue?(engine: Engine, slot: Slot): boolean;
  /** What OUT gets, and what Raw Soft Channel writes; without it there is none. */
  value(c: Columns, slot: Slot): PvValue;
  raw?(c: Columns, slot: Slot): PvValue;
  /** Makes IVOV the value. */
  takeIvov(engine: Engine, slot: Slot): void;
  /** Alarms, dead-bands, events. */
  settle(engine: Engine, slot: Slot): void;
}

const CLOSED_LOOP = 1;
/** Values of IVOA. */
const Ivoa = { write: 0, keep: 1, ivov: 2 } as const;

/** One processing of an output record, wherever its value goes. */
export function processOutput(engine: Engine, slot: Slot, steps: OutputSteps): Progress {
  const c = engine.columns;
  // Whether the plant takes it this time is not known yet.
  c.set(slot, Flag.writeFailed, false);
  if (fetch(engine, slot, steps)) steps.convert(engine, slot);
  engine.stamp(slot);
  steps.evaluate(engine, slot);
  const isInvalid = (c.pending[slot] ?? 0) >> 8 === Severity.invalid;
  const ivoa = isInvalid ? c.storedNumber(slot, 'IVOA') : Ivoa.write;
  if (ivoa === Ivoa.keep) return finish(engine, slot, steps);
  if (ivoa === Ivoa.ivov) {
    steps.takeIvov(engine, slot);
    steps.convert(engine, slot);
  }
  return writeOutput(engine, slot, steps);
}

/** Takes the value of DOL in closed loop; false when it cannot be had. */
function fetch(engine: Engine, slot: Slot, steps: OutputSteps): boolean {
  const c = engine.columns;
  const { dol } = recordTypeOf(c.type[slot] ?? 0).common;
  if (dol < 0 || engine.isConstant(slot, dol)) return true;
  if (c.storedNumber(slot, 'OMSL') !== CLOSED_LOOP) return true;
  steps.beforeDol?.(c, slot);
  const value = steps.isLongText
    ? engine.text(slot, dol)
    : engine.value(slot, dol, steps.type(c, slot), steps.most?.(c, slot));
  if (value === null) return false;
  if (value !== undefined) steps.take(engine, slot, value);
  return true;
}

function finish(engine: Engine, slot: Slot, steps: OutputSteps): Progress {
  steps.settle(engine, slot);
  return 'done';
}

/** As `finish`, of a record that waited: its time is that of the end. */
function finishLate(engine: Engine, slot: Slot, steps: OutputSteps): Progress {
  engine.stamp(slot);
  return finish(engine, slot, steps);
}

/** Sends the value where DTYP says, or SIOL, and ends the processing then. */
export function writeOutput(engine: Engine, slot: Slot, steps: OutputSteps): Progress {
  const mode = engine.simulation.mode(slot);
  if (mode !== Simm.no) return simulate(engine, slot, steps, mode);
  if (steps.isDue && !steps.isDue(engine, slot)) return finish(engine, slot, steps);
  const { columns: c } = engine;
  const { out } = recordTypeOf(c.type[slot] ?? 0).common;
  switch (c.device[slot]) {
    case DeviceCode.soft:
      putSoft(engine, slot, steps, out);
      return finish(engine, slot, steps);
    case DeviceCode.raw:
      engine.put(slot, out, steps.raw?.(c, slot) ?? steps.value(c, slot));
      return finish(engine, slot, steps);
    case DeviceCode.async:
      return writeAsync(engine, slot, steps, out);
    case DeviceCode.plant:
      return writePlant(engine, slot, steps);
    case DeviceCode.device:
      return writeDevice(engine, slot, steps);
    default:
      engine.raise(slot, AlarmStatus.link, Severity.invalid, engine.devices.failure(slot));
      return finish(engine, slot, steps);
  }
}

function putSoft(engine: Engine, slot: Slot, steps: OutputSteps, at: number): void {
  const value = steps.value(engine.columns, slot);
  if (steps.isLongText) engine.putText(slot, at, String(value));
  else engine.put(slot, at, value);
}

function writeAsync(engine: Engine, slot: Slot, steps: OutputSteps, out: number): Progress {
  const link = engine.link(slot, out);
  const value = steps.value(engine.columns, slot);
  const wake = engine.suspend(slot, () => finishLate(engine, slot, steps));
  const isSent = link?.putThen(value, wake);
  if (isSent === true) return 'waiting';
  // EPICS writes local links at once whatever the device support is called.
  if (isSent === undefined) putSoft(engine, slot, steps, out);
  else engine.raise(slot, AlarmStatus.link, Severity.invalid, 'field OUT');
  return finish(engine, slot, steps);
}

function writePlant(engine: Engine, slot: Slot, steps: OutputSteps): Progress {
  const { columns: c } = engine;
  // What never had a value must not become one in the plant.
  if (c.has(slot, Flag.udf)) return finish(engine, slot, steps);
  const value = plantValue(c, slot);
  return send(engine, slot, steps, (settle) => engine.host.send({ slot, value, settle }));
}

function writeDevice(engine: Engine, slot: Slot, steps: OutputSteps): Progress {
  const device = engine.devices.of(slot);
  const value = plantValue(engine.columns, slot);
  if (!device?.write) return finish(engine, slot, steps);
  return send(engine, slot, steps, (settle) => device.write?.(value, settle));
}

/** Sends, waits for the answer, and makes what was refused WRITE/INVALID. */
function send(
  engine: Engine,
  slot: Slot,
  steps: OutputSteps,
  ask: (settle: (outcome: PutOutcome) => void) => void,
): Progress {
  let answer: PutOutcome | undefined;
  const wake = engine.suspend(slot, () => {
    judge(engine, slot, answer);
    return finishLate(engine, slot, steps);
  });
  const settle = (outcome: PutOutcome) => {
    answer ??= outcome;
    wake();
  };
  try {
    ask(settle);
  } catch (failure) {
    const name = engine.columns.name[slot];
    settle({ kind: 'failed', text: `Put to ${name} failed: ${String(failure)}` });
  }
  return 'waiting';
}

function judge(engine: Engine, slot: Slot, outcome: PutOutcome | undefined): void {
  const isBad = outcome?.kind === 'failed' || outcome?.kind === 'refused';
  engine.columns.set(slot, Flag.writeFailed, isBad);
  if (!isBad) return;
  engine.raise(slot, AlarmStatus.write, Severity.invalid, outcome.text);
  engine.notifies.failed(slot, outcome);
}

function simulate(engine: Engine, slot: Slot, steps: OutputSteps, mode: number): Progress {
  const isRaw = mode === Simm.raw && steps.raw !== undefined;
  if (mode !== Simm.yes && !isRaw) {
    engine.simulation.refuse(slot);
    return finish(engine, slot, steps);
  }
  const { siol } = recordTypeOf(engine.columns.type[slot] ?? 0).common;
  const put = () => {
    const { columns } = engine;
    const value = isRaw ? steps.raw?.(columns, slot) : undefined;
    if (value !== undefined) engine.put(slot, siol, value);
    else putSoft(engine, slot, steps, siol);
  };
  return engine.simulation.perform(slot, put, () => finishLate(engine, slot, steps));
}
