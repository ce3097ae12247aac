export { EventMask, type FieldEvent } from './event.ts';
export type { FieldType } from './field-type.ts';
export type { Metadata } from './metadata.ts';
export type { PutOutcome, PutRequest, PvValue, Refusal } from './put.ts';
