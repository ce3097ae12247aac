export {
  castNumber,
  type Device,
  type DeviceRecord,
  type DeviceSupport,
  EventMask,
  type FieldEvent,
  type FieldType,
  formatDouble,
  formatFloat,
  type Metadata,
  type ParseError,
  type PutOutcome,
  type PvValue,
  parseDouble,
  parseNumber,
  type RemoteLinks,
  type RemotePv,
  type RemoteRequest,
  ServerStates,
  toFloat,
  toInt32,
  toInt64,
} from '../records/index.ts';
export { AccessControl, type AccessOptions, checkAccess } from './access/access-control.ts';
export { type ClientIdentity, localIdentity } from './access/identity.ts';
export type { InputSource } from './access/inputs.ts';
export { LocalInputs } from './access/local-inputs.ts';
export { everything, type Grant, Right } from './access/right.ts';
export { type AccessChange, AccessSecurity } from './access/security.ts';
export type { Session } from './access/session.ts';
export type { Snapshot, TrappedPut } from './access/trapped-put.ts';
export { channelName } from './channel-name.ts';
export { Directory } from './directory.ts';
export { fieldText } from './field-text.ts';
export type { FieldLog } from './filters/field-log.ts';

export {
  catioNaming,
  controllerPath,
  type NamedPv,
  type NamingRule,
  namedPvs,
  type PvNames,
  pascalCase,
  pvNames,
} from './name.ts';
export type {
  ChannelFilter,
  PostedBatch,
  PutOrigin,
  PvDirectory,
  PvField,
  ReadableField,
  ValueColumns,
} from './types.ts';
