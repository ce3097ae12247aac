import { CalcError } from '../calc/calc-error.ts';
import { type Calc, compileCalc } from '../calc/compile.ts';
import { INPUTS } from './input-bank.ts';

/** Expressions that are kept compiled: databases have the same ones in many records. */
const MOST_KEPT = 1024;

const kept = new Map<string, Calc>();

/** The compiled expression of a record, shared by all that have the same; or what is wrong with it. */
export function sharedCalc(text: string): Calc | CalcError {
  const known = kept.get(text);
  if (known) return known;
  try {
    const calc = compileCalc(text, INPUTS);
    const [oldest] = kept.size < MOST_KEPT ? [] : kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
    kept.set(text, calc);
    return calc;
  } catch (error) {
    if (error instanceof CalcError) return error;
    throw error;
  }
}

/** What is wrong with the expression that a field would have. */
export function calcFault(value: unknown): string | undefined {
  const found = sharedCalc(String(value));
  return found instanceof CalcError ? found.message : undefined;
}
