import { toInt32 } from '../numbers.ts';
import { bits } from './bits.ts';
import type { Instruction } from './instruction.ts';

export type Binary = keyof typeof binaryOperations;

// hot path
/** Operations of two values by their EPICS names; nothing is short-circuited. */
export const binaryOperations = {
  '+': (to, a, b) => (m) => {
    m[to] = m[a]! + m[b]!;
  },
  '-': (to, a, b) => (m) => {
    m[to] = m[a]! - m[b]!;
  },
  '*': (to, a, b) => (m) => {
    m[to] = m[a]! * m[b]!;
  },
  '/': (to, a, b) => (m) => {
    m[to] = m[a]! / m[b]!;
  },
  '%': (to, a, b) => (m) => {
    m[to] = remainder(toInt32(m[a]!), toInt32(m[b]!));
  },
  '**': (to, a, b) => (m) => {
    m[to] = power(m[a]!, m[b]!);
  },
  '&&': (to, a, b) => (m) => {
    m[to] = m[a] !== 0 && m[b] !== 0 ? 1 : 0;
  },
  '||': (to, a, b) => (m) => {
    m[to] = m[a] !== 0 || m[b] !== 0 ? 1 : 0;
  },
  '&': (to, a, b) => (m) => {
    m[to] = bits(m[a]!) & bits(m[b]!);
  },
  '|': (to, a, b) => (m) => {
    m[to] = bits(m[a]!) | bits(m[b]!);
  },
  XOR: (to, a, b) => (m) => {
    m[to] = bits(m[a]!) ^ bits(m[b]!);
  },
  '<<': (to, a, b) => (m) => {
    m[to] = bits(m[a]!) << bits(m[b]!);
  },
  '>>': (to, a, b) => (m) => {
    m[to] = bits(m[a]!) >> bits(m[b]!);
  },
  '>>>': (to, a, b) => (m) => {
    m[to] = bits(m[a]!) >>> bits(m[b]!);
  },
  '=': (to, a, b) => (m) => {
    m[to] = m[a] === m[b] ? 1 : 0;
  },
  '#': (to, a, b) => (m) => {
    m[to] = m[a] !== m[b] ? 1 : 0;
  },
  '<': (to, a, b) => (m) => {
    m[to] = m[a]! < m[b]! ? 1 : 0;
  },
  '<=': (to, a, b) => (m) => {
    m[to] = m[a]! <= m[b]! ? 1 : 0;
  },
  '>': (to, a, b) => (m) => {
    m[to] = m[a]! > m[b]! ? 1 : 0;
  },
  '>=': (to, a, b) => (m) => {
    m[to] = m[a]! >= m[b]! ? 1 : 0;
  },
  // The abscissa comes first, as in base.
  ATAN2: (to, a, b) => (m) => {
    m[to] = Math.atan2(m[b]!, m[a]!);
  },
  FMOD: (to, a, b) => (m) => {
    m[to] = m[a]! % m[b]!;
  },
} satisfies Readonly<Record<string, (to: number, a: number, b: number) => Instruction>>;

// hot path
/** The remainder of C, toward zero; of −2^31 by −1, where C traps, 0. */
function remainder(a: number, b: number): number {
  return b === 0 ? Number.NaN : (a % b) | 0;
}

// hot path
/** C's pow: 1 to any power is 1, and so is −1 to an infinite one. */
function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && (b === Infinity || b === -Infinity))) return 1;
  return a ** b;
}
