import { AlarmStatus, Severity, type Slot } from '../../model/index.ts';
import { limits } from '../access/analog.ts';
import { derived } from '../access/cells.ts';
import { CalcError } from '../calc/calc-error.ts';
import type { Calc } from '../calc/compile.ts';
import { CALC_VAL } from '../calc/syntax.ts';
import { type Columns, Flag } from '../columns.ts';
import type { Engine } from '../engine/engine.ts';
import { type OutputSteps, writeOutput } from '../engine/output.ts';
import { isDue } from '../engine/output-option.ts';
import { evaluated, markPosted, settled } from '../engine/steps.ts';
import { recordType } from '../field-table.ts';
import {
  fetchInputs,
  type InputBank,
  initInput,
  initInputs,
  inputBank,
  inputFields,
  inputMetadata,
  keepInputs,
} from '../parts/input-bank.ts';
import { linkStates } from '../parts/link-states.ts';
import { calcFault, sharedCalc } from '../parts/shared-calc.ts';
import type { Progress } from '../record-type.ts';
import { numberAlarm, settleNumber } from '../settle.ts';

interface Own extends InputBank {
  calc: Calc | undefined;
  outputCalc: Calc | undefined;
  /** OVAL, and PVAL: VAL of the last processing. */
  output: number;
  before: number;
  /** DLYA: the output waits for ODLY. */
  isDelayed: boolean;
}

/** Values of DOPT and IVOA. */
const USE_OCAL = 1;
const Ivoa = { write: 0, keep: 1, ivov: 2 } as const;

/** Computes VAL of up to twelve inputs; it, or another result, goes out when OOPT says so. */
export const calcout = recordType({
  name: 'calcout',
  kind: 'analog',
  access: {
    ...limits,
    ...inputFields(ownOf),
    ...linkStates,
    OVAL: ownNumber('output'),
    POVL: derived((c, slot) => ownOf(c, slot).output),
    PVAL: ownNumber('before'),
    DLYA: derived((c, slot) => (ownOf(c, slot).isDelayed ? 1 : 0)),
    CLCV: derived((c, slot) => (ownOf(c, slot).calc ? 0 : -1)),
    OCLV: derived((c, slot) => (ownOf(c, slot).outputCalc ? 0 : -1)),
  },
  init(engine, slot) {
    const { columns: c } = engine;
    const own = ownOf(c, slot);
    initInputs(engine, slot, own.values, first);
    compile(c, slot);
    own.before = c.number[slot] ?? 0;
    markPosted(c, slot);
  },
  process,
  changed(engine, slot, field) {
    if (field === 'CALC' || field === 'OCAL') compile(engine.columns, slot);
    const input = /^INP([A-L])$/.exec(field)?.[1];
    // A constant is taken as it is written.
    if (input) initInput(engine, slot, ownOf(engine.columns, slot).values, first, input);
  },
  // Clients may put what is none: CLCV and OCLV tell them.
  refusesAtLoad(field, value) {
    return field === 'CALC' || field === 'OCAL' ? calcFault(value) : undefined;
  },
  metadata(c, slot, field) {
    switch (field) {
      case 'ODLY':
        return delayMetadata;
      case 'OVAL':
      case 'PVAL':
        return { display: anyNumber, control: anyNumber };
      default:
        return inputMetadata(c, slot, field, first);
    }
  },
});

const first = calcout.links.indexOf('INPA');

const anyNumber = { low: -1e300, high: 1e300 };
const delayMetadata = {
  ...{ units: 's', precision: 2 },
  ...{ display: { low: 0, high: 1e300 }, control: { low: 0, high: 100_000 } },
};

const steps: OutputSteps = {
  type: () => 'DOUBLE',
  take: () => {},
  convert: () => {},
  evaluate: () => {},
  takeIvov: () => {},
  value: (c, slot) => ownOf(c, slot).output,
  settle(engine, slot) {
    settled(engine, slot, settleNumber);
    keepInputs(ownOf(engine.columns, slot).values);
  },
};

function ownOf(c: Columns, slot: Slot): Own {
  c.own[slot] ??= {
    values: inputBank(0),
    calc: undefined,
    outputCalc: undefined,
    output: 0,
    before: 0,
    isDelayed: false,
  } satisfies Own;
  return c.own[slot] as Own;
}

function ownNumber(name: 'output' | 'before') {
  return {
    read: (c: Columns, slot: Slot) => ownOf(c, slot)[name],
    write(c: Columns, slot: Slot, value: unknown) {
      ownOf(c, slot)[name] = Number(value);
    },
  };
}

function compile(c: Columns, slot: Slot): void {
  const own = ownOf(c, slot);
  const compiled = (field: string) => {
    const calc = sharedCalc(String(c.stored(slot, field) ?? '0'));
    return calc instanceof CalcError ? undefined : calc;
  };
  own.calc = compiled('CALC');
  own.outputCalc = compiled('OCAL');
}

function process(engine: Engine, slot: Slot): Progress {
  const { columns: c } = engine;
  const own = ownOf(c, slot);
  if (fetchInputs(engine, slot, own.values, first)) evaluate(engine, slot, own);
  evaluated(engine, slot, numberAlarm);
  engine.stamp(slot);
  const now = c.number[slot] ?? 0;
  const { before } = own;
  own.before = now;
  if (!isDue(c.storedNumber(slot, 'OOPT'), now, before, false, c.mdel[slot])) {
    steps.settle(engine, slot);
    return 'done';
  }
  const delay = c.storedNumber(slot, 'ODLY');
  return delay > 0 ? wait(engine, slot, own, delay) : drive(engine, slot, own);
}

function wait(engine: Engine, slot: Slot, own: Own, delay: number): Progress {
  own.isDelayed = true;
  engine.later(slot, delay * 1000, () => {
    own.isDelayed = false;
    engine.stamp(slot);
    return drive(engine, slot, own);
  });
  return 'waiting';
}

function evaluate(engine: Engine, slot: Slot, { calc, values }: Own): void {
  const { columns: c } = engine;
  if (!calc) {
    engine.raise(slot, AlarmStatus.calc, Severity.invalid, 'CALC is no expression');
    return;
  }
  values[CALC_VAL] = c.number[slot] ?? 0;
  calc.run(values);
  c.number[slot] = values[CALC_VAL] ?? 0;
  c.set(slot, Flag.udf, Number.isNaN(c.number[slot]));
}

/** Makes OVAL, and writes it unless it is invalid and IVOA says no. */
function drive(engine: Engine, slot: Slot, own: Own): Progress {
  const { columns: c } = engine;
  if (c.storedNumber(slot, 'DOPT') !== USE_OCAL) own.output = c.number[slot] ?? 0;
  else evaluateOutput(engine, slot, own);
  if (c.has(slot, Flag.udf)) engine.raise(slot, AlarmStatus.udf, c.udfSeverity[slot] ?? 0);
  const isInvalid = (c.pending[slot] ?? 0) >> 8 === Severity.invalid;
  const ivoa = isInvalid ? c.storedNumber(slot, 'IVOA') : Ivoa.write;
  if (ivoa === Ivoa.keep) {
    steps.settle(engine, slot);
    return 'done';
  }
  if (ivoa === Ivoa.ivov) own.output = c.storedNumber(slot, 'IVOV');
  engine.events.post(String(c.stored(slot, 'OEVT') ?? ''));
  return writeOutput(engine, slot, steps);
}

/** OCAL, whose VAL is OVAL. */
function evaluateOutput(engine: Engine, slot: Slot, own: Own): void {
  if (!own.outputCalc) {
    engine.raise(slot, AlarmStatus.calc, Severity.invalid, 'OCAL is no expression');
    return;
  }
  own.values[CALC_VAL] = own.output;
  own.outputCalc.run(own.values);
  own.output = own.values[CALC_VAL] ?? 0;
  engine.columns.set(slot, Flag.udf, Number.isNaN(own.output));
}
