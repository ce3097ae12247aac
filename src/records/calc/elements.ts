import type { Binary } from './binary.ts';
import { CALC_INPUTS, CALC_VAL, type Expression } from './syntax.ts';
import type { Unary } from './unary.ts';
import type { Variadic } from './variadic.ts';

/** What may stand where a value is due. */
export type OperandElement =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'number' }
  | { readonly kind: 'open' }
  | { readonly kind: 'unary'; readonly operation: Unary }
  | { readonly kind: 'pair'; readonly operation: Binary }
  | { readonly kind: 'variadic'; readonly operation: Variadic };

/** What may stand behind a value. */
export type OperatorElement =
  | { readonly kind: 'binary'; readonly operation: Binary; readonly priority: number }
  | { readonly kind: 'assign' | 'if' | 'else' | 'comma' | 'close' | 'end' };

const unary: Readonly<Record<string, Unary>> = {
  ...{ '!': '!', '-': '-', '~': '~', NOT: '~' },
  ...{ ABS: 'ABS', CEIL: 'CEIL', FLOOR: 'FLOOR', NINT: 'NINT', ISINF: 'ISINF' },
  ...{ EXP: 'EXP', LN: 'LN', LOGE: 'LN', LOG: 'LOG', SQR: 'SQR', SQRT: 'SQR' },
  ...{ SIN: 'SIN', COS: 'COS', TAN: 'TAN', ASIN: 'ASIN', ACOS: 'ACOS', ATAN: 'ATAN' },
  ...{ SINH: 'SINH', COSH: 'COSH', TANH: 'TANH' },
};

const values: Readonly<Record<string, Expression>> = {
  PI: { kind: 'literal', value: Math.PI },
  D2R: { kind: 'literal', value: Math.PI / 180 },
  R2D: { kind: 'literal', value: 180 / Math.PI },
  RNDM: { kind: 'random' },
  VAL: { kind: 'input', input: CALC_VAL },
};

/** By rising priority; operators of one priority are taken from left to right. */
const binary: readonly Readonly<Record<string, Binary>>[] = [
  { '||': '||', '|': '|', OR: '|', XOR: 'XOR' },
  { '&&': '&&', '&': '&', AND: '&', '<<': '<<', '>>': '>>', '>>>': '>>>' },
  { '=': '=', '==': '=', '#': '#', '!=': '#', '<': '<', '<=': '<=', '>': '>', '>=': '>=' },
  { '+': '+', '-': '-' },
  { '*': '*', '/': '/', '%': '%' },
  { '**': '**', '^': '**' },
];

const operands = new Map<string, OperandElement>([
  ...Object.entries(unary).map(([name, operation]) => entry(name, { kind: 'unary', operation })),
  ...Object.entries(values).map(([name, value]) => entry(name, { kind: 'value', value })),
  ...Array.from({ length: CALC_INPUTS }, (_, input) =>
    entry(inputName(input), { kind: 'value', value: { kind: 'input', input } }),
  ),
  ...[...'.0123456789', 'INF', 'NAN'].map((name) => entry(name, { kind: 'number' })),
  ...(['ATAN2', 'FMOD'] as const).map((name) => entry(name, { kind: 'pair', operation: name })),
  ...(['MAX', 'MIN', 'FINITE', 'ISNAN'] as const).map((name) =>
    entry(name, { kind: 'variadic', operation: name }),
  ),
  entry('(', { kind: 'open' }),
]);

const operators = new Map<string, OperatorElement>([
  ...binary.flatMap((level, index) =>
    Object.entries(level).map(
      ([name, operation]) => [name, { kind: 'binary', operation, priority: index + 1 }] as const,
    ),
  ),
  [':=', { kind: 'assign' }],
  ['?', { kind: 'if' }],
  [':', { kind: 'else' }],
  [',', { kind: 'comma' }],
  [')', { kind: 'close' }],
  [';', { kind: 'end' }],
]);

/** The element that begins at a place where a value is due, and its length. */
export function operandAt(text: string, at: number): [OperandElement, number] | undefined {
  return longest(operands, text, at, 'FINITE'.length);
}

/** The element that begins at a place behind a value, and its length. */
export function operatorAt(text: string, at: number): [OperatorElement, number] | undefined {
  return longest(operators, text, at, '>>>'.length);
}

/** A to U. */
export function inputName(input: number): string {
  return String.fromCharCode(65 + input);
}

/** The longest name comes first: `A` is an input only where no function begins. */
function longest<T>(
  elements: ReadonlyMap<string, T>,
  text: string,
  at: number,
  most: number,
): [T, number] | undefined {
  for (let length = Math.min(most, text.length - at); length > 0; length--) {
    const element = elements.get(text.slice(at, at + length));
    if (element !== undefined) return [element, length];
  }
  return undefined;
}

function entry(name: string, element: OperandElement): [string, OperandElement] {
  return [name, element];
}
