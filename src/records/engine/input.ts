import { AlarmStatus, Quality, Severity, type Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { DeviceCode } from '../devices/device-code.ts';
import type { Reading } from '../devices/device-support.ts';
import type { FieldType } from '../field-type.ts';
import type { LocalLink } from '../links/local-link.ts';
import type { PvValue } from '../put.ts';
import type { Progress } from '../record-type.ts';
import { recordTypeOf } from '../registry.ts';
import type { Engine } from './engine.ts';
import { Simm } from './simulation.ts';

/** What an input record type does with what it is given. */
export interface InputSteps {
  /** What a soft channel, and SIOL, are read as: a scalar, or a row of at most `most`. */
  readonly type: (c: Columns, slot: Slot) => FieldType;
  readonly most?: (c: Columns, slot: Slot) => number;
  /** A text longer than EPICS' strings, which rows of characters hold, too. */
  readonly isLongText?: true;
  /** What Raw Soft Channel reads; without it there is none. */
  readonly rawType?: FieldType;
  /** VAL is given. */
  take(engine: Engine, slot: Slot, value: PvValue): void;
  /** RVAL is given: it is converted. */
  takeRaw(engine: Engine, slot: Slot, raw: PvValue): void;
  /** A soft channel has a constant link, so VAL stays. */
  keep(engine: Engine, slot: Slot): void;
  /** Alarms, dead-bands, events. */
  settle(engine: Engine, slot: Slot): void;
}

/** One processing of an input record, wherever its value comes from. */
export function processInput(engine: Engine, slot: Slot, steps: InputSteps): Progress {
  const mode = engine.simulation.mode(slot);
  if (mode !== Simm.no) return simulate(engine, slot, steps, mode);
  switch (engine.columns.device[slot]) {
    case DeviceCode.soft:
      readLink(engine, slot, steps, false);
      return finish(engine, slot, steps);
    case DeviceCode.raw:
      readLink(engine, slot, steps, true);
      return finish(engine, slot, steps);
    case DeviceCode.async:
      return readAsync(engine, slot, steps);
    case DeviceCode.plant:
      readImage(engine, slot, steps);
      return finish(engine, slot, steps);
    case DeviceCode.device:
      return readDevice(engine, slot, steps);
    default:
      engine.raise(slot, AlarmStatus.link, Severity.invalid, engine.devices.failure(slot));
      return finish(engine, slot, steps);
  }
}

function finish(engine: Engine, slot: Slot, steps: InputSteps): Progress {
  engine.stamp(slot);
  steps.settle(engine, slot);
  return 'done';
}

function readLink(engine: Engine, slot: Slot, steps: InputSteps, isRaw: boolean): void {
  const { inp } = recordTypeOf(engine.columns.type[slot] ?? 0).common;
  const value = linkValue(engine, slot, steps, inp, isRaw ? steps.rawType : undefined);
  if (value === undefined && isRaw) {
    steps.takeRaw(engine, slot, engine.columns.storedNumber(slot, 'RVAL'));
  } else if (value === undefined) steps.keep(engine, slot);
  if (value === undefined || value === null) return;
  if (isRaw) steps.takeRaw(engine, slot, value);
  else steps.take(engine, slot, value);
  if (engine.columns.has(slot, Flag.timed) && engine.times.isDevices(slot)) {
    engine.times.take(slot, engine.link(slot, inp)?.time());
  }
}

function linkValue(
  engine: Engine,
  slot: Slot,
  steps: InputSteps,
  at: number,
  rawType?: FieldType,
): PvValue | undefined | null {
  if (steps.isLongText) return engine.text(slot, at);
  const type = rawType ?? steps.type(engine.columns, slot);
  if (type === 'DOUBLE' && !steps.most) return engine.number(slot, at);
  return engine.value(slot, at, type, steps.most?.(engine.columns, slot));
}

/** Reads what a local link leads to once that has processed, with all that follows from it. */
function readAsync(engine: Engine, slot: Slot, steps: InputSteps): Progress {
  const { inp } = recordTypeOf(engine.columns.type[slot] ?? 0).common;
  const link = engine.link(slot, inp);
  const read = () => {
    readLink(engine, slot, steps, false);
    return finish(engine, slot, steps);
  };
  if (link?.kind !== 'local') return read();
  const { target } = link as LocalLink;
  const work = { slot: target, store: () => {}, processes: engine.columns.scan[target] === 0 };
  const wake = engine.suspend(slot, read);
  return engine.notifies.read(slot, work, wake) ? 'waiting' : read();
}

/** What the plant sent, if it is known well; else the last value stands. */
function readImage(engine: Engine, slot: Slot, steps: InputSteps): void {
  const { columns } = engine;
  if (!columns.has(slot, Flag.mapped) || columns.image.quality[slot] !== Quality.good) return;
  steps.takeRaw(engine, slot, columns.image.value(slot) ?? 0);
}

function readDevice(engine: Engine, slot: Slot, steps: InputSteps): Progress {
  const device = engine.devices.of(slot);
  const fed = engine.devices.takeFed(slot);
  if (fed) {
    takeReading(engine, slot, steps, fed);
    return finish(engine, slot, steps);
  }
  if (!device?.read) return finish(engine, slot, steps);
  let reading: Reading | undefined;
  const wake = engine.suspend(slot, () => {
    if (reading) takeReading(engine, slot, steps, reading);
    return finish(engine, slot, steps);
  });
  device.read((answer) => {
    reading ??= answer;
    wake();
  });
  return 'waiting';
}

function takeReading(engine: Engine, slot: Slot, steps: InputSteps, reading: Reading): void {
  if (reading.kind === 'failed') {
    engine.raise(slot, reading.status, Severity.invalid, reading.text);
    return;
  }
  if (reading.kind === 'raw') steps.takeRaw(engine, slot, reading.value);
  else steps.take(engine, slot, reading.value);
  if (engine.times.isDevices(slot)) engine.times.take(slot, reading.time);
}

function simulate(engine: Engine, slot: Slot, steps: InputSteps, mode: number): Progress {
  const isRaw = mode === Simm.raw && steps.rawType !== undefined;
  if (mode !== Simm.yes && !isRaw) {
    engine.simulation.refuse(slot);
    return finish(engine, slot, steps);
  }
  const { siol } = recordTypeOf(engine.columns.type[slot] ?? 0).common;
  const read = () => {
    // A constant SIOL was taken into SVAL at initialisation.
    const value = linkValue(engine, slot, steps, siol) ?? storedSval(engine, slot, siol);
    if (value === undefined) return;
    storeSval(engine, slot, value);
    if (isRaw) steps.takeRaw(engine, slot, Math.floor(Number(value)));
    else steps.take(engine, slot, value);
  };
  return engine.simulation.perform(slot, read, () => finish(engine, slot, steps));
}

function storedSval(engine: Engine, slot: Slot, siol: number): PvValue | undefined {
  if (!engine.isConstant(slot, siol)) return undefined;
  return engine.host.field(slot, 'SVAL')?.definition.access.read(engine.columns, slot);
}

function storeSval(engine: Engine, slot: Slot, value: PvValue): void {
  if (typeof value !== 'object' && engine.host.field(slot, 'SVAL')) {
    engine.columns.store(slot, 'SVAL', value);
  }
}
