export { type Control, serveControl } from './control/control.ts';
export type { Counters } from './counters.ts';
export type { Faults } from './faults/faults.ts';
export { generateChain } from './generate-chain.ts';
export type { Definitions } from './layout.ts';
export type { SimulatorOptions } from './options.ts';
export { type Simulator, simulate } from './simulator.ts';
export { EtherCatState } from './slave.ts';
export { symbolTable } from './symbols.ts';
