import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { limits } from '../access/analog.ts';
import { CalcError } from '../calc/calc-error.ts';
import type { Calc } from '../calc/compile.ts';
import { CALC_VAL } from '../calc/syntax.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { markPosted, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import {
  fetchInputs,
  type InputBank,
  initInputs,
  inputBank,
  inputFields,
  inputMetadata,
  keepInputs,
} from '../parts/input-bank.ts';
import { calcFault, sharedCalc } from '../parts/shared-calc.ts';
import { settleNumber } from '../settle.ts';

interface Own extends InputBank {
  calc: Calc | undefined;
}

/** Computes VAL of up to twelve inputs. */
export const calc = recordType({
  name: 'calc',
  kind: 'analog',
  access: { ...limits, ...inputFields(ownOf) },
  init(engine, slot) {
    const { columns: c } = engine;
    initInputs(engine, slot, ownOf(c, slot).values, first);
    compile(c, slot);
    markPosted(c, slot);
  },
  process(engine, slot) {
    const { values } = ownOf(engine.columns, slot);
    if (fetchInputs(engine, slot, values, first)) evaluate(engine, slot);
    engine.stamp(slot);
    settled(engine, slot, settleNumber);
    keepInputs(values);
    return 'done';
  },
  changed({ columns }, slot, field) {
    if (field === 'CALC') compile(columns, slot);
  },
  refuses: (_c, _slot, field, value) => (field === 'CALC' ? calcFault(value) : undefined),
  refusesAtLoad: (field, value) => (field === 'CALC' ? calcFault(value) : undefined),
  metadata: (c, slot, field) => inputMetadata(c, slot, field, first),
});

const first = calc.links.indexOf('INPA');

function ownOf(c: Columns, slot: Slot): Own {
  c.own[slot] ??= { values: inputBank(0), calc: undefined } satisfies Own;
  return c.own[slot] as Own;
}

function compile(c: Columns, slot: Slot): void {
  const compiled = sharedCalc(String(c.stored(slot, 'CALC') ?? '0'));
  ownOf(c, slot).calc = compiled instanceof CalcError ? undefined : compiled;
}

// hot path
function evaluate(engine: Engine, slot: Slot): void {
  const { columns: c } = engine;
  const { calc, values } = ownOf(c, slot);
  if (!calc) {
    engine.raise(slot, AlarmStatus.calc, Severity.invalid);
    return;
  }
  values[CALC_VAL] = c.number[slot]!;
  calc.run(values);
  c.number[slot] = values[CALC_VAL]!;
  c.set(slot, Flag.udf, Number.isNaN(c.number[slot]!));
}
