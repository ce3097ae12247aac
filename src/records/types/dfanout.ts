import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { limits } from '../access/analog.ts';
import { selectOutputs } from '../algorithms/link-selection.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { evaluated, markPosted, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import { initSelection, readSelection, selectedNumber } from '../parts/selection-fields.ts';
import { numberAlarm, settleNumber } from '../settle.ts';

const CLOSED_LOOP = 1;

/** Writes VAL to up to eight places, those that SELM and SELN select. */
export const dfanout = recordType({
  name: 'dfanout',
  kind: 'analog',
  access: limits,
  init(engine, slot) {
    const { columns: c } = engine;
    initSelection(engine, slot, sell);
    const value = engine.initial(slot, dol, 'DOUBLE');
    if (value !== undefined) take(c, slot, Number(value));
    markPosted(c, slot);
  },
  process(engine, slot) {
    const { columns: c } = engine;
    if (c.storedNumber(slot, 'OMSL') === CLOSED_LOOP) {
      const value = engine.number(slot, dol);
      if (typeof value === 'number') take(c, slot, value);
    }
    engine.stamp(slot);
    readSelection(engine, slot, sell);
    evaluated(engine, slot, numberAlarm);
    write(engine, slot, selectOutputs(c.storedNumber(slot, 'SELM'), selectedNumber(c, slot)));
    settled(engine, slot, settleNumber);
    return 'done';
  },
  metadata(_c, _slot, field) {
    return /^(HIHI|HIGH|LOW|LOLO)$/.test(field) ? { control: anyNumber } : undefined;
  },
});

const anyNumber = { low: -1e300, high: 1e300 };

const sell = dfanout.links.indexOf('SELL');
const dol = dfanout.links.indexOf('DOL');
const first = dfanout.links.indexOf('OUTA');

function take(c: Columns, slot: Slot, value: number): void {
  c.number[slot] = value;
  c.set(slot, Flag.udf, Number.isNaN(value));
}

function write(engine: Engine, slot: Slot, selected: number | undefined): void {
  if (selected === undefined) engine.raise(slot, AlarmStatus.soft, Severity.invalid);
  const value = engine.columns.number[slot] ?? 0;
  for (let i = 0, outputs = selected ?? 0; outputs !== 0; i++, outputs >>= 1) {
    if (outputs & 1) engine.put(slot, first + i, value);
  }
}
