export { EtherCatState } from './bus.ts';
export type { Counters } from './counters.ts';
export type { Faults } from './faults.ts';
export type { Definitions } from './layout.ts';
export { type Simulator, type SimulatorOptions, simulate } from './simulator.ts';
export { symbolTable } from './symbols.ts';
