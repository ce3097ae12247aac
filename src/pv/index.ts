export {
  EventMask,
  type FieldEvent,
  type FieldType,
  type Metadata,
  type PutOutcome,
  type PvValue,
} from '../records/index.ts';
export {
  catioNaming,
  type NamedPv,
  type NamingRule,
  namedPvs,
  type PvNames,
  pascalCase,
  pvNames,
} from './name.ts';
export type {
  PostedBatch,
  PutOrigin,
  PvDirectory,
  PvField,
  ValueColumns,
} from './types.ts';
