export { AlarmStatus, Quality, Severity } from './alarm.ts';
export {
  type Attribute,
  type EnumLabel,
  isTrouble,
  type Qualifier,
  type Scale,
} from './attribute.ts';
export {
  type BusLink,
  describedLinks,
  inferredLinks,
  neighbourAddresses,
  outgoingPorts,
  portNames,
} from './bus-topology.ts';
export type { Chain, ChainDevice, ChainSlave, ScriptedFault, Signal } from './chain.ts';
export {
  COE_HEAD_BITS,
  coeLayout,
  coeObjectLength,
  copyBits,
  type PlacedSubindex,
  putCoeValue,
  type TypedSubindex,
  takeCoeValue,
} from './coe-layout.ts';
export { type Controller, type ControllerKind, walk } from './controller.ts';
export {
  arrayOf,
  bool,
  byteLength,
  type Datatype,
  f32,
  f64,
  i8,
  i16,
  i32,
  i64,
  int,
  type NumericDatatype,
  type ScalarDatatype,
  text,
  u8,
  u16,
  u32,
  u64,
} from './datatype.ts';
export {
  EtherCatState,
  etherCatStateOf,
  isHealthy,
  LinkFault,
  LinkPort,
  linkText,
  StateFault,
  stateText,
} from './ethercat-state.ts';
export { iecDatatype, iecDatatypes } from './iec-datatype.ts';
export { namePattern } from './name-pattern.ts';
export type { PlcProgram, PlcVariable } from './plc.ts';
export { type Block, type Place, ProcessImage, type Slot } from './process-image.ts';
export { type SamplePolicy, samplePolicies } from './sample-policy.ts';
export { RING_LENGTH } from './sample-rings.ts';
export type {
  BitField,
  CoeEntry,
  CoeObject,
  FieldAlarm,
  Presentation,
  SymbolDefinition,
  TerminalDefinition,
  TerminalIdentity,
} from './terminal-definition.ts';
export { arrayFor, decodeValue, encodeValue, type NumberArray, type Value } from './value.ts';
export { snakeCase } from './words.ts';
