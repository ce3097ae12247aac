import type { Slot } from '../../model/index.ts';
import { longText } from '../access/text.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import { type PrintSource, printText } from '../algorithms/print.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { type OutputSteps, writeOutput } from '../engine/output.ts';
import { settled } from '../engine/steps.ts';
import { EventMask } from '../event.ts';
import { recordType } from '../field-table.ts';
import type { FieldType } from '../field-type.ts';
import type { PvValue } from '../put.ts';

const LINKS = 10;
/** Least and most that SIZV may be, as in base. */
const LEAST_SIZE = 16;
const MOST_SIZE = 0x7fff;

const steps: OutputSteps = {
  type: () => 'STRING',
  take: () => {},
  convert: () => {},
  evaluate: () => {},
  takeIvov: () => {},
  value: (c, slot) => c.text[slot] ?? '',
  isLongText: true,
  settle: (engine, slot) => settled(engine, slot, settle),
};

/** Prints up to ten values as FMT says, which is that of C's printf. */
export const printf = recordType({
  name: 'printf',
  kind: 'text',
  access: longText,
  shape: (c, slot) => ({ type: 'STRING', maxCount: 1, size: sizeOf(c, slot) }),
  init({ columns: c }, slot) {
    c.store(slot, 'SIZV', sizeOf(c, slot));
  },
  process(engine, slot) {
    const { columns: c } = engine;
    const format = String(c.stored(slot, 'FMT') ?? '');
    const invalid = String(c.stored(slot, 'IVLS') ?? 'LNK');
    c.text[slot] = printText(format, linksOf(engine, slot), invalid, sizeOf(c, slot) - 1);
    c.set(slot, Flag.udf, false);
    engine.stamp(slot);
    return writeOutput(engine, slot, steps);
  },
});

const first = printf.links.indexOf('INP0');

function sizeOf(c: Columns, slot: Slot): number {
  return Math.min(Math.max(c.storedNumber(slot, 'SIZV', 41), LEAST_SIZE), MOST_SIZE);
}

/** The links one after another; constants give their value each time. */
function linksOf(engine: Engine, slot: Slot): PrintSource {
  let used = 0;
  const next = (type: FieldType, isLong: boolean): PvValue | undefined => {
    if (used >= LINKS) return undefined;
    const at = first + used++;
    if (engine.isConstant(slot, at)) return engine.initial(slot, at, type);
    return (isLong ? engine.text(slot, at) : engine.value(slot, at, type)) ?? undefined;
  };
  return {
    next(type) {
      const value = next(type, false);
      return typeof value === 'object' ? undefined : value;
    },
    nextLongText() {
      const text = next('STRING', true);
      return text === undefined ? undefined : String(text);
    },
  };
}

/** VAL is posted each time. */
function settle(c: Columns, slot: Slot, pending: Pending): void {
  c.postedText[slot] = c.text[slot];
  c.post(slot, settleAlarm(c, slot, pending) | EventMask.value | EventMask.log);
}
