/**
 * What programs may use: the IOC as a whole, or the ADS client and the view of an I/O server
 * without it (docs/library.md).
 */
export {
  AdsClient,
  type AdsConnectOptions,
  AdsError,
  type AdsSymbol,
  type AmsAddress,
  type AmsNetId,
  type AmsPort,
  amsNetId,
  amsPort,
  connectAds,
  type DataTypeEntry,
  readBytes,
  subscribe,
  unsubscribe,
  writeBytes,
} from './ads/index.ts';
export {
  type IocConfig,
  loadChain,
  loadConfig,
  loadTerminalDefinitions,
  shippedConfig,
} from './config/index.ts';
export { type Ioc, type IocMeans, startIoc } from './ioc.ts';
export { createLog, IocError, type Log, Scope, silentLog } from './kernel/index.ts';
export {
  type Attribute,
  type Chain,
  type Controller,
  type Datatype,
  decodeValue,
  encodeValue,
  type TerminalDefinition,
  u32,
  type Value,
  walk,
} from './model/index.ts';
export type { PlantAddress } from './plant-address.ts';
export { type Simulator, type SimulatorOptions, simulate } from './simulator/index.ts';
export {
  buildTree,
  type CrcCounters,
  type DeviceFacts,
  type DeviceNode,
  type DiscoveryOptions,
  deviceById,
  discoverPlant,
  EtherCatMaster,
  EtherCatState,
  etherCatStateOf,
  type FrameCounters,
  frameCounters,
  type Identity,
  type IoDevice,
  IoServer,
  isHealthy,
  linkText,
  type PlantController,
  type PlantFacts,
  type PlantSource,
  type PlantTree,
  type Region,
  readCoeValue,
  type SlaveFacts,
  type SlaveNode,
  type SlaveState,
  type SystemTree,
  setMasterState,
  setSlaveState,
  slaveByAddress,
  slaveState,
  slaveStates,
  stateText,
  systemTree,
  type TreeOptions,
  writeCoeValue,
} from './twincat/index.ts';
