import type { Binary } from './binary.ts';
import { CalcError, type CalcErrorKind } from './calc-error.ts';
import { inputName, type OperatorElement, operandAt, operatorAt } from './elements.ts';
import { literalAt } from './literal.ts';
import { CALC_VAL, type Expression, type Statement } from './syntax.ts';
import type { Variadic } from './variadic.ts';

/** Longer texts are refused: a field holds 79 or 160 characters, a JSON link some hundred. */
export const MAX_CALC_LENGTH = 4096;
/** Open parentheses, prefixes and conditions at one place; base's own stack holds as many. */
const MAX_NESTING = 79;

/** The statements of a CALC expression; throws a `CalcError` where it has none. */
export function parseCalc(text: string, inputs: number): readonly Statement[] {
  return new Parser(text, inputs).statements();
}

type Next = { readonly element: OperatorElement; readonly at: number; readonly end: number };

/**
 * Reads an expression by operator precedence. Where a value is due, other elements are known than
 * behind one, as in base: `A OR B` needs no spaces, and `E` is an input but `1E3` a number.
 */
class Parser {
  readonly #source: string;
  /** In upper case: letters of either case are the same. */
  readonly #text: string;
  readonly #inputs: number;
  #at = 0;
  #nesting = 0;
  /** Where parentheses and conditions began that are not complete. */
  readonly #parentheses: number[] = [];
  readonly #conditions: number[] = [];

  constructor(source: string, inputs: number) {
    this.#source = source;
    // Letters outside of ASCII keep their size, and are no elements.
    this.#text = source.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
    this.#inputs = inputs;
  }

  statements(): readonly Statement[] {
    const { length } = this.#text;
    if (length === 0) throw this.#error('empty', 0, 'an expression was expected');
    if (length > MAX_CALC_LENGTH) {
      throw this.#error('too-long', MAX_CALC_LENGTH, `${length} characters are too many`);
    }
    const statements: Statement[] = [];
    for (;;) {
      const at = this.#start(this.#at);
      const statement = this.#statement();
      if (statement.target === undefined && statements.some(isValue)) {
        throw this.#error('too-many-results', at, 'a second result; assign it (A:=…) or remove it');
      }
      statements.push(statement);
      if (this.#take('end')) continue;
      if (this.#peek()) throw this.#misplaced();
      if (statements.some(isValue)) return statements;
      throw this.#error('no-result', length, 'assignments only: add the result, as in A:=B;A');
    }
  }

  #statement(): Statement {
    const value = this.#conditional();
    if (value.kind !== 'input' || value.input === CALC_VAL) return { value };
    if (!this.#take('assign')) return { value };
    return { target: value.input, value: this.#conditional() };
  }

  #conditional(): Expression {
    const condition = this.#binary(1);
    const at = this.#at;
    if (!this.#take('if')) return condition;
    this.#enter(at);
    this.#conditions.push(at);
    const then = this.#conditional();
    if (!this.#take('else')) throw this.#unfinished('conditional', '":" of the "?" was expected');
    this.#conditions.pop();
    const otherwise = this.#conditional();
    this.#nesting--;
    return { kind: 'choice', condition, then, otherwise };
  }

  #binary(least: number): Expression {
    let left = this.#operand();
    for (;;) {
      const next = this.#peek();
      if (next?.element.kind !== 'binary' || next.element.priority < least) return left;
      this.#at = next.end;
      const { operation, priority } = next.element;
      left = { kind: 'binary', operation, left, right: this.#binary(priority + 1) };
    }
  }

  #operand(): Expression {
    const at = this.#start(this.#at);
    if (at === this.#text.length) throw this.#unfinished('incomplete', 'a value was expected');
    const [element, length] = operandAt(this.#text, at) ?? [undefined, 0];
    this.#at = at + length;
    switch (element?.kind) {
      case 'value':
        return this.#known(element.value, at);
      case 'number':
        return this.#literal(at);
      case 'open':
        return this.#nested(at, () => this.#group(at));
      case 'unary':
        return this.#nested(at, () => {
          return { kind: 'unary', operation: element.operation, of: this.#operand() };
        });
      case 'pair':
        return this.#nested(at, () => this.#pair(element.operation, at));
      case 'variadic':
        return this.#nested(at, () => this.#variadic(element.operation));
      case undefined:
        throw this.#error('syntax', at, this.#valueExpected(at));
    }
  }

  #known(value: Expression, at: number): Expression {
    const isKnown =
      value.kind !== 'input' || value.input === CALC_VAL || value.input < this.#inputs;
    if (isKnown) return value;
    throw this.#error('syntax', at, this.#valueExpected(at));
  }

  #literal(at: number): Expression {
    const literal = literalAt(this.#text, at);
    if (!literal)
      throw this.#error('bad-literal', at, 'a number that a double can hold was expected');
    this.#at = at + literal.length;
    return { kind: 'literal', value: literal.value };
  }

  /** What stands in parentheses that are already open. */
  #group(at: number): Expression {
    this.#parentheses.push(at);
    const value = this.#conditional();
    if (!this.#take('close')) throw this.#unfinished('parenthesis-open', '")" was expected');
    this.#parentheses.pop();
    return value;
  }

  #pair(operation: Binary, at: number): Expression {
    const [left, right, ...more] = this.#arguments();
    if (left && right && more.length === 0) return { kind: 'binary', operation, left, right };
    throw this.#error('wrong-arguments', at, `${operation}(a,b) takes two values`);
  }

  /** `MAX(A,B)`, or as of functions of one value `MAX A`. */
  #variadic(operation: Variadic): Expression {
    const at = this.#start(this.#at);
    const of = this.#text[at] === '(' ? this.#arguments() : [this.#operand()];
    return { kind: 'variadic', operation, of };
  }

  #arguments(): Expression[] {
    const at = this.#start(this.#at);
    if (this.#text[at] !== '(') return [];
    this.#at = at + 1;
    this.#parentheses.push(at);
    const values = [this.#conditional()];
    while (this.#take('comma')) values.push(this.#conditional());
    if (!this.#take('close')) {
      throw this.#unfinished('parenthesis-open', '"," or ")" was expected');
    }
    this.#parentheses.pop();
    return values;
  }

  #nested(at: number, read: () => Expression): Expression {
    this.#enter(at);
    const value = read();
    this.#nesting--;
    return value;
  }

  #enter(at: number): void {
    if (++this.#nesting <= MAX_NESTING) return;
    throw this.#error('too-deep', at, `nested deeper than ${MAX_NESTING} levels`);
  }

  #take(kind: OperatorElement['kind']): boolean {
    const next = this.#peek();
    if (next?.element.kind !== kind) return false;
    this.#at = next.end;
    return true;
  }

  /** The operator that comes next; undefined at the end of the text. */
  #peek(): Next | undefined {
    const at = this.#start(this.#at);
    if (at === this.#text.length) return undefined;
    const found = operatorAt(this.#text, at);
    if (!found)
      throw this.#error('syntax', at, `an operator was expected, not "${this.#found(at)}"`);
    return { element: found[0], at, end: at + found[1] };
  }

  /** Where the next element begins: behind blanks. */
  #start(at: number): number {
    while (at < this.#text.length && ' \t\n\v\f\r'.includes(this.#text[at] ?? '')) at++;
    return at;
  }

  /** An operator that stands where the expression cannot go on. */
  #misplaced(): CalcError {
    const at = this.#start(this.#at);
    switch (this.#peek()?.element.kind) {
      case 'comma':
        return this.#error('bad-separator', at, '"," stands between arguments of a function only');
      case 'close':
        return this.#error('parenthesis-not-open', at, '")" closes nothing');
      case 'else':
        return this.#error('conditional', at, '":" has no "?" before it');
      default:
        return this.#error('bad-assignment', at, `assignments begin so: ${this.#letters()} ":="`);
    }
  }

  /** The text ends, or goes on in another way, before something is complete. */
  #unfinished(kind: CalcErrorKind, expected: string): CalcError {
    const at = this.#start(this.#at);
    if (at < this.#text.length) return this.#interrupted(kind, expected, at);
    const parenthesis = this.#parentheses.at(-1);
    if (parenthesis !== undefined) {
      const what = `the end; "(" of character ${parenthesis + 1} is not closed`;
      return this.#error('parenthesis-open', at, what);
    }
    const condition = this.#conditions.at(-1);
    if (condition === undefined) return this.#error(kind, at, `the end; ${expected}`);
    const what = `the end; ":" of "?" of character ${condition + 1} was expected`;
    return this.#error('conditional', at, what);
  }

  #interrupted(kind: CalcErrorKind, expected: string, at: number): CalcError {
    switch (this.#peek()?.element.kind) {
      case 'comma':
        return this.#error('bad-separator', at, '"," stands between arguments of a function only');
      case 'assign':
        return this.#error('bad-assignment', at, 'assignments cannot stand inside of expressions');
      case 'else':
        return this.#error('conditional', at, '":" has no "?" before it in these parentheses');
      default:
        return this.#error(kind, at, expected);
    }
  }

  #valueExpected(at: number): string {
    const values = `a number, ${this.#letters()}, VAL, PI, a function or "("`;
    return `a value was expected (${values}), not "${this.#found(at)}"`;
  }

  #found(at: number): string {
    return this.#source.slice(at, at + 8);
  }

  #letters(): string {
    return `A to ${inputName(this.#inputs - 1)}`;
  }

  #error(kind: CalcErrorKind, at: number, what: string): CalcError {
    return new CalcError(kind, this.#source, at, what);
  }
}

function isValue({ target }: Statement): boolean {
  return target === undefined;
}
