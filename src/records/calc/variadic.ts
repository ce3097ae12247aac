import type { Instruction } from './instruction.ts';

export type Variadic = keyof typeof variadicOperations;

// hot path
/** Operations of one or more values by their EPICS names. */
export const variadicOperations = {
  // From the last one to the first, as base does: one NaN makes the result NaN.
  MAX: (to, from) => (m) => {
    let most = m[from[from.length - 1]!]!;
    for (let i = from.length - 2; i >= 0; i--) {
      const value = m[from[i]!]!;
      if (!(value < most || Number.isNaN(most))) most = value;
    }
    m[to] = most;
  },
  MIN: (to, from) => (m) => {
    let least = m[from[from.length - 1]!]!;
    for (let i = from.length - 2; i >= 0; i--) {
      const value = m[from[i]!]!;
      if (!(value > least || Number.isNaN(least))) least = value;
    }
    m[to] = least;
  },
  FINITE: (to, from) => (m) => {
    let all = 1;
    for (let i = 0; i < from.length; i++) if (!Number.isFinite(m[from[i]!])) all = 0;
    m[to] = all;
  },
  ISNAN: (to, from) => (m) => {
    let some = 0;
    for (let i = 0; i < from.length; i++) if (Number.isNaN(m[from[i]!])) some = 1;
    m[to] = some;
  },
} satisfies Readonly<Record<string, (to: number, from: readonly number[]) => Instruction>>;
