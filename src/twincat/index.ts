export {
  EtherCatState,
  etherCatStateOf,
  isHealthy,
  LinkFault,
  LinkPort,
  linkText,
  StateFault,
  stateText,
} from '../model/index.ts';
export {
  COE_GROUP,
  type CoePlace,
  coeOffset,
  readCoe,
  readCoeValue,
  type TypedCoePlace,
  writeCoe,
  writeCoeValue,
} from './coe.ts';
export type { CoeUnprotected } from './coe-attributes.ts';
export {
  type CoeValues,
  readCoeObject,
  type TypedCoeObject,
  writeCoeObject,
} from './coe-object.ts';
export type { CrcCounters } from './crc-counters.ts';
export { type Definitions, definitionOf } from './definition-match.ts';
export { Derivation } from './derivation.ts';
export { type DiscoveryOptions, discoverPlant } from './discovery.ts';
export { EtherCatMaster } from './ethercat-master.ts';
export type { DeviceFacts, Identity, PlantFacts, SlaveFacts, SymbolTableFacts } from './facts.ts';
export type { FrameCounters } from './frame-counters.ts';
export { DeviceType, type IoDevice, IoServer, isEtherCat } from './io-server.ts';
export { MASTER_STATE_OFFSET, MasterGroup } from './master-group.ts';
export { plantFactsOf } from './plant-facts.ts';
export type { PortNeighbours } from './port-neighbours.ts';
export type { SlaveState } from './slave-state.ts';
export type {
  Derive,
  PlantRequest,
  PlantSource,
  Reading,
  Region,
  WriteTarget,
} from './source.ts';
export {
  type DeviceNode,
  deviceById,
  frameCounters,
  type SlaveNode,
  type StateWait,
  type SystemTree,
  setMasterState,
  setSlaveState,
  slaveByAddress,
  slaveState,
  slaveStates,
  systemTree,
} from './system-tree.ts';
export { buildTree, type PlantController, type PlantTree, type TreeOptions } from './tree.ts';
export { type LiveType, TypeTable } from './type-table.ts';
