import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { limits } from '../access/analog.ts';
import { SignalChoice, selectSignal } from '../algorithms/signal-selection.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { markPosted, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import {
  INPUTS,
  type InputBank,
  initInputs,
  inputBank,
  inputFields,
  keepInputs,
} from '../parts/input-bank.ts';
import { settleNumber } from '../settle.ts';

const LAST_SIGNAL = SignalChoice.median;

/** Selects one of up to twelve signals: a given one, the highest, the lowest, or their median. */
export const sel = recordType({
  name: 'sel',
  kind: 'analog',
  access: { ...limits, ...inputFields(ownOf) },
  init(engine, slot) {
    const { columns: c } = engine;
    const { values } = ownOf(c, slot);
    const number = engine.initial(slot, nvl, 'USHORT');
    if (number !== undefined) c.store(slot, 'SELN', Number(number) || undefined);
    // What a database says of A to L does not count.
    values.fill(Number.NaN, 0, INPUTS);
    initInputs(engine, slot, values, first);
    markPosted(c, slot);
  },
  process(engine, slot) {
    const { values } = ownOf(engine.columns, slot);
    if (fetch(engine, slot, values)) select(engine, slot, values);
    engine.stamp(slot);
    settled(engine, slot, settleNumber);
    keepInputs(values);
    return 'done';
  },
  metadata(c, slot, field) {
    if (!/^L?[A-L]$/.test(field)) return undefined;
    const range = { low: c.lopr[slot] ?? 0, high: c.hopr[slot] ?? 0 };
    return { display: range, control: range };
  },
});

const nvl = sel.links.indexOf('NVL');
const first = sel.links.indexOf('INPA');

function ownOf(c: Columns, slot: Slot): InputBank {
  c.own[slot] ??= { values: inputBank(Number.NaN) } satisfies InputBank;
  return c.own[slot] as InputBank;
}

/** Reads all inputs, or of Specified the one that is; false when VAL is to stay as it is. */
function fetch(engine: Engine, slot: Slot, values: Float64Array): boolean {
  const { columns: c } = engine;
  if (c.storedNumber(slot, 'SELM') !== SignalChoice.specified) {
    return fetchAll(engine, slot, values);
  }
  const number = engine.value(slot, nvl, 'USHORT');
  if (number === null) return false;
  if (number !== undefined) c.store(slot, 'SELN', Number(number) || undefined);
  const selected = c.storedNumber(slot, 'SELN');
  if (selected >= INPUTS) return true;
  const value = engine.number(slot, first + selected);
  if (typeof value === 'number') values[selected] = value;
  return value !== null;
}

/** As in base, only the last input decides whether that went well. */
function fetchAll(engine: Engine, slot: Slot, values: Float64Array): boolean {
  let last: number | null | undefined;
  for (let input = 0; input < INPUTS; input++) {
    last = engine.number(slot, first + input);
    if (typeof last === 'number') values[input] = last;
  }
  return last !== null;
}

function select(engine: Engine, slot: Slot, values: Float64Array): void {
  const { columns: c } = engine;
  const choice = c.storedNumber(slot, 'SELM');
  const signals = values.subarray(0, INPUTS);
  const selected = selectSignal(signals, choice, c.storedNumber(slot, 'SELN'));
  if (!selected) {
    const status = choice > LAST_SIGNAL ? AlarmStatus.calc : AlarmStatus.soft;
    engine.raise(slot, status, Severity.invalid);
    return;
  }
  c.store(slot, 'SELN', selected.number || undefined);
  c.number[slot] = selected.value;
  c.set(slot, Flag.udf, Number.isNaN(selected.value));
}
