import { binaryOperations } from './binary.ts';
import { CalcError } from './calc-error.ts';
import { choose, copy, type Instruction, random } from './instruction.ts';
import { parseCalc } from './parse.ts';
import { CALC_INPUTS, CALC_VAL, type Expression, type Statement } from './syntax.ts';
import { unaryOperations } from './unary.ts';
import { variadicOperations } from './variadic.ts';

/** A compiled CALC expression. */
export interface Calc {
  readonly text: string;
  /** Bit i: the value of input i (A = 0) matters. */
  readonly inputs: number;
  /** Bit i: input i is assigned to. */
  readonly assigned: number;
  /** Reads inputs from A on and VAL at `CALC_VAL`; writes assigned inputs, and the result to VAL. */
  run(values: Float64Array): void;
}

/** Values that wait at one place of an expression; base has room for as many. */
const MAX_DEPTH = 79;

/**
 * Compiles an expression of the EPICS CALC language, with the first `inputs` of A to U (12 are A to
 * L). A text that is none throws a `CalcError` with the character and what was expected there.
 */
export function compileCalc(text: string, inputs: number = CALC_INPUTS): Calc {
  const statements = parseCalc(text, inputs);
  if (statements.some(({ value }) => depthOf(value) > MAX_DEPTH)) {
    const what = `more than ${MAX_DEPTH} values would wait for their operators; assign some (A:=…;)`;
    throw new CalcError('too-deep', text, text.length, what);
  }
  return new Compiler(text, statements).calc();
}

/** Room for the values of an expression: A to U, then VAL; all 0. */
export function calcValues(): Float64Array {
  return new Float64Array(CALC_VAL + 1);
}

/** Lays values in registers: inputs in use, then constants, then what is computed. */
class Compiler {
  readonly #text: string;
  readonly #statements: readonly Statement[];
  /** Registers of inputs by input, of constants by value. */
  readonly #inputs = new Map<number, number>();
  readonly #constants = new Map<number, number>();
  #needed = 0;
  #assigned = 0;
  #free = 0;
  #size = 0;

  constructor(text: string, statements: readonly Statement[]) {
    this.#text = text;
    this.#statements = statements;
    for (const statement of statements) this.#collect(statement);
    let register = 0;
    for (const input of this.#inputs.keys()) this.#inputs.set(input, register++);
    for (const value of this.#constants.keys()) this.#constants.set(value, register++);
    this.#free = register;
    this.#size = register;
  }

  calc(): Calc {
    const program: Instruction[] = [];
    const result = this.#take();
    for (const { target, value } of this.#statements) {
      const to = target === undefined ? result : (this.#inputs.get(target) ?? 0);
      this.#emitTo(to, value, program);
    }
    const m = new Float64Array(this.#size);
    for (const [value, register] of this.#constants) m[register] = value;
    const used = Uint8Array.from(this.#inputs.keys());
    const assigned = used.filter((input) => this.#assigned & (1 << input));
    const from = assigned.map((input) => used.indexOf(input));
    const run = runner(m, used, program, assigned, from, result);
    return { text: this.#text, inputs: this.#needed, assigned: this.#assigned, run };
  }

  #collect({ target, value }: Statement): void {
    const reads = new Set<number>();
    visit(value, (leaf) => {
      if (leaf.kind === 'literal') this.#constants.set(leaf.value, 0);
      if (leaf.kind === 'input') reads.add(leaf.input);
    });
    for (const input of reads) {
      this.#inputs.set(input, 0);
      if (input !== CALC_VAL) this.#needed |= (1 << input) & ~this.#assigned;
    }
    if (target === undefined) return;
    this.#inputs.set(target, 0);
    this.#assigned |= 1 << target;
  }

  /** The register of a value, after instructions that compute it if that takes any. */
  #emit(value: Expression, program: Instruction[]): number {
    switch (value.kind) {
      case 'literal':
        return this.#constants.get(value.value) ?? 0;
      case 'input':
        return this.#inputs.get(value.input) ?? 0;
      default: {
        const to = this.#take();
        this.#emitTo(to, value, program);
        return to;
      }
    }
  }

  /** Computes a value into a register; what it needs meanwhile is free again afterwards. */
  #emitTo(to: number, value: Expression, program: Instruction[]): void {
    const free = this.#free;
    program.push(this.#instruction(to, value, program));
    this.#free = free;
  }

  #instruction(to: number, value: Expression, program: Instruction[]): Instruction {
    switch (value.kind) {
      case 'literal':
      case 'input':
        return copy(to, this.#emit(value, program));
      case 'random':
        return random(to);
      case 'unary':
        return unaryOperations[value.operation](to, this.#emit(value.of, program));
      case 'binary': {
        const left = this.#emit(value.left, program);
        const right = this.#emit(value.right, program);
        return binaryOperations[value.operation](to, left, right);
      }
      case 'variadic': {
        const from = value.of.map((argument) => this.#emit(argument, program));
        return variadicOperations[value.operation](to, from);
      }
      case 'choice': {
        const condition = this.#emit(value.condition, program);
        const then = this.#branch(to, value.then);
        return choose(condition, then, this.#branch(to, value.otherwise));
      }
    }
  }

  #branch(to: number, value: Expression): readonly Instruction[] {
    const program: Instruction[] = [];
    this.#emitTo(to, value, program);
    return program;
  }

  #take(): number {
    const register = this.#free++;
    this.#size = Math.max(this.#size, this.#free);
    return register;
  }
}

// hot path
function runner(
  m: Float64Array,
  used: Uint8Array,
  program: readonly Instruction[],
  assigned: Uint8Array,
  from: Uint8Array,
  result: number,
): (values: Float64Array) => void {
  return (values) => {
    for (let i = 0; i < used.length; i++) m[i] = values[used[i]!]!;
    for (let i = 0; i < program.length; i++) program[i]!(m);
    for (let i = 0; i < assigned.length; i++) values[assigned[i]!] = m[from[i]!]!;
    values[CALC_VAL] = m[result]!;
  };
}

/** How many values are under way at most, as base counts them. */
function depthOf(value: Expression): number {
  switch (value.kind) {
    case 'literal':
    case 'input':
    case 'random':
      return 1;
    case 'unary':
      return depthOf(value.of);
    case 'binary':
      return Math.max(depthOf(value.left), 1 + depthOf(value.right));
    case 'variadic':
      return Math.max(...value.of.map((argument, before) => before + depthOf(argument)));
    case 'choice':
      return Math.max(depthOf(value.condition), depthOf(value.then), depthOf(value.otherwise));
  }
}

function visit(value: Expression, leaf: (value: Expression) => void): void {
  switch (value.kind) {
    case 'literal':
    case 'input':
    case 'random':
      leaf(value);
      return;
    case 'unary':
      visit(value.of, leaf);
      return;
    case 'binary':
      visit(value.left, leaf);
      visit(value.right, leaf);
      return;
    case 'variadic':
      for (const argument of value.of) visit(argument, leaf);
      return;
    case 'choice':
      visit(value.condition, leaf);
      visit(value.then, leaf);
      visit(value.otherwise, leaf);
  }
}
