import { calcRandom } from './random.ts';

/**
 * One step of a compiled expression: reads and writes registers. Each is a function of its own, so
 * that the engine inlines its arithmetic and no number is boxed on its way through a call.
 */
export type Instruction = (m: Float64Array) => void;

// hot path
/** Copies a register. */
export function copy(to: number, from: number): Instruction {
  return (m) => {
    m[to] = m[from]!;
  };
}

// hot path
/** The next random number, from 0 to 1. */
export function random(to: number): Instruction {
  return (m) => {
    m[to] = calcRandom();
  };
}

// hot path
/** Runs one of two programs. */
export function choose(
  condition: number,
  then: readonly Instruction[],
  otherwise: readonly Instruction[],
): Instruction {
  return (m) => {
    const program = m[condition] === 0 ? otherwise : then;
    for (let i = 0; i < program.length; i++) program[i]!(m);
  };
}
