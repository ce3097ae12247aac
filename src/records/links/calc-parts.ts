import type { JsonValue } from '../../database/index.ts';
import { IocError } from '../../kernel/index.ts';
import { type Calc, compileCalc } from '../calc/compile.ts';
import { inputName } from '../calc/elements.ts';
import { CALC_INPUTS } from '../calc/syntax.ts';
import type { Link } from './link.ts';

/** What a calc link is made of. */
export interface CalcParts {
  /** What the value is; of an output, of VAL, the value that is written. Without it there is none. */
  readonly expr: Calc | undefined;
  /** A value that is not 0 raises LINK with MAJOR, or MINOR. */
  readonly major: Calc | undefined;
  readonly minor: Calc | undefined;
  readonly args: readonly (Link | undefined)[];
  /** The argument whose time the link has; -1 for none. */
  readonly time: number;
  readonly out: Link | undefined;
  readonly units: string;
  readonly prec: number;
}

/** Opens the links inside of a calc link: an argument, or `out`. */
export type OpenInner = (value: JsonValue, way: 'INLINK' | 'OUTLINK') => Link | undefined;

/** Digits of a result whose link has no `prec`. */
const MOST_DIGITS = 15;
const keys = 'expr args major minor prec units time out'.split(' ');

/** Reads what a calc link says. A mistake is thrown, before any link is opened. */
export function calcParts(value: JsonValue, way: 'INLINK' | 'OUTLINK', open: OpenInner): CalcParts {
  const said = checked(value);
  const isOutput = way === 'OUTLINK';
  if (!isOutput && said.expr === undefined) throw mistake('expr', 'an input needs an expression');
  if (isOutput && said.out === undefined) throw mistake('out', 'an output needs a link');
  if (!isOutput && said.out !== undefined) throw mistake('out', 'an input has none');
  const args: readonly JsonValue[] = Array.isArray(said.args)
    ? said.args
    : [said.args ?? []].flat();
  if (args.length > CALC_INPUTS) throw mistake('args', `there are more than ${CALC_INPUTS}`);
  return {
    ...{ expr: calcOf('expr', said.expr), major: calcOf('major', said.major) },
    ...{ minor: calcOf('minor', said.minor), time: timeOf(said.time, args.length) },
    ...{ units: textOf('units', said.units) ?? '', prec: precisionOf(said.prec) },
    args: args.map((argument) => open(argument, 'INLINK')),
    out: said.out === undefined ? undefined : open(said.out, 'OUTLINK'),
  };
}

type Said = Partial<
  Readonly<
    Record<'expr' | 'args' | 'major' | 'minor' | 'prec' | 'units' | 'time' | 'out', JsonValue>
  >
>;

function checked(value: JsonValue): Said {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mistake('calc', 'an object is expected');
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown === undefined) return value as Said;
  throw mistake(unknown, `is none of ${keys.join(', ')}`);
}

function calcOf(key: string, value: JsonValue | undefined): Calc | undefined {
  const text = textOf(key, value);
  return text === undefined ? undefined : compileCalc(text);
}

function textOf(key: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw mistake(key, 'a text is expected');
}

function precisionOf(value: JsonValue | undefined): number {
  if (value === undefined || typeof value === 'number') return value ?? MOST_DIGITS;
  throw mistake('prec', 'a number is expected');
}

/** `time` names an argument by its letter. */
function timeOf(value: JsonValue | undefined, count: number): number {
  if (value === undefined) return -1;
  const names = Array.from({ length: count }, (_, input) => inputName(input));
  const index = names.indexOf(String(value).toUpperCase());
  if (index < 0) throw mistake('time', `none of the arguments ${names.join(', ')}`);
  return index;
}

function mistake(key: string, what: string): IocError {
  return new IocError('records/calc-link', `calc link, "${key}": ${what}`);
}
