export type { PutOutcome, PvValue } from '../records/index.ts';
export {
  EventMask,
  type FieldEvent,
  type FieldType,
  type Metadata,
  type PostedBatch,
  type PutOrigin,
  type PvDirectory,
  type PvField,
  type ValueColumns,
} from './types.ts';
