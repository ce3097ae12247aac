import fc from 'fast-check';

/** An expression to be printed and evaluated by other means than those of the compiler. */
export type Tree =
  | { readonly kind: 'leaf'; readonly text: string; readonly value: number }
  | { readonly kind: 'input'; readonly input: number }
  | { readonly kind: 'prefix'; readonly name: keyof typeof prefixes; readonly of: Tree }
  | {
      readonly kind: 'infix';
      readonly name: keyof typeof infixes;
      readonly left: Tree;
      readonly right: Tree;
    }
  | { readonly kind: 'call'; readonly name: keyof typeof calls; readonly of: readonly Tree[] }
  | { readonly kind: 'choice'; readonly of: readonly [Tree, Tree, Tree] };

const truth = (is: boolean) => (is ? 1 : 0);

/** The conversion to 32 bits that base does on x86-64, told by whole numbers. */
function bits(x: number): number {
  const whole = Number.isFinite(x) ? BigInt(Math.trunc(x)) : undefined;
  if (x < 0) return whole !== undefined && whole >= -(2n ** 31n) ? Number(whole) : -(2 ** 31);
  return whole === undefined || whole >= 2n ** 63n ? 0 : Number(BigInt.asIntN(32, whole));
}

function int32(x: number): number {
  return x > -2147483649 && x < 2147483648 ? Math.trunc(x) : -2147483648;
}

const prefixes = {
  '!': (a: number) => truth(a === 0),
  '-': (a: number) => -a,
  '~': (a: number) => -1 - bits(a),
  'NOT ': (a: number) => -1 - bits(a),
  'ABS ': (a: number) => (a < 0 || Object.is(a, -0) ? -a : a),
  'CEIL ': Math.ceil,
  'FLOOR ': Math.floor,
  'SQR ': Math.sqrt,
  'SQRT ': Math.sqrt,
  'SIN ': Math.sin,
  'ATAN ': Math.atan,
  'NINT ': (a: number) => int32(a >= 0 ? a + 0.5 : a - 0.5) + 0,
  'ISINF ': (a: number) => (Math.abs(a) === Infinity ? Math.sign(a) : 0),
};

/** Priority, and meaning. */
const infixes = {
  '||': [1, (a: number, b: number) => truth(a !== 0 || b !== 0)],
  '|': [1, (a: number, b: number) => bits(a) | bits(b)],
  ' OR ': [1, (a: number, b: number) => bits(a) | bits(b)],
  ' XOR ': [1, (a: number, b: number) => bits(a) ^ bits(b)],
  '&&': [2, (a: number, b: number) => truth(a !== 0 && b !== 0)],
  '&': [2, (a: number, b: number) => bits(a) & bits(b)],
  ' AND ': [2, (a: number, b: number) => bits(a) & bits(b)],
  '<<': [2, (a: number, b: number) => Number(BigInt.asIntN(32, BigInt(bits(a)) << shift(b)))],
  '>>': [2, (a: number, b: number) => Number(BigInt(bits(a)) >> shift(b))],
  '>>>': [2, (a: number, b: number) => Number(BigInt.asUintN(32, BigInt(bits(a))) >> shift(b))],
  '=': [3, (a: number, b: number) => truth(a === b)],
  '==': [3, (a: number, b: number) => truth(a === b)],
  '#': [3, (a: number, b: number) => truth(a !== b)],
  '!=': [3, (a: number, b: number) => truth(a !== b)],
  '<': [3, (a: number, b: number) => truth(a < b)],
  '<=': [3, (a: number, b: number) => truth(a <= b)],
  '>': [3, (a: number, b: number) => truth(a > b)],
  '>=': [3, (a: number, b: number) => truth(a >= b)],
  '+': [4, (a: number, b: number) => a + b],
  '-': [4, (a: number, b: number) => a - b],
  '*': [5, (a: number, b: number) => a * b],
  '/': [5, (a: number, b: number) => a / b],
  '%': [5, (a: number, b: number) => remainder(int32(a), int32(b))],
  '**': [6, power],
  '^': [6, power],
} as const;

const calls = {
  MAX: (of: readonly number[]) => (of.some(Number.isNaN) ? Number.NaN : pick(of, (a, b) => a < b)),
  MIN: (of: readonly number[]) => (of.some(Number.isNaN) ? Number.NaN : pick(of, (a, b) => a > b)),
  FINITE: (of: readonly number[]) => truth(of.every(Number.isFinite)),
  ISNAN: (of: readonly number[]) => truth(of.some(Number.isNaN)),
  ATAN2: ([x = 0, y = 0]: readonly number[]) => Math.atan2(y, x),
  FMOD: ([a = 0, b = 0]: readonly number[]) => a % b,
};

function shift(b: number): bigint {
  return BigInt(bits(b) & 31);
}

function remainder(a: number, b: number): number {
  return b === 0 ? Number.NaN : Number(BigInt(a) % BigInt(b));
}

function power(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
}

/** Of equals the first, so that the sign of 0 is known. */
function pick(of: readonly number[], isBetter: (a: number, b: number) => boolean): number {
  return of.reduce((best, value) => (isBetter(best, value) ? value : best));
}

export function worthOf(tree: Tree, inputs: readonly number[]): number {
  const of = (child: Tree) => worthOf(child, inputs);
  switch (tree.kind) {
    case 'leaf':
      return tree.value;
    case 'input':
      return inputs[tree.input] ?? 0;
    case 'prefix':
      return prefixes[tree.name](of(tree.of));
    case 'infix':
      return infixes[tree.name][1](of(tree.left), of(tree.right));
    case 'call':
      return calls[tree.name](tree.of.map(of));
    case 'choice':
      return of(tree.of[0]) === 0 ? of(tree.of[2]) : of(tree.of[1]);
  }
}

/** With the fewest parentheses, or with them around everything; blanks between elements. */
export function textOf(tree: Tree, blank = '', isWrapped = false): string {
  const wrap = (child: Tree, least: number): string => {
    const text = textOf(child, blank, isWrapped);
    return isWrapped || priorityOf(child) < least ? `(${blank}${text}${blank})` : text;
  };
  switch (tree.kind) {
    case 'leaf':
      return tree.text;
    case 'input':
      return String.fromCharCode(65 + tree.input);
    case 'prefix':
      return `${tree.name}${blank}${wrap(tree.of, 7)}`;
    case 'infix': {
      const [priority] = infixes[tree.name];
      const right = wrap(tree.right, priority + 1);
      return `${wrap(tree.left, priority)}${blank}${tree.name}${blank}${right}`;
    }
    case 'call': {
      const list = tree.of.map((argument) => textOf(argument, blank, isWrapped));
      return `${tree.name}${blank}(${list.join(`${blank},${blank}`)})`;
    }
    case 'choice': {
      const [condition, then, otherwise] = tree.of;
      return `${wrap(condition, 1)}${blank}?${wrap(then, 0)}${blank}:${wrap(otherwise, 0)}`;
    }
  }
}

function priorityOf(tree: Tree): number {
  if (tree.kind === 'choice') return 0;
  return tree.kind === 'infix' ? infixes[tree.name][0] : 7;
}

const leaves: readonly (readonly [string, number])[] = [
  ['0', 0],
  ['1', 1],
  ['2', 2],
  ['31', 31],
  ['.5', 0.5],
  ['1E3', 1000],
  ['0x1F', 31],
  ['0xFFFFFFFF', -1],
  ['4294967295', 4294967295],
  ['1e19', 1e19],
  ['INF', Infinity],
  ['NAN', Number.NaN],
  ['PI', Math.PI],
];

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.constantFrom(...leaves).map(([text, value]): Tree => ({ kind: 'leaf', text, value })),
  fc.nat(11).map((input): Tree => ({ kind: 'input', input })),
);

const pair = (of: fc.Arbitrary<Tree>) => fc.tuple(of, of);

export const expressions: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => {
  const tree = tie('tree');
  const prefix = fc.record({
    kind: fc.constant('prefix' as const),
    name: fc.constantFrom(...(Object.keys(prefixes) as (keyof typeof prefixes)[])),
    of: tree,
  });
  const infix = fc.record({
    kind: fc.constant('infix' as const),
    name: fc.constantFrom(...(Object.keys(infixes) as (keyof typeof infixes)[])),
    left: tree,
    right: tree,
  });
  const many = fc.record({
    kind: fc.constant('call' as const),
    name: fc.constantFrom('MAX' as const, 'MIN' as const, 'FINITE' as const, 'ISNAN' as const),
    of: fc.array(tree, { minLength: 1, maxLength: 5 }),
  });
  const two = fc.record({
    kind: fc.constant('call' as const),
    name: fc.constantFrom('ATAN2' as const, 'FMOD' as const),
    of: pair(tree),
  });
  const choice = fc.record({
    kind: fc.constant('choice' as const),
    of: fc.tuple(tree, tree, tree),
  });
  const inner = fc.oneof(infix, infix, infix, prefix, many, two, choice);
  return { tree: fc.oneof({ maxDepth: 6, depthSize: 'medium' }, leaf, inner) };
}).tree;
