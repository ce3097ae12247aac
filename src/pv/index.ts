export {
  castNumber,
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
  toFloat,
  toInt32,
  toInt64,
} from '../records/index.ts';
export { Directory } from './directory.ts';
export { fieldText } from './field-text.ts';
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
