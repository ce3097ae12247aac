import type { Binary } from './binary.ts';
import type { Unary } from './unary.ts';
import type { Variadic } from './variadic.ts';

/** Inputs A to U; base 7.0.8 has A to L. */
export const CALC_INPUTS = 21;
/** Where VAL stands behind the inputs: the last result, and then the new one. */
export const CALC_VAL = CALC_INPUTS;

/** A CALC expression as a tree. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: number }
  /** A to U, or VAL at CALC_VAL. */
  | { readonly kind: 'input'; readonly input: number }
  | { readonly kind: 'random' }
  | { readonly kind: 'unary'; readonly operation: Unary; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operation: Binary;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'variadic'; readonly operation: Variadic; readonly of: readonly Expression[] }
  | {
      readonly kind: 'choice';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

/** One of the parts between semicolons: a value, or an assignment to an input. */
export interface Statement {
  readonly target?: number;
  readonly value: Expression;
}
