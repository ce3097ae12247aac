import { toInt32 } from '../numbers.ts';
import { bits } from './bits.ts';
import type { Instruction } from './instruction.ts';

export type Unary = keyof typeof unaryOperations;

// hot path
/** Operations of one value by their EPICS names. */
export const unaryOperations = {
  // NaN counts as true everywhere, as in C.
  '!': (to, a) => (m) => {
    m[to] = m[a] === 0 ? 1 : 0;
  },
  '-': (to, a) => (m) => {
    m[to] = -m[a]!;
  },
  '~': (to, a) => (m) => {
    m[to] = ~bits(m[a]!);
  },
  ABS: (to, a) => (m) => {
    m[to] = Math.abs(m[a]!);
  },
  ACOS: (to, a) => (m) => {
    m[to] = Math.acos(m[a]!);
  },
  ASIN: (to, a) => (m) => {
    m[to] = Math.asin(m[a]!);
  },
  ATAN: (to, a) => (m) => {
    m[to] = Math.atan(m[a]!);
  },
  CEIL: (to, a) => (m) => {
    m[to] = Math.ceil(m[a]!);
  },
  COS: (to, a) => (m) => {
    m[to] = Math.cos(m[a]!);
  },
  COSH: (to, a) => (m) => {
    m[to] = Math.cosh(m[a]!);
  },
  EXP: (to, a) => (m) => {
    m[to] = Math.exp(m[a]!);
  },
  FLOOR: (to, a) => (m) => {
    m[to] = Math.floor(m[a]!);
  },
  // The sign tells which infinity, as glibc's isinf.
  ISINF: (to, a) => (m) => {
    m[to] = m[a] === Infinity ? 1 : m[a] === -Infinity ? -1 : 0;
  },
  LN: (to, a) => (m) => {
    m[to] = Math.log(m[a]!);
  },
  LOG: (to, a) => (m) => {
    m[to] = Math.log10(m[a]!);
  },
  NINT: (to, a) => (m) => {
    m[to] = toInt32(m[a]! >= 0 ? m[a]! + 0.5 : m[a]! - 0.5);
  },
  SIN: (to, a) => (m) => {
    m[to] = Math.sin(m[a]!);
  },
  SINH: (to, a) => (m) => {
    m[to] = Math.sinh(m[a]!);
  },
  SQR: (to, a) => (m) => {
    m[to] = Math.sqrt(m[a]!);
  },
  TAN: (to, a) => (m) => {
    m[to] = Math.tan(m[a]!);
  },
  TANH: (to, a) => (m) => {
    m[to] = Math.tanh(m[a]!);
  },
} satisfies Readonly<Record<string, (to: number, a: number) => Instruction>>;
