import { cpuUsage } from 'node:process';
import { calcValues, compileCalc } from '../src/records/index.ts';

// What the CALC engine needs for an evaluation, and for a compilation. All expressions take part
// in every round, so that none has the engine's caches for itself.

const ROUNDS = 2_000_000;

const expressions = [
  'A+B',
  'A*1.8+32',
  'A>B?C:D',
  'SQRT(A**2+B**2)',
  'MAX(A,B,C,D)',
  '(A>>3)&1',
  'A:=A<10?A+1:0;A*B',
  'ABS(A-B)<C&&!ISNAN(A,B)?VAL*0.9+A*0.1:VAL',
];

const calcs = expressions.map((text) => ({ calc: compileCalc(text), values: calcValues() }));
for (const { values } of calcs) values.set([1, 2, 3, 4]);
for (const { calc, values } of calcs) measure(ROUNDS / 4, () => calc.run(values));
for (const { calc, values } of calcs) {
  const ns = measure(ROUNDS, () => calc.run(values));
  console.log(`calc ${calc.text}: ${ns.toFixed(0)} ns per evaluation`);
}
const compiling = measure(20_000, () => compileCalc('(A-B)/(C-D)*MAX(A,B)+0.5'));
console.log(`calc: ${(compiling / 1000).toFixed(1)} µs to compile (A-B)/(C-D)*MAX(A,B)+0.5`);

function measure(rounds: number, act: () => void): number {
  const start = cpuUsage();
  for (let i = 0; i < rounds; i++) act();
  const { user, system } = cpuUsage(start);
  return ((user + system) / rounds) * 1000;
}
